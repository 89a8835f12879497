"""Arithmetic and judgement of the market: no database, no web, no queue."""
