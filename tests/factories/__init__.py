"""Valid, ordinary things; words name the unusual. States are reached through the services."""
