"""How places are used: occupancy, block utilisation, voids and what they cost, exposure. Pure.

A night is a day on which somebody has a place; a week is seven nights. Money is added up as
fractions and rounded once, halves up. A share is between 0 and 1; one of nothing is not known.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from commissioning.kernel.money import PENNY
from providers.rules.contract_costs import DAYS_IN_WEEK, Terms, guaranteed_share

MONTHS_IN_YEAR = 12
HUNDRED = 100


@dataclass(frozen=True)
class ContractNights:
    """Nights of the places that a contract has bought, added up over some time.

    `in_service` are those of them on which the place was open and not out of service, `used`
    those on which it had somebody from the contract's partnerships, bought on the contract,
    `outside` those on which it had somebody else: the provider sold it again.
    """

    contracted: int = 0
    in_service: int = 0
    used: int = 0
    outside: int = 0

    @property
    def void(self) -> int:
        """In service, and not used by those who bought them."""
        return self.in_service - self.used

    @property
    def utilisation(self) -> float | None:
        """Used as a share of contracted."""
        return share(self.used, self.contracted)

    def __add__(self, other: "ContractNights") -> "ContractNights":
        return ContractNights(
            self.contracted + other.contracted,
            self.in_service + other.in_service,
            self.used + other.used,
            self.outside + other.outside,
        )


@dataclass(frozen=True)
class PlaceNights:
    """Nights of a provider's places within its capacity, added up over some time.

    `contracted` are those of them that a block contract has bought, `on_block` those on which
    somebody was in such a place.
    """

    open: int = 0
    out_of_service: int = 0
    occupied: int = 0
    contracted: int = 0
    on_block: int = 0

    @property
    def available(self) -> int:
        """Open and not out of service."""
        return self.open - self.out_of_service

    @property
    def void(self) -> int:
        return self.available - self.occupied

    @property
    def occupancy(self) -> float | None:
        """Occupied bed-days as a share of available bed-days."""
        return share(self.occupied, self.available)

    @property
    def outside_block(self) -> int:
        """Occupied, in a place that no block contract had."""
        return self.occupied - self.on_block

    def __add__(self, other: "PlaceNights") -> "PlaceNights":
        return PlaceNights(
            self.open + other.open,
            self.out_of_service + other.out_of_service,
            self.occupied + other.occupied,
            self.contracted + other.contracted,
            self.on_block + other.on_block,
        )


def share(part: Decimal | int, whole: Decimal | int) -> float | None:
    """One as a share of the other; None of nothing."""
    if whole <= 0:
        return None
    (above, over), (below, under) = part.as_integer_ratio(), whole.as_integer_ratio()
    return above * under / (over * below)  # exact until the one rounding


def void_cost(nights: ContractNights, *, weekly_price: Decimal, terms: Terms) -> Fraction:
    """What nights in service that nobody used cost, pounds, not rounded.

    The sum over the nights of max(0, contracted in service − used) × a night's price × the void
    rate. Up to the take-up, and where neither take-up nor void rate is agreed, the whole price
    is paid.
    """
    void = max(nights.void, 0)
    sure = guaranteed_share(terms) * nights.in_service - nights.used
    in_full = min(max(sure, Fraction(0)), Fraction(void))
    at_rate = (void - in_full) * Fraction(terms.void_rate or 0) / HUNDRED
    return (in_full + at_rate) * Fraction(weekly_price) / DAYS_IN_WEEK


def used_cost(nights: ContractNights, *, weekly_price: Decimal) -> Fraction:
    """What the nights that were used cost, pounds, not rounded."""
    return nights.used * Fraction(weekly_price) / DAYS_IN_WEEK


def cost_per_occupied_week(cost: Fraction | Decimal, nights: int) -> Decimal | None:
    """What a week in which somebody was there came to, voids included; None where nobody was.

    Of a block this is its effective price, to be set beside the price on the spot market.
    """
    return pennies(Fraction(cost) * DAYS_IN_WEEK / nights) if nights > 0 else None


def against_spot(block: Decimal | None, spot: Decimal | None) -> float | None:
    """The effective block price as a share of the spot price: over 1, spot would be cheaper."""
    return None if block is None or not spot else float(block / spot)


def pays_from(block: Decimal | None, spot: Decimal | None) -> float | None:
    """The utilisation from which a place bought in block costs less than one bought on the spot:
    block price ÷ spot price, 1 at most."""
    return None if block is None or not spot else min(float(block / spot), 1.0)


def share_from_spot(spot: Decimal, contracts: Decimal) -> float | None:
    """How much of a provider's income comes from places bought one by one."""
    return share(spot, spot + contracts)


def months_of_cover(promised: Decimal, income: Decimal, *, days: int) -> float | None:
    """For how many months the contracts in force still pay what the provider took in a month.

    `promised` is what they must pay from now to their ends, `income` what came in over so many
    `days`. None where nothing came in.
    """
    if income <= 0 or days <= 0:
        return None
    return share(promised * days * MONTHS_IN_YEAR, income * 365)


def break_even_occupancy(
    fixed_costs: Decimal | None, *, beds: int, weekly_income: Decimal | None
) -> float | None:
    """The occupancy at which a year's income covers a year's fixed costs; over 1, it cannot.

    `weekly_income` is what an occupied bed brings in a week. None where the costs are not known.
    """
    if fixed_costs is None or not weekly_income or beds <= 0:
        return None
    full = Fraction(weekly_income) / DAYS_IN_WEEK * 365 * beds
    return float(Fraction(fixed_costs) / full)


def pennies(amount: Fraction) -> Decimal:
    """To the penny, halves up, without passing through a float."""
    found = amount * HUNDRED
    whole = (2 * found.numerator + found.denominator) // (2 * found.denominator)
    return (Decimal(whole) * PENNY).quantize(PENNY)
