"""How places are used, added up in the database from ranges of nights, never night by night."""
