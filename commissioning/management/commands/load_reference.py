"""Load the nation, its areas, the framework and the first rule set."""

from typing import Any

from django.core.management.base import BaseCommand

from commissioning.scoping import System
from commissioning.services.reference import load_reference


class Command(BaseCommand):
    help = "Load the nation, regions, partnerships, the framework and the first rule set."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_reference(by=System("load_reference"))
        self.stdout.write(
            f"{loaded.organisations} organisations, {loaded.facts} facts and {loaded.rule_sets} "
            f"rule sets added; {loaded.items} framework items up to date."
        )
