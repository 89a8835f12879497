"""What breaks each promise of the tables of providers, a subject a module: name → statement."""
