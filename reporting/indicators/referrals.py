"""Where people in structured treatment were referred from."""

from typing import ClassVar

from commissioning.reference.framework import Mark
from reporting.indicators.declared import Indicator, Polarity
from reporting.indicators.episodes import Episodes


class Referred(Indicator):
    """What these share: episodes by the group of their referral source."""

    family = Episodes
    polarity = Polarity.NEITHER
    denominator, denominator_words = "begun", "Episodes of structured treatment begun"
    source = "NDTMS code list RFLS; the groups are an assumption"
    mark: ClassVar[Mark] = "B"
    why_it_matters = "It shows which doors to treatment stand open."
    good_looks_like = "Every route that the partnership has commissioned brings people in."


class BySelf(Referred):
    """Of the episodes whose first structured intervention started in the period, those in which
    the client came of his or her own accord.
    """

    code, title = "REFERRAL-SELF", "Referred by themselves"
    numerator, numerator_words = "begun_self", "Self-referred"
    settings = ("referral_self_codes",)


class ByGeneralPractice(Referred):
    """Of the episodes whose first structured intervention started in the period, those referred
    by general practice.
    """

    code, title = "REFERRAL-GP", "Referred by general practice"
    numerator, numerator_words = "begun_gp", "Referred by general practice"
    settings = ("referral_gp_codes",)


class ByDrugService(Referred):
    """Of the episodes whose first structured intervention started in the period, those referred
    by another drug service.
    """

    code, title = "REFERRAL-DRUG-SERVICE", "Referred by another drug service"
    numerator, numerator_words = "begun_drug_service", "Referred by another drug service"
    settings = ("referral_drug_service_codes",)


class ByCriminalJustice(Referred):
    """Of the episodes whose first structured intervention started in the period, those referred
    by the criminal justice system.
    """

    code, title = "REFERRAL-CJ", "Referred by the criminal justice system"
    numerator, numerator_words = "begun_criminal_justice", "Referred by criminal justice"
    settings = ("criminal_justice_referral_codes",)
    mark = "I"
