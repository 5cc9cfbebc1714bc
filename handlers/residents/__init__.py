"""住户: finding residents and houses, the house page, and what is put right there."""
