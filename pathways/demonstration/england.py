"""The register of the synthetic England, founded region by region: who runs what where."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import cycle

from pathways.demonstration.calibration import Calibration
from pathways.demonstration.geography import SyntheticPartnership, partnerships
from pathways.demonstration.register import (
    MODALS_OF_LINE,
    Kind,
    Line,
    Register,
    SyntheticAgency,
    SyntheticProvider,
)
from pathways.demonstration.volumes import line_shares
from pathways.demonstration.words import (
    CHARITY_WORDS,
    HOUSE_WORDS,
    NATIONAL_CHARITIES,
    PRISON_WORDS,
    TRUST_WORDS,
)

# All of these are suppositions about the shape of the system [B].
PARTNERSHIPS_OF_A_TRUST = 3
CHARITIES_OF_A_REGION = 3
INPATIENT_UNITS_OF_A_REGION = 2
HOUSES_OF_A_REGION = 3
REGIONS_WITH_TWO_PRISONS = frozenset("BHJ")
WITH_SHARED_CARE = 0.7
LARGE = 0.0085  # of England's clients: a partnership with two programmes
DATE_FORMATS = {"%Y%m%d": 0.86, "%d/%m/%Y": 0.1, "%Y-%m-%d": 0.04}
WRITES_NA = 0.15
LATE_BY_ONE, LATE_BY_TWO = 0.08, 0.03


class Founder:
    """Collects the organisations of the register while regions are gone through."""

    def __init__(self) -> None:
        self.providers: dict[str, SyntheticProvider] = {}
        self.agencies: list[SyntheticAgency] = []
        self._trust_words = iter(TRUST_WORDS)
        self._charity_words = iter(CHARITY_WORDS)
        self._houses = iter(HOUSE_WORDS)
        self._prisons = iter(PRISON_WORDS)
        for number, name in enumerate(NATIONAL_CHARITIES, start=1):
            self.provider(f"NC{number:02}", name)

    def provider(self, code: str, name: str) -> str:
        """Add a provider, and draw from its code whether it is late with its returns."""
        luck = random.Random(f"provider {code}").random()  # noqa: S311 (not a secret)
        late = 2 if luck < LATE_BY_TWO else 1 if luck < LATE_BY_TWO + LATE_BY_ONE else 0
        self.providers[code] = SyntheticProvider(code=code, name=name, months_late=late)
        return code

    def agency(self, agency: SyntheticAgency) -> None:
        """Add an agency, and draw from its code how its system writes."""
        rng = random.Random(f"agency {agency.code}")  # noqa: S311 (not a secret)
        (date_format,) = rng.choices([*DATE_FORMATS], [*DATE_FORMATS.values()])
        blank = "NA" if rng.random() < WRITES_NA else ""
        self.agencies.append(replace(agency, date_format=date_format, blank=blank))

    # --- a region -----------------------------------------------------------------------------
    def region(self, code: str, members: Sequence[SyntheticPartnership]) -> None:
        """Its trusts, charities, partnerships' agencies, beds and prisons."""
        trusts: dict[str, str] = {}
        for start in range(0, len(members), PARTNERSHIPS_OF_A_TRUST):
            number = start // PARTNERSHIPS_OF_A_TRUST + 1
            trust = self.provider(f"TR{code}{number:02}", f"{self._trust()} NHS Trust")
            trusts |= {one.code: trust for one in members[start : start + PARTNERSHIPS_OF_A_TRUST]}
        charities = [
            self.provider(f"VC{code}{number:02}", next(self._charity_words))
            for number in range(1, CHARITIES_OF_A_REGION + 1)
        ]
        runners = cycle([*charities, "NC01", charities[0], "NC02"])
        for partnership in members:
            self._community(partnership, trusts[partnership.code], runners)
        self._beds(code, members, [*dict.fromkeys(trusts.values())])
        for number in range(1, 3 if code in REGIONS_WITH_TWO_PRISONS else 2):
            self._prison(code, number, members[-number], charities[number])

    def _trust(self) -> str:
        """The next invented word for a trust; after the last, the words go round once more."""
        word = next(self._trust_words, None)
        if word is None:
            self._trust_words = (f"{word} and District" for word in TRUST_WORDS)
            word = next(self._trust_words)
        return word

    # --- a partnership ------------------------------------------------------------------------
    def _community(
        self, partnership: SyntheticPartnership, trust: str, runners: Iterator[str]
    ) -> None:
        """Two to five agencies that together do every line of work."""
        rng = random.Random(f"services {partnership.code}")  # noqa: S311 (not a secret)
        large = partnership.share > LARGE
        shared_care = rng.random() < WITH_SHARED_CARE
        teams = ["North", "South"] if large else [""]
        statutory = (Line.PRESCRIBING,) if shared_care else (Line.PRESCRIBING, Line.SHARED_CARE)
        number = 0
        for team in teams:
            number += 1
            name = f"{partnership.name} {team} Community Drug Team".replace("  ", " ")
            self._add(
                partnership,
                number=number,
                name=name,
                provider=trust,
                kind=Kind.STATUTORY,
                lines=statutory,
                among=len(teams),
            )
        programmes = ["Day Programme", "Open Access"] if large else ["Day Programme"]
        for programme in programmes:
            number += 1
            runner = next(runners)
            name = f"{self.providers[runner].name} {partnership.name} {programme}"
            self._add(
                partnership,
                number=number,
                name=name,
                provider=runner,
                kind=Kind.VOLUNTARY,
                lines=(Line.STRUCTURED,),
                among=len(programmes),
            )
        if shared_care:
            name = f"{partnership.name} Shared Care"
            owner = self.provider(f"SC{partnership.code}", f"{name} Practices")
            self._add(
                partnership,
                number=number + 1,
                name=name,
                provider=owner,
                kind=Kind.SHARED_CARE,
                lines=(Line.SHARED_CARE,),
                among=1,
            )

    def _add(
        self,
        partnership: SyntheticPartnership,
        *,
        number: int,
        name: str,
        provider: str,
        kind: Kind,
        lines: tuple[Line, ...],
        among: int,
    ) -> None:
        self.agency(
            SyntheticAgency(
                code=f"{partnership.region_code}{partnership.code.rjust(4, '0')}{number}",
                name=name,
                provider_code=provider,
                partnership_code=partnership.code,
                region_code=partnership.region_code,
                kind=kind,
                modals=tuple(
                    dict.fromkeys(modal for line in lines for modal in MODALS_OF_LINE[line])
                ),
                lines=lines,
                share=1 / among,
            )
        )

    # --- beds and prisons ---------------------------------------------------------------------
    def _beds(
        self, region: str, members: Sequence[SyntheticPartnership], trusts: Sequence[str]
    ) -> None:
        """Inpatient units run by trusts, and houses run by charities of the country or alone."""
        for number in range(1, INPATIENT_UNITS_OF_A_REGION + 1):
            home = members[number % len(members)]
            self.agency(
                SyntheticAgency(
                    code=f"{region}IP{number:02}",
                    name=f"{home.name} Inpatient Unit",
                    provider_code=trusts[number % len(trusts)],
                    partnership_code=home.code,
                    region_code=region,
                    kind=Kind.INPATIENT,
                    modals=("1",),
                )
            )
        for number in range(1, HOUSES_OF_A_REGION + 1):
            home = members[-1 - number % len(members)]
            house = next(self._houses)
            owner = f"NC{number + 1:02}" if number > 1 else f"RH{region}{number:02}"
            if owner not in self.providers:
                self.provider(owner, f"{house} Community")
            self.agency(
                SyntheticAgency(
                    code=f"{region}RH{number:02}",
                    name=f"{house} House",
                    provider_code=owner,
                    partnership_code=home.code,
                    region_code=region,
                    kind=Kind.REHABILITATION,
                    modals=("6",),
                )
            )

    def _prison(self, region: str, number: int, home: SyntheticPartnership, provider: str) -> None:
        self.agency(
            SyntheticAgency(
                code=f"{region}PR{number:02}",
                name=f"HMP {next(self._prisons)} Treatment Team",
                provider_code=provider,
                partnership_code=home.code,
                region_code=region,
                kind=Kind.PRISON,
                modals=("2", "4", "12"),
            )
        )


