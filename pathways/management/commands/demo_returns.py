"""`manage.py demo_returns`: NDTMS files of people and agencies that do not exist."""

import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pathways.demonstration.calibration import BUSINESS_DAY, YEARS
from pathways.demonstration.geography import (
    SyntheticPartnership,
    UnknownPartnerships,
    chosen_partnerships,
    full_density,
)
from pathways.demonstration.returns import (
    FolderNotEmpty,
    Manifest,
    write_returns,
    write_whole_system,
)
from pathways.demonstration.rounds import NotGenerated


def financial_years(text: str) -> list[int]:
    """`FY2005` or `FY2004..FY2006` as the first calendar years."""
    found = re.fullmatch(r"FY(\d{4})(?:\.\.FY(\d{4}))?", text)
    if found is None:
        raise ArgumentTypeError("Write years as FY2005 or FY2004..FY2006.")
    first, last = int(found[1]), int(found[2] or found[1])
    return list(range(first, last + 1))


class Command(BaseCommand):
    """Write the files into an empty folder, with a manifest of what is in each."""

    help = "Write NDTMS files of a synthetic England, calibrated to the figures of its day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--clients",
            type=int,
            help="how many people; left out, as many as the partnerships have at full density",
        )
        parser.add_argument("--seed", type=int, default=2006)
        parser.add_argument("--out", type=Path, required=True, help="an empty or new folder")
        parser.add_argument(
            "--years",
            type=financial_years,
            default=list(YEARS),
            help="financial years of the returns: FY2004..FY2006",
        )
        parser.add_argument(
            "--partnerships", default="all", help="codes separated by commas, or all"
        )
        parser.add_argument(
            "--until",
            type=date.fromisoformat,
            default=BUSINESS_DAY,
            help="the business day, after which nothing has happened",
        )
        parser.add_argument(
            "--one-file",
            action="store_true",
            help="one file of everything as known on the last day, for measuring speed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = self._write(options)
        except (UnknownPartnerships, NotGenerated, FolderNotEmpty) as refusal:
            raise CommandError(str(refusal)) from refusal
        rows = sum(one.rows for one in manifest.files)
        self.stdout.write(
            f"{manifest.clients} clients, {manifest.episodes} episodes, {rows} rows"
            f" in {len(manifest.files)} files in {options['out']}."
        )

    def _write(self, options: dict[str, Any]) -> Manifest:
        chosen = self._chosen(options["partnerships"])
        clients: int | None = options["clients"]
        if clients is None:
            clients = full_density(chosen)
        if clients < 1:
            raise CommandError("Ask for at least one client.")
        progress = self._progress(clients)
        if options["one_file"]:
            return write_whole_system(
                clients=clients,
                seed=options["seed"],
                folder=options["out"],
                chosen=chosen,
                until=options["until"],
                progress=progress,
            )
        return write_returns(
            clients=clients,
            seed=options["seed"],
            folder=options["out"],
            chosen=chosen,
            years=options["years"],
            until=options["until"],
            progress=progress,
        )

    def _chosen(self, codes: str) -> tuple[SyntheticPartnership, ...]:
        if codes == "all":
            return chosen_partnerships(None)
        return chosen_partnerships([code.strip() for code in codes.split(",")])

    def _progress(self, clients: int) -> Callable[[int], None]:
        """A word on the error stream at every tenth of the way."""
        told = 0

        def tell(number: int) -> None:
            nonlocal told
            if number * 10 // clients > told:
                told = number * 10 // clients
                self.stderr.write(f"{number} of {clients} clients written")

        return tell
