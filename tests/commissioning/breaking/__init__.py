"""What breaks each promise of the tables of plans, a subject a module: name → statement."""
