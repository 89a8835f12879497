"""Capacity and the map: whoever is signed in, as the register."""

from tests.architecture.access_table import Row, everybody


def region(name):
    return lambda world: {"code": getattr(world, name).code}


ROWS = [
    *(
        Row(f"reporting:england-{page}", everybody())
        for page in ("capacity", "market", "market-svg")
    ),
    *(
        Row(f"reporting:region-{page}", everybody(), region(place), about=about)
        for page in ("capacity", "market", "market-svg")
        for place, about in (("region", "our own"), ("other_region", "another's"))
    ),
]
