"""A synthetic England: people, journeys and the NDTMS files their agencies would have sent.

Nobody in it exists, and no organisation of it does. What it is drawn from are the published
figures named in `calibration`, so that a page built on it looks as the country did, and so that
an indicator can be compared with what was put in (`expectations`).

Plain Python without Django or a database: the files go in as any agency's files do.
"""
