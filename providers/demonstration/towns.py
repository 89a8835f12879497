"""Where the sites of the demonstration stand: near the centres of partnerships."""

import random
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from commissioning.reference import partnership_centres, partnerships
from providers.demonstration.words import OUTCODES, STREETS, TELEPHONE

# Degrees: about two miles either way at most, so that a site stays near its town.
NEAR = 0.03


@dataclass(frozen=True)
class Town:
    """The main town of a partnership, by the partnership's code; degrees (WGS 84)."""

    code: str
    name: str
    region: str
    latitude: Decimal
    longitude: Decimal

    def address(self, rng: random.Random) -> str:
        return f"{rng.randint(1, 140)} {rng.choice(STREETS)}, {self.name}"

    @property
    def outcode(self) -> str:
        return OUTCODES[self.code]

    def position(self, rng: random.Random) -> tuple[Decimal, Decimal]:
        """A position near the centre, to four decimals."""
        return (_near(self.latitude, rng), _near(self.longitude, rng))


def _near(degrees: Decimal, rng: random.Random) -> Decimal:
    away = Decimal(str(round(rng.uniform(-NEAR, NEAR), 4)))
    return degrees + away


@cache
def towns() -> dict[str, Town]:
    """Every partnership's, by its code, in the order of the reference table."""
    centres = {one.code: one for one in partnership_centres()}
    return {
        one.code: Town(
            code=one.code,
            name=one.name,
            region=one.region_code,
            latitude=Decimal(str(centres[one.code].latitude)),
            longitude=Decimal(str(centres[one.code].longitude)),
        )
        for one in partnerships()
    }


def telephone(rng: random.Random) -> str:
    """One of the numbers that are kept for drama."""
    return TELEPHONE.format(rng.randrange(1000))
