"""The ground floor: people, organisations, rules, jobs, one's own account."""

from tests.architecture.access_table import (
    NOBODY,
    VIEWERS,
    Row,
    everybody,
    in_place,
    only,
    page_and_post,
)

ADMINISTRATOR = only("administrator")
WATCHES_JOBS = (
    "lead",
    "commissioner",
    "analyst",
    "regional_reviewer",
    "national_reviewer",
    "administrator",
)


def at(place):
    """The keywords of an organisation's address."""
    return lambda world: {
        "kind": getattr(world, place).kind.lower(),
        "code": getattr(world, place).code,
    }


def whom(person):
    return lambda world: {"person": getattr(world, person).code}


def role_of(person):
    return lambda world: {
        "person": getattr(world, person).code,
        "number": getattr(world, person).memberships.get().pk,
    }


def within(place, keywords=lambda _: {}):
    """An organisation's own office, and whom it is about."""
    return lambda world: {**at(place)(world), **keywords(world)}


OPEN = [
    Row("commissioning:livez", everybody(**{NOBODY: 200})),
    Row(
        "commissioning:readyz",
        everybody(**{NOBODY: 200}),
        lambda world: {**world.heartbeat},
    ),
    Row("account_login", everybody(302, **{NOBODY: 200})),
    Row("account_signup", everybody(302, **{NOBODY: 200})),
    Row("account_inactive", everybody(**{NOBODY: 200})),
    Row("account_reset_password", everybody(**{NOBODY: 200})),
    Row("account_reset_password_done", everybody(**{NOBODY: 200})),
    Row("account_reset_password_from_key_done", everybody(**{NOBODY: 200})),
    Row(
        "account_reset_password_from_key",
        everybody(**{NOBODY: 200}),
        lambda _: {"uidb36": "1", "key": "not-a-token"},
    ),
]
OWN = [
    Row("commissioning:framework", everybody()),
    Row("commissioning:inbox", everybody()),
    Row("commissioning:inbox-read", everybody(302), method="post"),
    Row("commissioning:account", everybody()),
    Row("account_email", everybody()),
    Row("account_logout", everybody()),
    Row("account_change_password", everybody()),
    Row("account_set_password", everybody(302)),
    Row("account_reauthenticate", everybody()),
    *page_and_post("commissioning:acting-organisation", everybody(), posted=404),
    *page_and_post("commissioning:calendar", everybody()),
    *page_and_post("commissioning:calendar-revoke", everybody()),
    Row("commissioning:api-key-list", everybody()),
    *page_and_post("commissioning:api-key-make", everybody(302)),  # to the password, asked again
    *page_and_post(
        "commissioning:api-key-revoke",
        only("lead", otherwise=404),
        lambda world: {"number": world.api_key.pk},
        about="the lead's own",
        posted=302,
    ),
]
PEOPLE = [
    Row("commissioning:person-list", ADMINISTRATOR),
    *page_and_post("commissioning:person-invite", ADMINISTRATOR),
    Row("commissioning:person-detail", ADMINISTRATOR, whom("colleague")),
    Row(
        "commissioning:person-invite-again",
        only("administrator", then=302),
        whom("colleague"),
        method="post",
    ),
    *page_and_post("commissioning:role-give", ADMINISTRATOR, whom("colleague")),
    *page_and_post("commissioning:role-change", ADMINISTRATOR, role_of("colleague"), posted=302),
    *page_and_post("commissioning:person-end", ADMINISTRATOR, whom("colleague")),
    *page_and_post("commissioning:person-bring-back", ADMINISTRATOR, whom("colleague")),
]


