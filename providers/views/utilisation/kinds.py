"""Occupancy of each kind of place, in words and as a table."""

from collections.abc import Sequence

from commissioning.components import DataTable
from commissioning.kernel.words import count, percent
from providers.choices import PlaceKind, PriceUnit
from providers.rules.utilisation import ContractNights, PlaceNights
from providers.selectors.utilisation.buyers import ContractUse
from providers.selectors.utilisation.occupancy import KindNights
from providers.views.utilisation.stretches import KINDS

RESIDENTIAL = "Of the beds, residential rehabilitation"


def days_of(kind: PlaceKind) -> str:
    """What a night of such a place is called."""
    return "bed-days" if kind is PlaceKind.BED else "place-days"


def kinds_table(found: Sequence[KindNights]) -> DataTable | None:
    """A row for each kind, and for the residential part of beds; no row for all together."""
    if not found:
        return None
    rows: list[tuple[str, PlaceNights]] = []
    for one in found:
        rows.append((KINDS[one.kind], one.nights))
        if one.residential is not None:
            rows.append((RESIDENTIAL, one.residential))
    return DataTable(
        ["Kind of place", "Nights available", "Occupied", "Occupancy"],
        [
            [words, count(nights.available), count(nights.occupied), percent(nights.occupancy)]
            for words, nights in rows
        ],
    )


def blocks_table(found: Sequence[ContractUse]) -> DataTable | None:
    """How block contracts were used: those of beds by themselves, then those of other places."""
    units = ((PriceUnit.BED_WEEK, "Beds"), (PriceUnit.PLACE_WEEK, "Other places"))
    rows = []
    for unit, words in units:
        used = [one.use.nights for one in found if one.use and one.contract.price_unit == unit]
        if used:
            whole = sum(used, ContractNights())
            numbers = (whole.contracted, whole.used, whole.void)
            rows.append([words, *map(count, numbers), percent(whole.utilisation)])
    header = ["Bought in blocks", "Nights contracted", "Used", "Void", "Utilisation"]
    return DataTable(header, rows) if rows else None
