"""Backups: one tar file with the database in PostgreSQL's custom format and the photos."""
