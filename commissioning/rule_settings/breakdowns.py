"""How people are grouped in breakdowns: ages, ethnic groups, referral groups and main drugs."""

import itertools
from dataclasses import dataclass
from typing import Annotated

from commissioning.rule_settings.kinds import Codes
from commissioning.rule_settings.sources import ASSUMED, CODE_LIST

GROUPS = "Groups in breakdowns"


def _ages(label: str) -> Codes:
    return Codes(
        label=label,
        help="The youngest age at triage of each age band, in order; the last band has no end.",
        source=ASSUMED,
        mark="B",
        group=GROUPS,
    )


def _codes(label: str, of: str) -> Codes:
    return Codes(
        label=label,
        help=f"The {of} codes of this group; every other code falls in the last, other, group.",
        source=f"{CODE_LIST}; that they form a group is an assumption",
        mark="B",
        group=GROUPS,
        of=of,
    )


@dataclass(frozen=True, kw_only=True)
class BreakdownSettings:
    """How people are grouped in breakdowns."""

    age_band_starts: Annotated[tuple[str, ...], _ages("Age bands begin at")] = (
        "18",
        "25",
        "30",
        "35",
        "45",
        "55",
    )
    male_codes: Annotated[tuple[str, ...], _codes("Men", "SEX")] = ("1",)
    female_codes: Annotated[tuple[str, ...], _codes("Women", "SEX")] = ("2",)
    ethnic_white_codes: Annotated[tuple[str, ...], _codes("White", "ETHNIC")] = ("A", "B", "C")
    ethnic_mixed_codes: Annotated[tuple[str, ...], _codes("Mixed", "ETHNIC")] = (
        "D",
        "E",
        "F",
        "G",
    )
    ethnic_asian_codes: Annotated[tuple[str, ...], _codes("Asian", "ETHNIC")] = (
        "H",
        "J",
        "K",
        "L",
    )
    ethnic_black_codes: Annotated[tuple[str, ...], _codes("Black", "ETHNIC")] = ("M", "N", "P")
    ethnic_other_codes: Annotated[tuple[str, ...], _codes("Other ethnic groups", "ETHNIC")] = (
        "R",
        "S",
    )
    referral_self_codes: Annotated[tuple[str, ...], _codes("Self-referral", "RFLS")] = ("4",)
    referral_gp_codes: Annotated[tuple[str, ...], _codes("General practice", "RFLS")] = ("3",)
    referral_drug_service_codes: Annotated[
        tuple[str, ...], _codes("Other drug services", "RFLS")
    ] = ("1", "2")
    heroin_codes: Annotated[tuple[str, ...], _codes("Heroin", "DRUG")] = ("1011",)
    other_opiate_codes: Annotated[tuple[str, ...], _codes("Other opiates", "DRUG")] = (
        "1000",
        "1105",
    )
    crack_codes: Annotated[tuple[str, ...], _codes("Crack", "DRUG")] = ("3201",)
    cocaine_codes: Annotated[tuple[str, ...], _codes("Cocaine", "DRUG")] = ("3200",)
    amphetamine_codes: Annotated[tuple[str, ...], _codes("Amphetamines", "DRUG")] = ("3100",)
    cannabis_codes: Annotated[tuple[str, ...], _codes("Cannabis", "DRUG")] = ("5000",)
    benzodiazepine_codes: Annotated[tuple[str, ...], _codes("Benzodiazepines", "DRUG")] = ("2200",)

    @property
    def age_bands(self) -> dict[str, tuple[int, int | None]]:
        """Each band by its code, such as `25-29` and `55+`, with its first and last age."""
        starts = [int(age) for age in self.age_band_starts]
        bands: dict[str, tuple[int, int | None]] = {
            f"{first}-{after - 1}": (first, after - 1)
            for first, after in itertools.pairwise(starts)
        }
        return {**bands, f"{starts[-1]}+": (starts[-1], None)}
