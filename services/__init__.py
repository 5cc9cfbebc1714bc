"""The only code that changes rows: verbs on a noun module. Knows no chat, no web, no WeChat."""
