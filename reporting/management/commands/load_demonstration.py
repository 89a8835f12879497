"""`manage.py load_demonstration`: a system with people, returns and figures to try."""

import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commissioning.kernel.clock import business_day
from reporting.demonstration import load_demonstration


class Command(BaseCommand):
    help = "Load the demonstration; refuses where DEMONSTRATION is not set."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("This is not a demonstration: set DEMONSTRATION=1 to make it one.")
        password = os.environ.get("DEMO_PASSWORD")
        if not password:
            raise CommandError(
                "Set DEMO_PASSWORD: everybody in the demonstration signs in with it."
            )
        began = time.monotonic()

        def tell(sentence: str) -> None:
            self.stdout.write(f"  [{time.monotonic() - began:5.1f} s] {sentence}")
            self.stdout.flush()

        load_demonstration(
            folder=settings.VAR_DIR / "demonstration",
            password=password,
            today=business_day(),
            whole=os.environ.get("DEMO_SCALE") == "1",
            tell=tell,
        )
