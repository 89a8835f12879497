"""The queue: which task follows which event, and what beat does when."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "sweep": {"task": "commissioning.sweep_jobs", "schedule": 15.0},
    "refresh-nightly": {
        "task": "reporting.refresh_nightly",
        "schedule": crontab(hour=2, minute=0),
    },
    "forecast-nightly": {
        "task": "reporting.forecast_nightly",
        "schedule": crontab(hour=3, minute=0),
    },
    "write-evidence": {
        "task": "providers.write_evidence",
        "schedule": crontab(hour=1, minute=30),
    },
    "write-evidence-of-aftercare": {
        "task": "aftercare.write_evidence",
        "schedule": crontab(hour=1, minute=40),
    },
    "remind-of-plans": {
        "task": "commissioning.remind_of_plans",
        "schedule": crontab(hour=6, minute=0),
    },
    "release-expired-holds": {"task": "providers.release_expired_holds", "schedule": 60.0},
    "run-on-stays": {"task": "providers.run_on_stays", "schedule": crontab(hour=0, minute=5)},
    "keep-contracts": {
        "task": "providers.keep_contracts",
        "schedule": crontab(hour=0, minute=15),
    },
    "remind-of-boards": {"task": "providers.remind_of_boards", "schedule": 900.0},
}
