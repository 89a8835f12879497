"""The families, in the order they are measured. A written list: a test holds the models to it."""

from reporting.indicators.episodes import Episodes
from reporting.indicators.exits import Exits
from reporting.indicators.in_treatment import InTreatment
from reporting.indicators.journeys import Journeys
from reporting.indicators.waiting import Waiting
from reporting.indicators.waits import Waits
from reporting.indicators.words import Family

ADDITIVE: dict[str, type[Family]] = {
    family.code: family for family in (Waits, Waiting, Journeys, Exits, Episodes)
}
PER_PERSON: dict[str, type[Family]] = {InTreatment.code: InTreatment}
FAMILIES: dict[str, type[Family]] = ADDITIVE | PER_PERSON
