"""Pages of the register: services, sites, and the search of all England."""
