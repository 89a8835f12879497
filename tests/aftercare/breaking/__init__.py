"""What breaks each promise of the tables of aftercare, a subject a module: name → statement."""
