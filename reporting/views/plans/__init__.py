"""Pages of plans that need what only this app knows: forecasts and figures."""