def office(place, person, *manage):
    """People pages of one organisation, for somebody who works in it."""
    may = in_place(place, *manage)
    about = f"of {place}"
    return [
        Row("commissioning:person-list", may, within(place), about),
        *page_and_post("commissioning:person-invite", may, within(place), about=about),
        Row("commissioning:person-detail", may, within(place, whom(person)), about),
        Row(
            "commissioning:person-invite-again",
            in_place(place, *manage, then=302),
            within(place, whom(person)),
            about,
            method="post",
        ),
        *page_and_post("commissioning:role-give", may, within(place, whom(person)), about=about),
        *page_and_post(
            "commissioning:role-change",
            may,
            within(place, role_of(person)),
            about=about,
            posted=302,
        ),
    ]


OFFICES = [
    *office("partnership", "colleague", "lead", "administrator"),
    *office("other_partnership", "stranger", "administrator"),
    *office("provider", "provider_colleague", "provider_manager", "administrator"),
    # Somebody who works elsewhere is not found in the lead's own office.
    Row(
        "commissioning:person-detail",
        in_place("partnership", "lead", "administrator", then=404),
        within("partnership", whom("stranger")),
        "a stranger, of partnership",
    ),
    *page_and_post(
        "commissioning:role-change",
        in_place("partnership", "lead", "administrator", then=404),
        within("partnership", role_of("stranger")),
        about="a stranger's, of partnership",
    ),
]
ORGANISATIONS = [
    Row("commissioning:administration", ADMINISTRATOR),
    Row("commissioning:organisation-list", ADMINISTRATOR),
    *page_and_post("commissioning:organisation-add", ADMINISTRATOR),
    *(
        Row(
            "commissioning:organisation-detail", in_place(place, *VIEWERS[place]), at(place), place
        )
        for place in VIEWERS
    ),
    *(
        row
        for place in ("partnership", "other_partnership", "provider", "region")
        for deed in ("rename", "close", "merge", "split")
        for row in page_and_post(
            f"commissioning:organisation-{deed}",
            in_place(place, "administrator"),
            at(place),
            about=place,
        )
    ),
    *page_and_post(
        "commissioning:fact-state", in_place("partnership", "administrator"), at("partnership")
    ),
    *page_and_post(
        "commissioning:fact-end",
        in_place("partnership", "administrator"),
        within("partnership", lambda world: {"number": world.fact.pk}),
    ),
    *page_and_post(
        "commissioning:fact-end",
        in_place("other_partnership", "administrator", then=404),
        within("other_partnership", lambda world: {"number": world.fact.pk}),
        about="another's",
    ),
    *page_and_post(
        "commissioning:document-add",
        in_place("partnership", "lead", "commissioner"),
        at("partnership"),
        about="our own",
    ),
    *page_and_post(
        "commissioning:document-add",
        in_place("other_partnership"),
        at("other_partnership"),
        about="another's",
    ),
    Row(
        "commissioning:document-download",
        only(*(VIEWERS["partnership"] - {"administrator"}), otherwise=404),
        lambda world: {"number": world.document.pk},
        "our own",
    ),
    Row(
        "commissioning:document-download",
        only("national_reviewer", otherwise=404),
        lambda world: {"number": world.other_document.pk},
        "another's",
    ),
]
RULES = [
    Row("commissioning:rule-set-list", everybody()),
    Row("commissioning:rule-set-detail", everybody(), lambda world: {"code": world.rule_set.code}),
    *page_and_post("commissioning:rule-set-publish", ADMINISTRATOR),
]
JOBS = [
    Row("commissioning:job-list", everybody()),
    *(
        Row(
            name,
            only(*WATCHES_JOBS, otherwise=404),
            lambda world: {"number": world.job.pk},
            "ours",
        )
        for name in ("commissioning:job-detail", "commissioning:job-progress")
    ),
    *(
        Row(
            name,
            only("national_reviewer", "administrator", otherwise=404),
            lambda world: {"number": world.other_job.pk},
            "another's",
        )
        for name in ("commissioning:job-detail", "commissioning:job-progress")
    ),
    Row("commissioning:mail", everybody(404)),  # there is none outside a demonstration
]
ROWS = [*OPEN, *OWN, *PEOPLE, *OFFICES, *ORGANISATIONS, *RULES, *JOBS]
