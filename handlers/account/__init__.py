"""Signing in, and what somebody of the staff sees and changes of their own account."""
