"""`manage.py refresh_indicators [--all]`: measure again, here and now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from commissioning.kernel.clock import business_day, technical_now
from commissioning.services.jobs import run_outstanding
from reporting.services.evidence import write_evidence
from reporting.services.refresh import refresh_everything


class Command(BaseCommand):
    help = (
        "Do the refreshes that loaded returns have asked for; with --all, measure every "
        "indicator for every area and period."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="measure everything")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["all"]:
            done = run_outstanding("reporting")
            self.stdout.write(f"{done} refreshes done.")
            return
        began = technical_now()
        refresh = refresh_everything(cause=f"refresh_indicators --all, {began:%Y-%m-%d %H:%M:%S}")
        if refresh is None:
            raise CommandError("No return is loaded yet, so there is nothing to measure.")
        write_evidence(on=business_day(), every_year=True)
        took = (refresh.ended_at - refresh.began_at).total_seconds()
        self.stdout.write(
            f"{refresh.cells_changed:,} cells changed and {refresh.cells_removed:,} removed "
            f"in {took:.1f} seconds."
        )
