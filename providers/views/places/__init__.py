"""Pages of places: the board, one place, opening, confirming, projected vacancies, freshness."""
