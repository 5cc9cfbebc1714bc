"""The steps of scripts in Python: each calls one service and hands plain values back."""
