"""Loading the demonstration: a synthetic England, sent and confirmed as people would.

Whole partnerships at full density: every one of a region and one or two in each other. The
files go through the same services as a provider's own. Run again, it goes on where it stopped.
"""

import datetime as dt
import hashlib
import shutil
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from commissioning.choices import FactKind
from commissioning.demonstration.plans import load_plans
from commissioning.kernel.periods import Period
from commissioning.models import Event, Organisation, Partnership, User
from commissioning.scoping import System
from commissioning.services.jobs import settle
from commissioning.services.organisations import state_fact
from commissioning.services.reference import BEGINNING, load_reference
from pathways.choices import UploadState
from pathways.demonstration.england import england
from pathways.demonstration.geography import chosen_partnerships, full_density
from pathways.demonstration.register import Register
from pathways.demonstration.returns import Manifest, WrittenFile, write_returns
from pathways.models import Upload
from pathways.services.checking import check_file
from pathways.services.confirming import confirm_upload
from pathways.services.loading import load_file
from pathways.services.receiving import AlreadyReceived, receive_upload
from providers.models import Agency, Provider
from providers.services.providers import add_agency, add_provider
from reporting.choices import LongWaitCause, LongWaitState
from reporting.demonstration.bodies import name_at_first, rename_as_now, state_members
from reporting.demonstration.market import Market
from reporting.demonstration.people import (
    LEAD,
    NATIONAL,
    REVIEWER,
    keep_password,
    people,
    sign_in,
)
from reporting.models import LongWait
from reporting.services.evidence import write_evidence
from reporting.services.forecasts import forecast_plans
from reporting.services.long_wait_notices import refresh_long_waits
from reporting.services.long_wait_reviews import close_long_wait
from reporting.services.refresh import refresh_everything

BY = System("load_demonstration")
LOADED = "demonstration.loaded"
SEED = 2006
REASON = "Demonstration: accepted as it was sent."

# The North East entire; Rochdale, Sheffield, Derby, Coventry, Peterborough, Lambeth and Camden,
# Brighton and Hove, Plymouth.
WHOLE_REGION = "A"
ELSEWHERE = ("00BQ", "00CG", "00FK", "00CQ", "00JA", "00AY", "00AG", "00ML", "00HG")
OTHER_REGION = "E"  # the East Midlands, whose partnerships have plans too
HOME = "00CH"  # Gateshead, where the demonstration's people work

# Waits found earlier have been reviewed by the lead; with which cause and outcome, in turn.
REVIEWED_BEFORE = dt.date(2006, 11, 1)
REVIEWS = (
    (LongWaitCause.CAPACITY, "A second prescriber holds a clinic from October.", "Seen."),
    (LongWaitCause.CLIENT, "Two more appointments were offered.", "Started."),
    (LongWaitCause.ASSESSMENT, "Assessments are booked at the first contact.", "Started."),
    (LongWaitCause.CAPACITY, "Places were moved from another clinic.", "Started."),
    (LongWaitCause.RECORD, "The agency corrects the date in its next return.", "Corrected."),
)

SENT_AFTER_DAYS = (6, 8, 9, 10, 12, 13, 14, 15, 18, 24)  # by the sender's habit

Tell = Callable[[str], None]


def load_demonstration(
    *, folder: Path, password: str, today: dt.date, whole: bool, tell: Tell
) -> None:
    """Load everything that is not there yet. `whole` for all 149 partnerships."""
    if Event.objects.filter(cause=LOADED).exists():
        keep_password(password)
        tell("The demonstration is loaded already.")
        Market(home=HOME, today=today, tell=tell).state_boards_again()
        return
    tell("Reference data: areas, framework, rules")
    load_reference(by=BY)
    chosen = chosen_partnerships(None if whole else _chosen_codes())
    register = england(chosen)
    tell(f"{len(register.providers)} providers and {len(register.agencies)} agencies")
    found(register)
    sign_in(people(register, home=HOME, region=WHOLE_REGION), password=password)
    clients = full_density(chosen)
    tell(f"Drawing {clients:,} people of {len(chosen)} partnerships")
    manifest = _write(folder, clients=clients, register=register, tell=tell)
    for number, file in enumerate(manifest.files, start=1):
        tell(f"Return {number} of {len(manifest.files)}: {file.file}, {file.rows:,} rows")
        _send(folder / file.file, file, today=today)
        following = manifest.files[number] if number < len(manifest.files) else None
        if following is None or following.cut_off != file.cut_off:
            refresh_long_waits(
                on=dt.date.fromisoformat(file.cut_off), cause=f"{LOADED}:{file.cut_off}"
            )
    tell(f"Reviewing the waits found before {REVIEWED_BEFORE:%B %Y}")
    _review_long_waits()
    tell("Counting every indicator")
    refresh_everything(cause=LOADED)
    write_evidence(on=today, every_year=True)
    market = Market(home=HOME, today=today, tell=tell)
    market.offer()
    load_plans(
        regions=(WHOLE_REGION, OTHER_REGION),
        home=HOME,
        lead=User.objects.get(email=LEAD),
        reviewers={
            WHOLE_REGION: User.objects.get(email=REVIEWER),
            OTHER_REGION: User.objects.get(email=NATIONAL),
        },
        today=today,
        tell=tell,
        providers=_providers_of_partnerships(),
        award=market.contracts().award_on,
    )
    market.finish()
    forecast_plans(on=today)
    settle(note="Done when the demonstration was loaded.")
    Event.objects.create(name=LOADED, cause=LOADED)
    shutil.rmtree(folder)


