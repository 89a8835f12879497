"""Who may open what: every address, by role, with records that exist. A module an app."""
