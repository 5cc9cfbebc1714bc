"""Rows, their enums and migrations. Every module here holds the tables of one subject; nothing decides."""
