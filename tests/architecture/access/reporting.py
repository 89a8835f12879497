"""Figures and what follows from them: waits of six weeks or longer."""

from reporting.indicators.in_force import IN_FORCE
from tests.architecture.access_table import NOBODY, Row, everybody, in_place, only, page_and_post
from tests.factories.reporting import loaded_return

REVIEWS = ("lead", "commissioner", "care_manager")
READS = ("analyst", "provider_manager", "provider_staff", "regional_reviewer", "national_reviewer")
OF_PARTNERSHIP = (*REVIEWS, "analyst", "regional_reviewer", "national_reviewer")


def wait(name):
    return lambda world: {"number": getattr(world, name).pk}


def partnership(name):
    return lambda world: {"code": getattr(world, name).code}


def always(**words):
    return lambda _world: words


def about_a_wait(then):
    """Who may write about it; others who see it may not; to the rest it does not exist."""
    return {**only(*REVIEWS, then=then, otherwise=404), **dict.fromkeys(READS, 403)}


CALENDAR = [
    Row("reporting:calendar-feed", everybody(404, **{NOBODY: 404}), always(secret="nobodys")),
]
LONG_WAITS = [
    Row("reporting:long-wait-list", only(*REVIEWS, *READS)),
    Row(
        "reporting:partnership-long-waits",
        in_place("partnership", *OF_PARTNERSHIP),
        partnership("partnership"),
    ),
    Row(
        "reporting:partnership-long-waits",
        in_place("other_partnership", "national_reviewer"),
        partnership("other_partnership"),
        about="another's",
    ),
    Row("reporting:long-wait-detail", only(*REVIEWS, *READS, otherwise=404), wait("long_wait")),
    Row(
        "reporting:long-wait-detail",
        only("national_reviewer", otherwise=404),
        wait("other_long_wait"),
        about="another's",
    ),
    *page_and_post("reporting:long-wait-close", about_a_wait(200), wait("long_wait")),
    *page_and_post(
        "reporting:long-wait-close",
        everybody(404, national_reviewer=403),
        wait("other_long_wait"),
        about="another's",
    ),
    Row(
        "reporting:long-wait-review",
        about_a_wait(302),
        wait("long_wait"),
        method="post",
        data=lambda world: {"version": world.long_wait.version},
    ),
    Row(
        "reporting:long-wait-review",
        everybody(404, national_reviewer=403),
        wait("other_long_wait"),
        method="post",
        about="another's",
    ),
]
READS_RETURNS = (
    *("lead", "commissioner", "analyst", "provider_manager", "provider_staff"),
    *("regional_reviewer", "national_reviewer"),
)
SENDERS = ("provider_manager", "provider_staff")
# Who is signed out is told so: a programme cannot follow the way to the sign-in page.
TOLD = {NOBODY: 401}
API = [
    Row("api:schema", everybody(200, **TOLD)),
    Row("api:docs", everybody()),
    Row("api:area-list", everybody(200, **TOLD)),
    Row(
        "api:area-one",
        everybody(200, **TOLD),
        lambda world: {"kind": "partnership", "code": world.other_partnership.code},
    ),
    Row("api:indicator-list", everybody(200, **TOLD)),
    Row(
        "api:indicator-one",
        everybody(200, **TOLD),
        always(code=next(iter(IN_FORCE))),
    ),
    Row(
        "api:result-list",
        everybody(200, **TOLD),
        data=always(indicator=next(iter(IN_FORCE)), period="2006-Q1"),
    ),
    Row("api:return-list", {**only(*READS_RETURNS), **TOLD}),
    Row(
        "api:return-one",
        {**only(*READS_RETURNS), **TOLD},
        lambda world: {"number": loaded_return(world.agency).upload_id},
    ),
    Row(
        "api:return-one",
        {**only(*READS_RETURNS, then=404), **TOLD, "national_reviewer": 200},
        lambda world: {"number": loaded_return(world.other_agency).upload_id},
        about="another's",
    ),
    *(
        Row(
            "api:finding-list",
            {**only(*READS_RETURNS, then=404), **TOLD, **reached},
            lambda world, upload=upload: {"number": getattr(world, upload).number},
            about=about,
        )
        for upload, reached, about in (
            # The records of clients are their provider's.
            (
                "upload",
                {**dict.fromkeys(READS_RETURNS, 403), **dict.fromkeys(SENDERS, 200)},
                "our own",
            ),
            ("other_upload", {"national_reviewer": 403}, "another's"),
        )
    ),
    Row("api:long-wait-list", {**only(*REVIEWS, *READS), **TOLD}),
    Row("api:long-wait-one", {**only(*REVIEWS, *READS), **TOLD}, wait("long_wait")),
    Row(
        "api:long-wait-one",
        {**only(*REVIEWS, *READS, then=404), **TOLD, "national_reviewer": 200},
        wait("other_long_wait"),
        about="another's",
    ),
]
ROWS = [*CALENDAR, *LONG_WAITS, *API]
