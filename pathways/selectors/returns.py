"""Returns as a person reaches them: the file, whose part of it they see, and what they may do."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from commissioning.choices import OrganisationKind
from commissioning.models import Job, Organisation, User
from commissioning.roles import Permission
from commissioning.selectors.organisations import partnerships_in
from pathways.choices import Grade, ReturnState, UploadState
from pathways.models import Finding, Return, Upload
from pathways.models.returns import FindingQuerySet
from providers.models import Agency, Provider

SOFT = (Grade.QUALITY, Grade.RETURN)


@dataclass(frozen=True)
class ReachedReturn:
    """A file, and the returns in it that one person may view, all of one provider.

    `is_whole`: the file is the provider's own and the person reaches all of the provider. A file
    of many providers, or a partnership's view of a provider, is only its reached agencies.
    """

    upload: Upload
    provider: Provider
    returns: Sequence[Return]
    is_whole: bool
    may_send: bool
    may_see_records: bool

    @property
    def may_decide(self) -> bool:
        """Whether the person may confirm or reject the file."""
        return self.may_send and self.is_whole

    @property
    def agency_ids(self) -> list[int]:
        return [one.agency_id for one in self.returns]

    @property
    def rows(self) -> int:
        return self.upload.rows if self.is_whole else sum(one.rows for one in self.returns)

    def findings(self) -> FindingQuerySet:
        """What the checks found in what the person reaches."""
        found = Finding.objects.filter(upload=self.upload)
        return found if self.is_whole else found.filter(agency__in=self.agency_ids)

    def needs_reason(self) -> bool:
        """Whether there are findings that load only once somebody says why they are right."""
        return self.findings().filter(grade__in=SOFT).exists()

    def nothing_to_load(self) -> bool:
        """Whether every episode of the file is left out for its errors."""
        return self.upload.state == UploadState.CHECKED and not any(
            one.episodes > one.episodes_rejected or one.rows_without_consent
            for one in self.returns
        )


def reached_return(person: User, *, provider: str, number: int) -> ReachedReturn | None:
    """The return that an address names, as far as the person may view it; None for not at all."""
    upload = (
        Upload.objects.select_related("provider__organisation", "uploaded_by", "confirmed_by")
        .select_related("rule_set")
        .filter(pk=number)
        .first()
    )
    of_provider = None if upload is None else _provider_at(provider, upload)
    if upload is None or of_provider is None:
        return None
    returns = list(
        Return.objects.permitted(person, Permission.RETURN_VIEW)
        .filter(upload=upload, agency__provider=of_provider)
        .select_related("agency__partnership__organisation")
        .order_by("agency__name", "pk")
    )
    covers = person.reach(Permission.RETURN_VIEW).covers(of_provider.pk)
    is_whole = covers and upload.provider_id == of_provider.pk
    if not (is_whole or returns):
        return None
    return ReachedReturn(
        upload=upload,
        provider=of_provider,
        returns=returns,
        is_whole=is_whole,
        may_send=person.reach(Permission.RETURN_SEND).covers(of_provider.pk),
        may_see_records=person.reach(Permission.RETURN_RECORDS_VIEW).covers(of_provider.pk),
    )


def _provider_at(code: str, upload: Upload) -> Provider | None:
    """The provider of the code: who sent the file, as a rule."""
    if upload.provider is not None and upload.provider.code == code:
        return upload.provider
    return Provider.objects.select_related("organisation").filter(organisation__code=code).first()


def address_of(upload: Upload, provider: str) -> str:
    """The page of a return, under the returns of the provider of that code."""
    return f"{reverse('pathways:return-list', args=[provider])}{upload.number}/"


def reporting_agencies(
    person: User, organisation: Organisation, *, on: dt.date
) -> QuerySet[Agency]:
    """The agencies whose returns a provider sends, or that stand in a partnership or region."""
    agencies = (
        Agency.objects.permitted(person, Permission.RETURN_VIEW)
        .select_related("provider__organisation", "partnership__organisation")
        .order_by("name", "pk")
    )
    match organisation.kind:
        case OrganisationKind.PROVIDER:
            return agencies.filter(provider=organisation.pk)
        case OrganisationKind.PARTNERSHIP:
            return agencies.filter(partnership=organisation.pk)
        case OrganisationKind.REGION:
            within = partnerships_in(organisation, on=on)
            return agencies.filter(partnership__in=within.values("pk"))
        case _:
            return agencies


def files_of(person: User, provider: Provider) -> QuerySet[Upload]:
    """The files a provider sent, the newest first."""
    return (
        Upload.objects.permitted(person, Permission.RETURN_VIEW)
        .filter(provider=provider)
        .select_related("uploaded_by")
        .newest_first()
    )


def jobs_of(upload: Upload) -> list[Job]:
    """The jobs that follow the file's events, in order. The caller has reached the file."""
    return list(
        Job.objects.filter(event__cause__startswith=f"upload:{upload.number}:")
        .select_related("event")
        .order_by("pk")
    )


def newest_of_each(returns: Sequence[Return]) -> dict[int, int]:
    """The file of each agency's newest loaded return, by agency: the one that can be undone."""
    return dict(
        Return.objects.filter(
            agency__in=[one.agency_id for one in returns], state=ReturnState.LOADED
        )
        .order_by("agency", "-sequence")
        .distinct("agency")
        .values_list("agency", "upload")
    )
