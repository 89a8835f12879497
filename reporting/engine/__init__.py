"""Turns the declarations of the indicators into SQL and has it done. Knows no single indicator.

A measurement makes temporary tables, each from the one before: `span` (the periods), `place` (the
areas), `spell` (current episodes), `fact` (a family's rows and which counts each is part of) and
`measured` (the cells). Then the cells are written over those held, and those that vanished go.
"""
