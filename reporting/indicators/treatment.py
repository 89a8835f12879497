"""How many are in treatment and how many journeys begin."""

from reporting.indicators.declared import Form, Indicator
from reporting.indicators.in_treatment import InTreatment
from reporting.indicators.journeys import Journeys


class NumbersInTreatment(Indicator):
    """People in structured treatment at any time in the period: between the first start of a
    structured intervention and the discharge of an episode.

    Each person is counted once in an area and period, so areas and periods do not add up: somebody
    treated in two partnerships is one person in England. In a breakdown the latest episode
    decides; by intervention a person counts in each that was received.
    """

    code, title = "IN-TREATMENT", "Numbers in treatment"
    family = InTreatment
    form, unit = Form.COUNT, "people"
    numerator, numerator_words = "people", "People in structured treatment"
    settings = ("structured_modal_codes", "adult_age", "alcohol_main_drug_codes")
    source = "Public Service Agreement; NTA annual tables"
    why_it_matters = "Participation was to double between 1998 and 2008."
    good_looks_like = "The number agreed in the treatment plan, or more."


class NewJourneys(Indicator):
    """Journeys that began in the period, by their earliest triage: a person's episodes that
    overlap or follow within the days in which they join are one journey.
    """

    code, title = "NEW-JOURNEYS", "New journeys"
    family = Journeys
    form, unit = Form.COUNT, "journeys"
    numerator, numerator_words = "journeys", "Journeys begun"
    settings = ("journey_join_days", "structured_modal_codes", "adult_age")
    source = "NDTMS definitions: 21 days counting both ends"
    why_it_matters = "Who comes into treatment decides who can be helped."
    good_looks_like = "The number agreed in the treatment plan, or more."
