"""What beat sends: holds that end, stays that run on, reminders of boards, evidence for plans."""

from typing import Any

from celery import shared_task
from django.conf import settings

from commissioning.kernel.clock import business_day
from commissioning.scoping import System
from providers.services.calling_off import follow_places
from providers.services.contracts import keep_contracts as keep
from providers.services.contracts.evidence import write_contract_evidence
from providers.services.contracts.reminding import remind_of_contracts
from providers.services.places import release_expired_holds as release
from providers.services.places import run_on_stays as run_on
from providers.services.places.reminding import remind_of_boards as remind
from providers.services.preferred_evidence import write_preferred_evidence
from providers.services.primary_care.evidence import write_primary_care_evidence


@shared_task(name="providers.release_expired_holds")
def release_expired_holds(**_: Any) -> None:
    """Sent by beat every minute; safe to run at any time."""
    release(on=business_day())


@shared_task(name="providers.run_on_stays")
def run_on_stays(**_: Any) -> None:
    """Sent by beat every night, and safe to run again. Call-offs follow their places."""
    run_on(on=business_day())
    follow_places(on=business_day())


@shared_task(name="providers.remind_of_boards")
def remind_of_boards(**_: Any) -> None:
    """Sent by beat every quarter of an hour: each board is reminded of once until it is stated."""
    remind(on=business_day(), site=settings.SITE_URL)


@shared_task(name="providers.write_evidence")
def write_evidence(**_: Any) -> None:
    """What plans must know of primary care, of preferred providers and of contracts.

    Sent by beat every night, and safe to run again.
    """
    write_primary_care_evidence(on=business_day())
    write_preferred_evidence(on=business_day())
    write_contract_evidence(on=business_day())


@shared_task(name="providers.keep_contracts")
def keep_contracts(**_: Any) -> None:
    """Contracts begin and end, and both sides are reminded of what falls due.

    Sent by beat every night, and safe to run again.
    """
    keep(by=System("keep_contracts"), on=business_day())
    remind_of_contracts(on=business_day())
