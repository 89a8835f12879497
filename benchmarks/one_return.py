"""One provider's return, confirmed, until its figures have moved: on all England and a quarter.

The quarter holds whole regions as they are, so that the provider, its partnership and its return
are the same in both and only the rest of the country differs.
"""

import csv
import datetime as dt
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.importing import BY, REASON, receive_and_check
from benchmarks.measuring import Line, Phases, Watch, tell
from benchmarks.systems import folder
from commissioning.models import Event
from pathways.demonstration.england import england
from pathways.demonstration.geography import chosen_partnerships
from pathways.services.confirming import confirm_upload
from pathways.services.loading import load_file
from providers.models import Agency, Provider
from reporting.services.refresh import refresh_touched

TIMES = 5
MOST_SECONDS, MOST_TIMES = 3.0, 1.5
DISCHARGED = "1"


@dataclass(frozen=True)
class Taken:
    """Seconds from confirming until provider and partnership, and until England, had moved."""

    loaded: float
    near: float
    far: float
    rows: int


class Laps:
    """What a refresh is given in place of a job: it notes when each step was ready to commit."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.laps: list[float] = []

    def tell(self, done: int, total: int, note: str) -> None:
        """Nobody is told."""

    def require_lease(self) -> None:
        self.laps.append(self._watch.lap())


def quarter_of(path: Path, provider: Provider) -> Path:
    """The rows of whole regions, at least a quarter of all, written once and kept. The provider's
    own is one of them."""
    regions = _regions()
    rows = Counter(regions[agency] for agency in _agencies(path))
    codes = Agency.objects.filter(provider=provider).values_list("code", flat=True)
    chosen = {regions[code] for code in codes}
    for region in sorted(rows):
        if sum(rows[one] for one in chosen) * 4 < rows.total():
            chosen.add(region)
    kept = path.with_name(f"quarter-{'-'.join(sorted(chosen))}.csv")
    if kept.exists():
        return kept
    header = _header(path)
    at = _place_of(header, "AGNCY")
    with path.open(encoding="utf-8") as whole, kept.open("w", encoding="utf-8") as some:
        some.write(next(whole))
        some.writelines(line for line in whole if regions[line.split('","')[at]] in chosen)
    return kept


def _regions() -> dict[str, str]:
    """The region of each agency of the synthetic England."""
    register = england(chosen_partnerships(None))
    return {agency.code: agency.region_code for agency in register.agencies}


def _header(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return next(file)


def _place_of(header: str, name: str) -> int:
    return header.strip().strip('"').split('","').index(name)


def _agencies(path: Path) -> Iterator[str]:
    """The agency of each row."""
    at = _place_of(_header(path), "AGNCY")
    with path.open(encoding="utf-8") as file:
        next(file)
        for line in file:
            yield line.split('","')[at]


def middling_provider(path: Path) -> Provider:
    """The provider with as many rows as half of the others have at most."""
    providers = dict(Agency.objects.values_list("code", "provider__organisation__code"))
    rows = Counter(providers[agency] for agency in _agencies(path))
    code = sorted(rows, key=lambda one: (rows[one], one))[len(rows) // 2]
    return Provider.objects.get(organisation__code=code)


def returns_of(provider: Provider, path: Path, cut_off: dt.date) -> Iterator[Path]:
    """Its returns for the month, each as if a tenth more of those in treatment had left that day
    and a few people had come."""
    agencies = set(Agency.objects.filter(provider=provider).values_list("code", flat=True))
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        headers = list(reader.fieldnames or ())
        rows = [row for row in reader if row["AGNCY"] in agencies and _is_of_the_year(row)]
    open_episodes = sorted({_name(row) for row in rows if row["DISD"] in {"", "NA"}})
    for turn in range(1, TIMES + 1):
        gone = set(open_episodes[: turn * len(open_episodes) // 10])
        made = [_left(row, cut_off) if _name(row) in gone else row for row in rows]
        made += [_newcomer(row, turn) for row in rows[: 5 * turn]]
        place = folder() / f"return-{turn}.csv"
        with place.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headers, quoting=csv.QUOTE_ALL, lineterminator="\n")
            writer.writeheader()
            writer.writerows(made)
        yield place


def _name(row: dict[str, str]) -> tuple[str, str, str]:
    return row["AGNCY"], row["CLIENTID"], row["EPISODID"]


def _is_of_the_year(row: dict[str, str]) -> bool:
    """In treatment at some time since April, as a return tells (days as YYYYMMDD only)."""
    return row["DISD"] in {"", "NA"} or row["DISD"] >= "20060401"


def _left(row: dict[str, str], day: dt.date) -> dict[str, str]:
    written = f"{day:%Y%m%d}"
    ends = row["MODEND"] if row["MODEND"] not in {"", "NA"} else written
    started = row["MODST"] not in {"", "NA"}
    return {
        **row,
        "DISD": written,
        "DISRSN": DISCHARGED,
        "MODEND": ends if started else row["MODEND"],
    }


def _newcomer(row: dict[str, str], turn: int) -> dict[str, str]:
    return {**row, "CLIENTID": f"N{turn}{row['CLIENTID']}", "FINITIAL": "Q", "SINITIAL": "Z"}


def send(path: Path, provider: Provider, cut_off: dt.date) -> Taken:
    """Received and checked beforehand; timed from the moment it is confirmed."""
    upload = receive_and_check(path, cut_off=cut_off, provider=provider, phases=Phases())
    watch = Watch()
    confirm_upload(upload=upload, reason=REASON, remove_vanished=False, by=BY)
    load_file(number=upload.number, by=BY)
    loaded = watch.lap()
    told = Event.objects.get(cause=f"upload:{upload.number}:loaded").payload
    laps = Laps(watch)
    refresh_touched(
        returned_by=told["returned_by"],
        agency_ids=told["agencies"],
        partnership_ids=told["partnerships"],
        cause=f"benchmark {upload.number}",
        run=laps,  # type: ignore[arg-type]
    )
    near, *later = laps.laps
    whole = loaded + near + sum(later) + watch.lap()
    return Taken(loaded, loaded + near, whole, upload.rows or 0)


def measure(path: Path, *, cut_off: dt.date) -> tuple[list[Taken], str]:
    """Five returns of the provider in the system this process is in."""
    provider = middling_provider(path)
    found = []
    for place in returns_of(provider, path, cut_off):
        found.append(send(place, provider, cut_off))
        tell(f"{provider}: {found[-1]}")
    return found, str(provider)


def compared(whole: list[Taken], quarter: list[Taken], provider: str) -> list[Line]:
    def median(taken: list[Taken], name: str) -> float:
        return float(statistics.median(getattr(one, name) for one in taken))

    near, near_quarter = median(whole, "near"), median(quarter, "near")
    rows = whole[0].rows
    return [
        Line(
            f"Return of {provider}, {rows:,} rows: provider and partnership",
            f"{near:.2f} s",
            "median of five, at most 3 s",
            near,
            MOST_SECONDS,
        ),
        Line("· of it confirming and loading", f"{median(whole, 'loaded'):.2f} s"),
        Line("· until regions and England follow", f"{median(whole, 'far'):.2f} s"),
        Line(
            "The same on all England, against a quarter of it",
            f"{near / near_quarter:.2f} ×",
            f"a quarter: {near_quarter:.2f} s, at most 1.5 ×",
            near / near_quarter,
            MOST_TIMES,
        ),
        Line(
            "· until regions and England follow",
            f"{median(whole, 'far') / median(quarter, 'far'):.2f} ×",
            f"a quarter: {median(quarter, 'far'):.2f} s",
        ),
    ]
