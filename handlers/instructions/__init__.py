"""批示: what leaders say about a matter, on its sheet and in a list of their own."""
