"""What `run.py` can do: one module a command, and the parts that several of them share."""
