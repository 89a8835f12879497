"""The same figures by pandas, from the file itself: written from the definitions, not our SQL.

`reading` makes episodes and modalities of the rows that keep every rule of validity, `journeys`
joins them, `facts` says what each counts as, `people` who is in treatment, `cells` adds up. Days
are numbers (days since 1970), missing ones NaN, so that a comparison with one is never true.
"""
