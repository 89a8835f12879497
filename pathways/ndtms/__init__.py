"""The NDTMS file as sent: its headers, how each value is written, and reading it line by line.

Knows no table: what it reads becomes lines in the text format of PostgreSQL's COPY. Initials, the
date of birth and the postcode stop here; what goes on is a keyed hash and an age.
"""
