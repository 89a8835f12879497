"""Writing the synthetic England as NDTMS files, with a manifest of what was written.

`write_returns` writes what agencies would have sent, round after round: in each file the
episodes open or ended since April, as known on its cut-off. `write_whole_system` writes one file
of everything as known on the last day. Both draw one person at a time and keep little in memory.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from pathways.demonstration.calibration import BUSINESS_DAY, YEARS, Calibration
from pathways.demonstration.england import england
from pathways.demonstration.episodes import Episode
from pathways.demonstration.geography import SyntheticPartnership
from pathways.demonstration.population import episodes_of
from pathways.demonstration.register import Register
from pathways.demonstration.rounds import Sending, check_covered, sendings, year_of
from pathways.demonstration.rows import HEADER_LINE, lines

MANIFEST = "manifest.json"
WHOLE_SYSTEM = "whole-system.csv"
KEPT_ROWS = 20_000  # rows held before they go to their files
TOLD_EVERY = 1000  # clients between two words of progress
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One NDTMS file: who sent it, for which month, known on which day, with which agencies."""

    file: str
    reporting_month: str
    cut_off: str
    is_monthly: bool
    sender: str  # region code of a yearly file, provider code of a monthly one, or ENGLAND
    agencies: list[str]
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was written, in the order in which it would have been sent."""

    clients: int
    seed: int
    business_day: str
    partnerships: list[str]
    episodes: int
    files: list[WrittenFile]
    # Providers that had not sent a round by the business day: code and reporting month.
    late: list[tuple[str, str]]

    def save(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


class Shelf:
    """Files that grow together: rows are kept until there are many, then appended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, list[str]] = defaultdict(list)
        self._count = 0
        self.rows: dict[str, int] = {}
        self.agencies: dict[str, set[str]] = defaultdict(set)

    def put(self, name: str, agency: str, text: str) -> None:
        self._kept[name].append(text)
        self.agencies[name].add(agency)
        rows = text.count("\n")
        self.rows[name] = self.rows.get(name, 0) + rows
        self._count += rows
        if self._count >= KEPT_ROWS:
            self.flush()

    def flush(self) -> None:
        for name, kept in self._kept.items():
            path = self._folder / name
            new = not path.exists()
            with path.open("a", encoding="utf-8", newline="") as file:
                file.write((HEADER_LINE if new else "") + "".join(kept))
        self._kept.clear()
        self._count = 0


class FolderNotEmpty(ValueError):
    """Files would be added to what an earlier run wrote."""


def _empty_folder(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FolderNotEmpty(f"{folder} is not empty.")
    return folder


def write_returns(
    *,
    clients: int,
    seed: int,
    folder: Path,
    chosen: Sequence[SyntheticPartnership] | None = None,
    years: Sequence[int] = YEARS,
    until: date = BUSINESS_DAY,
    calibration: Calibration | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Write the files of every round into an empty folder, and the manifest."""
    shelf = Shelf(_empty_folder(folder))
    register = england(chosen)
    rounds = sendings(years=years, until=until)
    late = late_rounds(register, rounds)
    episodes = 0
    for number, drawn in enumerate(
        episodes_of(
            clients=clients,
            seed=seed,
            register=register,
            calibration=calibration or Calibration(),
            last_day=until.toordinal(),
        ),
        start=1,
    ):
        episodes += len(drawn)
        for sending in rounds:
            for episode in drawn:
                sender = sender_of(episode, sending)
                if (sender, sending.reporting_month) in late:
                    continue
                text = _as_sent(episode, sending)
                if text:
                    shelf.put(file_name(sender, sending), episode.agency.code, text)
        if progress and number % TOLD_EVERY == 0:
            progress(number)
    shelf.flush()
    files = [
        WrittenFile(
            file=name,
            reporting_month=sending.reporting_month,
            cut_off=sending.cut_off.isoformat(),
            is_monthly=sending.is_monthly,
            sender=name.removesuffix(".csv").split("_")[1],
            agencies=sorted(shelf.agencies[name]),
            rows=shelf.rows[name],
        )
        for sending in rounds
        for name in sorted(shelf.rows)
        if name.startswith(f"{sending.reporting_month}_")
    ]
    manifest = Manifest(
        clients=clients,
        seed=seed,
        business_day=until.isoformat(),
        partnerships=[one.code for one in register.partnerships],
        episodes=episodes,
        files=files,
        late=sorted(late),
    )
    manifest.save(folder)
    return manifest


def write_whole_system(
    *,
    clients: int,
    seed: int,
    folder: Path,
    chosen: Sequence[SyntheticPartnership] | None = None,
    until: date = BUSINESS_DAY,
    calibration: Calibration | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Write one file of everything as known on the last day, and the manifest."""
    check_covered([year_of(until)], until)
    register = england(chosen)
    day = until.toordinal()
    episodes = rows = 0
    agencies: set[str] = set()
    with (_empty_folder(folder) / WHOLE_SYSTEM).open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER_LINE)
        for number, drawn in enumerate(
            episodes_of(
                clients=clients,
                seed=seed,
                register=register,
                calibration=calibration or Calibration(),
                last_day=day,
            ),
            start=1,
        ):
            episodes += len(drawn)
            for episode in drawn:
                text = lines(episode, day)
                rows += text.count("\n")
                agencies.add(episode.agency.code)
                file.write(text)
            if progress and number % TOLD_EVERY == 0:
                progress(number)
    written = WrittenFile(
        file=WHOLE_SYSTEM,
        reporting_month=f"{until:%Y-%m}",
        cut_off=until.isoformat(),
        is_monthly=False,
        sender="ENGLAND",
        agencies=sorted(agencies),
        rows=rows,
    )
    manifest = Manifest(
        clients=clients,
        seed=seed,
        business_day=until.isoformat(),
        partnerships=[one.code for one in register.partnerships],
        episodes=episodes,
        files=[written],
        late=[],
    )
    manifest.save(folder)
    return manifest


def sender_of(episode: Episode, sending: Sending) -> str:
    """Who sends the file: the provider each month, the agency's region each year."""
    return episode.agency.provider_code if sending.is_monthly else episode.agency.region_code


def file_name(sender: str, sending: Sending) -> str:
    return f"{sending.reporting_month}_{sender}.csv"


def late_rounds(register: Register, rounds: Sequence[Sending]) -> set[tuple[str, str]]:
    """Providers whose last monthly rounds had not come by the business day."""
    return {
        (provider.code, sending.reporting_month)
        for provider in register.providers
        for sending in rounds
        if sending.is_monthly and sending.months_before_last < provider.months_late
    }


def _as_sent(episode: Episode, sending: Sending) -> str:
    """The episode's rows in a round; none when it had ended before the year of the round."""
    if episode.discharged < sending.opens.toordinal():
        return ""
    return lines(episode, sending.cut_off.toordinal())
