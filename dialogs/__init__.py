"""What the bot says and asks: scripts and phrases in YAML, their steps in Python."""
