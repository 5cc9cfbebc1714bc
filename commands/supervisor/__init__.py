"""Keeping several processes alive under one."""
