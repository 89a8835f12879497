"""The register: providers' services and sites, and the search of all England's."""