def _chosen_codes() -> list[str]:
    whole = [one.code for one in chosen_partnerships(None) if one.region_code == WHOLE_REGION]
    return [*whole, *ELSEWHERE]


def found(register: Register) -> None:
    """Providers, agencies, who makes up the home partnership, and the areas with the intensive
    Drug Interventions Programme.
    """
    places = {one.code: one for one in Partnership.objects.by_name()}
    held = {one.code: one for one in Provider.objects.by_name()}
    for provider in register.providers:
        if provider.code not in held:
            held[provider.code] = add_provider(
                code=provider.code,
                name=name_at_first(provider.code, provider.name),
                opened_on=BEGINNING,
                by=BY,
            )
        rename_as_now(provider=held[provider.code].organisation, name=provider.name, by=BY)
    known = set(Agency.objects.values_list("code", flat=True))
    for agency in register.agencies:
        if agency.code not in known:
            add_agency(
                provider=held[agency.provider_code],
                code=agency.code,
                name=agency.name,
                partnership=places.get(agency.partnership_code),
                is_prison=agency.is_prison,
                opened_on=BEGINNING,
                by=BY,
            )
    stated = set(
        Organisation.objects.filter(facts__kind=FactKind.DIP_INTENSIVE).values_list(
            "code", flat=True
        )
    )
    for area in register.partnerships:
        if area.is_dip_intensive and area.code not in stated:
            state_fact(
                organisation=places[area.code].organisation,
                kind=FactKind.DIP_INTENSIVE,
                other=None,
                from_on=dt.date(2003, 4, 1),
                by=BY,
            )
    state_members(partnership=places[HOME].organisation, by=BY)


def _review_long_waits() -> None:
    """The lead has closed what was found before the last months; those wait for whoever tries."""
    lead = User.objects.get(email=LEAD)
    found = LongWait.objects.filter(
        partnership__organisation__code=HOME,
        found_on__lt=REVIEWED_BEFORE,
        state=LongWaitState.FOUND,
    ).order_by("pk")
    for wait, (cause, action, outcome) in zip(found, cycle(REVIEWS), strict=False):
        close_long_wait(
            wait=wait,
            version=wait.version,
            cause=cause,
            action=action,
            outcome=outcome,
            on=wait.found_on + dt.timedelta(days=14),
            by=lead,
        )


def _providers_of_partnerships() -> dict[str, list[str]]:
    """The codes of the providers with an agency in each partnership, by its code."""
    found: dict[str, list[str]] = {}
    agencies = Agency.objects.filter(partnership__isnull=False, is_prison=False).order_by("code")
    for partnership, provider in agencies.values_list(
        "partnership__organisation__code", "provider__organisation__code"
    ):
        if provider not in found.setdefault(partnership, []):
            found[partnership].append(provider)
    return found


def _write(folder: Path, *, clients: int, register: Register, tell: Tell) -> Manifest:
    shutil.rmtree(folder, ignore_errors=True)
    told = 0

    def drawn(number: int) -> None:
        nonlocal told
        if number * 5 // clients > told:
            told = number * 5 // clients
            tell(f"  {number:,} of {clients:,} people drawn")

    return write_returns(
        clients=clients,
        seed=SEED,
        folder=folder,
        chosen=register.partnerships,
        progress=drawn,
    )


def _send(path: Path, file: WrittenFile, *, today: dt.date) -> None:
    """Receive, check, confirm and load one file, or go on where an earlier run stopped."""
    try:
        with path.open("rb") as stream:
            upload = receive_upload(
                stream=stream,
                filename=path.name,
                month=Period.parse(file.reporting_month).start,
                cut_off=dt.date.fromisoformat(file.cut_off),
                provider=_sender(file),
                by=BY,
                today=min(_sent_on(file), today),
            )
    except AlreadyReceived as again:
        upload = Upload.objects.get(pk=again.upload.pk)
    if upload.state == UploadState.UPLOADED:
        upload = check_file(number=upload.number, by=BY)
    if upload.state == UploadState.REJECTED:
        raise RuntimeError(f"{path.name} was rejected: {upload.refusal}")
    if upload.state == UploadState.CHECKED:
        upload = confirm_upload(upload=upload, reason=REASON, remove_vanished=False, by=BY)
    if upload.state == UploadState.CONFIRMED:
        load_file(number=upload.number, by=BY)


def _sent_on(file: WrittenFile) -> dt.date:
    """Some days after its last day: most senders are in time, a few are late with every file."""
    habit = int(hashlib.sha256(file.sender.encode()).hexdigest(), 16) % len(SENT_AFTER_DAYS)
    return dt.date.fromisoformat(file.cut_off) + dt.timedelta(days=SENT_AFTER_DAYS[habit])


def _sender(file: WrittenFile) -> Provider | None:
    """Monthly files are a provider's own; yearly ones span the providers of a region."""
    if not file.is_monthly:
        return None
    return Provider.objects.get(organisation__code=file.sender)
