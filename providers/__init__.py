"""Who treats: providers and the NDTMS agencies through which they report."""
