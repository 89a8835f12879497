"""Pages of utilisation: of a contract, a provider, a partnership, a region and England."""
