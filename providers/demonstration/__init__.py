"""The market of the synthetic England: sites, services, places, contracts, quality.

Nothing in it exists: every organisation, house, price and agreement is invented. Its size alone is
England's: about 130 residential rehabilitation services with 2,565 beds, of which 83.5 % are taken
(published figures, November 2009).
"""
