"""`make bench`: everything, in order, into RESULTS.md."""

import argparse
import sys
from pathlib import Path
from typing import Any

from benchmarks import machine, systems
from benchmarks.measuring import Line, Phases, tell

CLIENTS = 300_000
PARTS = ("import", "refresh", "pandas", "return", "pages", "plans", "market", "ledger")


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, help="printed only, nothing is kept"
    )
    asked = parser.parse_args(words)
    systems.set_up()
    sections: dict[str, list[Line]] = {}
    path, manifest = systems.whole_file(asked.clients, lambda at: tell(f"{at:,} people drawn"))
    whole = tuple(asked.only) == PARTS
    run(sections, path, manifest, asked.only)
    from benchmarks import results  # noqa: PLC0415

    text = results.written(sections, machine=machine.described(_postgres()), size=_size(manifest))
    if whole and asked.clients == CLIENTS:
        results.keep(text)
    sys.stdout.write(text)
    return (
        1 if any(line.verdict == "MISSED" for lines in sections.values() for line in lines) else 0
    )


def run(
    sections: dict[str, list[Line]], path: Path, manifest: dict[str, Any], asked: list[str]
) -> None:
    """The parts asked for. Each needs a loaded system, which the import leaves behind."""
    from benchmarks import importing, one_return, pages, refreshing  # noqa: PLC0415
    from commissioning.models import RuleSet  # noqa: PLC0415
    from reporting.services.long_waits import find_long_waits  # noqa: PLC0415

    cut_off = systems.last_day(manifest)
    if "import" in asked or (set(asked) != {"ledger"} and not systems.is_made(systems.WHOLE)):
        tell("Importing the whole file into a fresh system")
        systems.make_database(systems.WHOLE)
        systems.found_england()
        sections["Import"] = importing.measure(path, database=systems.WHOLE, cut_off=cut_off)
    seconds = 0.0
    if {"refresh", "pandas"} & set(asked):
        tell("Measuring everything for the first time, and again once the data are known")
        first, _ = refreshing.measure("benchmark: first", "First refresh after the load")
        systems.know_the_data(systems.WHOLE)
        again, seconds = refreshing.measure("benchmark: again", "Refresh, as every night")
        sections["Full refresh"] = [*first, *again]
    if "pandas" in asked:
        tell("Computing everything again with pandas")
        from benchmarks import comparing  # noqa: PLC0415

        rule_set = RuleSet.objects.in_force_on(cut_off)
        sections["Equal to pandas"] = comparing.measure(
            path, cut_off=cut_off, rule_set=rule_set, refresh=seconds
        )
    if "pages" in asked:
        tell("Asking for every page")
        find_long_waits(rule_set=RuleSet.objects.in_force_on(cut_off), on=cut_off)
        sections["Pages"] = pages.measure()
    _plans_and_market(sections, asked)
    if "return" in asked:
        tell("One provider's return")
        taken, provider = one_return.measure(path, cut_off=cut_off)
        load_quarter(path, manifest)
        quarter, _ = one_return.measure(path, cut_off=cut_off)
        sections["One return"] = one_return.compared(taken, quarter, provider)
    if "ledger" in asked:
        from benchmarks import ledger  # noqa: PLC0415

        sections["Ledger"] = ledger.measure()


def _plans_and_market(sections: dict[str, list[Line]], asked: list[str]) -> None:
    """What is laid beside the import: plans of all England, and who buys what from whom."""
    if "plans" in asked:
        from benchmarks import plans  # noqa: PLC0415

        sections["Plans"] = plans.measure()
    if "market" in asked:
        from benchmarks import market  # noqa: PLC0415

        sections["Market"] = market.measure()


def load_quarter(path: Path, manifest: dict[str, Any]) -> None:
    """A second system with a quarter of the country, measured; this process works in it now."""
    from benchmarks import importing, one_return  # noqa: PLC0415
    from reporting.services.refresh import refresh_everything  # noqa: PLC0415

    tell("The same in a system of a quarter")
    systems.make_database(systems.QUARTER)
    systems.enter(systems.QUARTER)
    systems.found_england()
    quarter = one_return.quarter_of(path, one_return.middling_provider(path))
    importing.send(quarter, cut_off=systems.last_day(manifest), provider=None, phases=Phases())
    systems.know_the_data(systems.QUARTER)
    refresh_everything(cause="benchmark: first")
    systems.know_the_data(systems.QUARTER)


def _postgres() -> str:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def _size(manifest: dict[str, Any]) -> str:
    rows = manifest["files"][0]["rows"]
    return f"{manifest['clients']:,} clients, {manifest['episodes']:,} episodes and {rows:,} rows"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
