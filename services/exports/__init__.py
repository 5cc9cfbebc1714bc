"""Spreadsheets out: a table is written row by row, and no cell of it is ever a formula."""
