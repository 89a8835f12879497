"""Where settings were read, as they are named to people."""

TARGETS = "NTA Treatment Effectiveness targets"
CODE_LIST = "NDTMS code list"
HANSARD = "Hansard, 15 January 2009 and 2 November 2009"
ASSUMED = "Assumption"
