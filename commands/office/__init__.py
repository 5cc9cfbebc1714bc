"""What the commands share that do the desk's work from the command line."""
