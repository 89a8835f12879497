"""Who is treated: NDTMS returns, the episodes they bring, and the journeys derived from them."""
