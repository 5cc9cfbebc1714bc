"""同一处、停水停电: faults that several households suffer from at once."""
