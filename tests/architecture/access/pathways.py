"""Returns: sent by their provider, read by whoever its agencies report to."""

from tests.architecture.access_table import Row, everybody, in_place, page_and_post

SENDERS = ("provider_manager", "provider_staff")
IN_PARTNERSHIP = ("lead", "commissioner", "analyst", "regional_reviewer", "national_reviewer")
READERS = (*SENDERS, *IN_PARTNERSHIP)


def code_of(place):
    """The keyword of an organisation's address; returns are due by a rule set's days."""
    return lambda world: {"code": getattr(world, place).code}


def one(upload, provider="provider", **more):
    """The keywords of a return's address."""
    return lambda world: {
        "code": getattr(world, provider).code,
        "number": getattr(world, upload).number,
        **{name: getattr(world, whose).code for name, whose in more.items()},
    }


def seen(*others_too, then=200, otherwise=403):
    """Who reaches the return and may; who reaches it and may not; the rest find nothing."""
    reach = dict.fromkeys(READERS, otherwise)
    return everybody(404, **(reach | dict.fromkeys(others_too, then)))


ROWS = [
    Row("pathways:return-template", everybody()),
    Row(
        "api:return-list",
        everybody(400, nobody=401),
        about="an empty return sent",
        method="post",
    ),
    Row(
        "pathways:return-list",
        in_place("provider", *SENDERS, "national_reviewer"),
        code_of("provider"),
        "our own",
    ),
    Row(
        "pathways:return-list",
        in_place("other_provider", "national_reviewer"),
        code_of("other_provider"),
        "another's",
    ),
    Row(
        "pathways:partnership-returns",
        in_place("partnership", *IN_PARTNERSHIP),
        code_of("partnership"),
    ),
    Row(
        "pathways:partnership-returns",
        in_place("other_partnership", "national_reviewer"),
        code_of("other_partnership"),
        "another's",
    ),
    Row(
        "pathways:region-returns",
        in_place("region", "regional_reviewer", "national_reviewer"),
        code_of("region"),
    ),
    Row(
        "pathways:region-returns",
        in_place("other_region", "national_reviewer"),
        code_of("other_region"),
        "another's",
    ),
    Row("pathways:england-returns", in_place("nation", "national_reviewer")),
    *page_and_post(
        "pathways:return-send", in_place("provider", *SENDERS), code_of("provider"), about="ours"
    ),
    *page_and_post(
        "pathways:return-send",
        in_place("other_provider"),
        code_of("other_provider"),
        about="another's",
    ),
    *(
        row
        for name in (
            "pathways:finding-list",
            "reporting:return-detail",
            "reporting:return-progress",
        )
        for row in (
            Row(name, seen(*READERS), one("upload"), "our own"),
            Row(
                name,
                everybody(404, national_reviewer=200),
                one("other_upload", "other_provider"),
                "another's",
            ),
            Row(name, everybody(404), one("other_upload"), "another's under our address"),
        )
    ),
    *(
        row
        for name in ("pathways:return-confirm", "pathways:return-reject")
        for row in (
            *page_and_post(
                name,
                seen(*SENDERS),
                one("upload"),
                about="our own",
                posted=302 if name.endswith("confirm") else 200,
            ),
            *page_and_post(
                name,
                everybody(404, national_reviewer=403),
                one("other_upload", "other_provider"),
                about="another's",
            ),
        )
    ),
    Row("pathways:return-vanished", seen(*SENDERS), one("upload"), "our own"),
    Row(
        "pathways:return-vanished",
        everybody(404, national_reviewer=403),
        one("other_upload", "other_provider"),
        "another's",
    ),
    Row(
        "pathways:return-undo",
        seen(*SENDERS, then=302),  # it is not loaded
        one("upload", agency="agency"),
        "our own",
    ),
    Row(
        "pathways:return-undo",
        seen(*SENDERS, then=404),
        one("upload", agency="other_agency"),
        "of an agency that is not in it",
    ),
    Row(
        "pathways:return-undo",
        everybody(404, national_reviewer=403),
        one("other_upload", "other_provider", agency="other_agency"),
        "another's",
        method="post",
        data=lambda _: {"reason": "Mistaken."},
    ),
]
