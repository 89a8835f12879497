"""What beat sends: the sweeper, so that no job is forgotten, and reminders of plans."""

from typing import Any

from celery import shared_task

from commissioning.kernel.clock import business_day
from commissioning.services import jobs
from commissioning.services.plans import reminding, report_reminders


@shared_task(name="commissioning.sweep_jobs")
def sweep_jobs(**_: Any) -> None:
    """Ring again for jobs nobody took. Sent by beat; safe to run at any time."""
    jobs.sweep()


@shared_task(name="commissioning.remind_of_plans")
def remind_of_plans(**_: Any) -> None:
    """Tell people what is due of plans. Sent by beat once a day; safe to run again."""
    today = business_day()
    reminding.remind_of_plans(on=today)
    report_reminders.remind_of_reports(on=today)
