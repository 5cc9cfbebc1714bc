"""Written by `make migrations`, in the order of their numbers."""
