"""How fast the service is, as ratios in one run on one machine.

`make bench` measures on a synthetic England of three years, in databases of its own beside the
demonstration's, and writes RESULTS.md. Seconds say little elsewhere; a ratio to the least that the
same machine could have done for the same rows says much. One module a benchmark:

    importing    a file received, checked, confirmed, loaded, against a bare COPY of it
    refreshing   every figure measured, against a bare GROUP BY and a bare count(DISTINCT)
    comparing    every figure held against pandas, which knows the definitions and not our SQL
    one_return   a provider's return until its figures have moved, on all England and a quarter
    pages        every page of a reviewer, a lead and a provider: statements and server time
    plans        the same of the plans of all England, five years of them, 200 lines each
    ledger       a thousand approvals at once against one line
"""