def england(chosen: Sequence[SyntheticPartnership] | None = None) -> Register:
    """The register of all England, or of what the people of some partnerships attend.

    Inpatient units, rehabilitation houses and prisons belong to every selection: their catchment
    is the region or the country.
    """
    whole = _england()
    if chosen is None:
        return whole
    codes = {one.code for one in chosen}
    everyones = {Kind.INPATIENT, Kind.REHABILITATION, Kind.PRISON}
    agencies = tuple(
        one for one in whole.agencies if one.kind in everyones or one.partnership_code in codes
    )
    running = {one.provider_code for one in agencies}
    return Register(
        partnerships=tuple(chosen),
        providers=tuple(one for one in whole.providers if one.code in running),
        agencies=agencies,
    )


@cache
def _england() -> Register:
    """The whole register, with each region's services spread sevenfold in drop-out."""
    by_region: dict[str, list[SyntheticPartnership]] = defaultdict(list)
    for partnership in partnerships():
        by_region[partnership.region_code].append(partnership)
    founder = Founder()
    for code, members in by_region.items():
        founder.region(code, members)
    return Register(
        partnerships=partnerships(),
        providers=tuple(founder.providers.values()),
        agencies=_spread_drop_out(founder.agencies, Calibration()),
    )


def _spread_drop_out(
    agencies: Sequence[SyntheticAgency], calibration: Calibration
) -> tuple[SyntheticAgency, ...]:
    """Drop-out from best to worst inside each region, one on average over England's journeys."""
    ranked: dict[str, list[SyntheticAgency]] = defaultdict(list)
    for agency in agencies:
        if agency.lines:
            ranked[agency.region_code].append(agency)
    factors: dict[str, float] = {}
    for region, members in ranked.items():
        random.Random(f"drop-out {region}").shuffle(members)  # noqa: S311 (not a secret)
        for rank, agency in enumerate(members):
            position = rank / (len(members) - 1) - 0.5
            factors[agency.code] = calibration.drop_out_spread**position
    shares = line_shares(calibration)
    home = {one.code: one.share for one in partnerships()}
    mean = sum(
        home[agency.partnership_code] * shares[line] * agency.share * factors[agency.code]
        for agency in agencies
        for line in agency.lines
    )
    return tuple(
        replace(agency, drop_out_factor=factors[agency.code] / mean) if agency.lines else agency
        for agency in agencies
    )
