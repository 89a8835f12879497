"""Work in the background: what runs, how far it is, what stopped."""

import django_tables2
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commissioning.choices import JobState
from commissioning.components import Fact, Progress, Summary, Tone
from commissioning.filters import JobFilter
from commissioning.kernel.clock import technical_now
from commissioning.kernel.words import MISSING
from commissioning.models import Job
from commissioning.roles import Permission
from commissioning.selectors.jobs import jobs_for
from commissioning.tables import MomentColumn, NameColumn, Table, TagColumn, moment
from commissioning.views.lists import list_response
from commissioning.views.requests import signed_in

TONES: dict[str, Tone] = {
    JobState.QUEUED: "plain",
    JobState.RUNNING: "info",
    JobState.DONE: "good",
    JobState.FAILED: "bad",
}


class JobTable(Table):
    """Jobs, the newest first."""

    caption = "Jobs"
    counted = ("job", "jobs")
    empty_title = "No jobs"

    title = NameColumn(
        verbose_name="Job", href=lambda job: reverse("commissioning:job-detail", args=[job.pk])
    )
    state = TagColumn(tone=lambda job: TONES[job.state], verdict=True)
    organisation = django_tables2.Column(
        accessor="organisation__name", verbose_name="Organisation", default="The service"
    )
    person = django_tables2.Column(verbose_name="Begun by", default="The service")
    created_at = MomentColumn(verbose_name="Asked for")
    finished_at = MomentColumn(verbose_name="Ended", default=MISSING)

    class Meta:
        model = Job
        fields: tuple[str, ...] = ()
        sequence = ("title", "state", "organisation", "person", "created_at", "finished_at")


@require_safe
def job_list(request: HttpRequest) -> HttpResponseBase:
    shown = JobFilter(request.GET, queryset=jobs_for(signed_in(request)), request=request)
    running = list(shown.qs.filter(state=JobState.RUNNING)[:10])
    return list_response(
        request,
        JobTable(shown.qs, empty_text="Nothing has run in the background for you yet."),
        heading="Jobs",
        filterset=shown,
        template="commissioning/job_list.html",
        running=[(job, progress_of(job)) for job in running],
    )


@require_safe
def job_detail(request: HttpRequest, number: int) -> HttpResponse:
    job = get_object_or_404(jobs_for(signed_in(request)), pk=number)
    return render(
        request,
        "commissioning/job_detail.html",
        {
            "job": job,
            "progress": progress_of(job),
            "summary": _summary(job),
            "page_heading": job.title,
            "breadcrumbs": [("Jobs", reverse("commissioning:job-list")), (f"Job {job.pk}", "")],
        },
    )


@require_safe
def job_progress(request: HttpRequest, number: int) -> HttpResponse:
    """How far a job is, for a page that asks every two seconds; the last answer asks no more."""
    job = get_object_or_404(
        Job.objects.permitted(signed_in(request), Permission.JOBS_VIEW), pk=number
    )
    return render(
        request,
        "components/progress.html",
        {"progress": progress_of(job), "id": f"job-{job.pk}"},
    )


def progress_of(job: Job) -> Progress:
    """A job as a progress line."""
    return Progress(
        words=_words(job),
        done=job.done,
        total=job.total or None,
        remaining=_remaining(job),
        over=job.is_over,
        tone=TONES[job.state],
        poll_href=reverse("commissioning:job-progress", args=[job.pk]),
    )


def _words(job: Job) -> str:
    match job.state:
        case JobState.QUEUED:
            return "Tried, and waiting to be tried again" if job.attempts else "Waiting to begin"
        case JobState.RUNNING:
            return job.note or "Running"
        case JobState.DONE:
            return job.note or "Done"
        case _:
            return "Stopped"


def _remaining(job: Job) -> str:
    if job.state != JobState.RUNNING or not job.done or not job.total or job.started_at is None:
        return ""
    spent = (technical_now() - job.started_at).total_seconds()
    left = spent * (job.total - job.done) / job.done
    if left < 90:  # noqa: PLR2004 - beyond, minutes read better
        return f"About {max(1, round(left))} seconds left"
    return f"About {round(left / 60)} minutes left"


def _summary(job: Job) -> Summary:
    return Summary(
        title=f"Job {job.pk}",
        state=job.get_state_display(),
        tone=TONES[job.state],
        facts=[
            Fact("Organisation", job.organisation.name if job.organisation else "The service"),
            Fact("Begun by", str(job.person) if job.person else "The service"),
            Fact("Asked for", moment(job.created_at)),
            Fact("Began", moment(job.started_at)),
            Fact("Ended", moment(job.finished_at)),
            Fact("Tried", f"{job.attempts} times" if job.attempts != 1 else "Once"),
        ],
    )
