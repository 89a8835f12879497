"""Who is counted: ages, interventions, drugs and groups, told apart by NDTMS codes."""

from dataclasses import dataclass
from typing import Annotated

from commissioning.rule_settings.kinds import Codes, Whole
from commissioning.rule_settings.sources import CODE_LIST

WHO = "Who is counted"


@dataclass(frozen=True, kw_only=True)
class PopulationSettings:
    """Who is counted: ages, interventions, drugs and groups, told apart by NDTMS codes."""

    adult_age: Annotated[
        int,
        Whole(
            label="Adult from",
            help="Clients who were younger at triage are stored, counted as left out, and not in"
            " adult figures.",
            unit="years of age",
            source="Models of Care 2006 is for adults; the age is that of the DIP (3.3)",
            mark="I",
            group=WHO,
            low=0,
            high=120,
        ),
    ] = 18
    structured_modal_codes: Annotated[
        tuple[str, ...],
        Codes(
            label="Structured interventions",
            help="The MODAL codes that are structured drug treatment.",
            source=CODE_LIST,
            mark="R",
            group=WHO,
            of="MODAL",
        ),
    ] = ("1", "2", "3", "4", "5", "6", "12")
    tier4_modal_codes: Annotated[
        tuple[str, ...],
        Codes(
            label="Tier 4 interventions",
            help="Those of the structured MODAL codes that are Tier 4; the others are Tier 3.",
            source=CODE_LIST,
            mark="R",
            group=WHO,
            of="MODAL",
        ),
    ] = ("1", "6")
    alcohol_main_drug_codes: Annotated[
        tuple[str, ...],
        Codes(
            label="Main drugs that are alcohol",
            help="Episodes with one of these as main drug are stored, counted as left out, and"
            " not in drug figures.",
            source=CODE_LIST,
            mark="R",
            group=WHO,
            of="DRUG",
            may_be_empty=True,
        ),
    ] = ("7000",)
    stimulant_drug_codes: Annotated[
        tuple[str, ...],
        Codes(
            label="Main drugs that make a stimulant user",
            help="Cocaine, crack and amphetamines: who has one as main drug is of that priority"
            " group.",
            source="Models of Care 2006, 3.8, names the group; the codes are inferred",
            mark="I",
            group=WHO,
            of="DRUG",
        ),
    ] = ("3100", "3200", "3201")
    criminal_justice_referral_codes: Annotated[
        tuple[str, ...],
        Codes(
            label="Criminal justice referral sources",
            help="A client with any other referral source seeks treatment voluntarily.",
            source=CODE_LIST,
            mark="I",
            group=WHO,
            of="RFLS",
        ),
    ] = ("5", "6", "8", "13")
    pregnant_codes: Annotated[
        tuple[str, ...],
        Codes(
            label="Answers that mean pregnant",
            help="The PREGNANT codes of the priority group.",
            source=CODE_LIST,
            mark="B",
            group=WHO,
            of="PREGNANT",
        ),
    ] = ("Y",)

    @property
    def structured_modals(self) -> tuple[int, ...]:
        """The structured MODAL codes as numbers, as modalities hold them."""
        return tuple(int(code) for code in self.structured_modal_codes)

    @property
    def tier4_modals(self) -> tuple[int, ...]:
        return tuple(int(code) for code in self.tier4_modal_codes)
