"""What the figures say: indicators, their results, dashboards and the waits to review.

Reads every app below and writes only its own tables.
"""
