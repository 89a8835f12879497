"""Forms of the register: sites, services, hours, interventions."""
