"""What beat sends: evidence for plans."""

from typing import Any

from celery import shared_task

from aftercare.services.evidence import write_housing_evidence
from commissioning.kernel.clock import business_day


@shared_task(name="aftercare.write_evidence")
def write_evidence(**_: Any) -> None:
    """What plans must know of links. Sent by beat every night, and safe to run again."""
    write_housing_evidence(on=business_day())
