"""工单: the table and the board of repairs, the sheet of one, and what staff do with it."""
