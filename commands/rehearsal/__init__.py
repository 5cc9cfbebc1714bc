"""Acting whole talks on the real engine: demo data in a database of its own, phones that only write down."""
