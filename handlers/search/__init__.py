"""The search over everything, on connections of its own."""
