"""Two of everything: ours, and somebody else's that exists just as well.

Everybody of `PEOPLE` works in `partnership` (which lies in `region`) or `provider`; what is called
`other_...` is foreign to all but those of the nation. Each thing is made when it is first asked
for; an app adds its own as cached properties.
"""

import datetime as dt
from functools import cached_property

from django.core.files.base import ContentFile

from commissioning.models import (
    ApiKey,
    Document,
    Event,
    Heartbeat,
    Job,
    Organisation,
    RuleSet,
    User,
)
from commissioning.scoping import System
from commissioning.services.api_keys import make_key
from commissioning.services.jobs import SWEEPER
from commissioning.services.plans.quarters import open_reports
from pathways.models import Upload
from pathways.services.checking import check_file
from pathways.services.receiving import receive_upload
from providers.services.places import hold_place, open_place
from providers.services.places.reminding import make_link
from tests.factories.activity import ActivityReturnFactory, OpenAccessFactory
from tests.factories.aftercare import LinkFactory, ServiceLinkFactory
from tests.factories.call_offs import CallOffFactory, ExtensionFactory
from tests.factories.commissioning import (
    FactFactory,
    MembershipFactory,
    NationFactory,
    OrganisationFactory,
    PartnershipFactory,
    RegionFactory,
    RuleSetFactory,
    UserFactory,
)
from tests.factories.contracts import contract_of
from tests.factories.pathways import clients, ndtms_file
from tests.factories.plans import FundingFactory, LineFactory, PlanFactory, StreamFactory
from tests.factories.providers import (
    AgencyFactory,
    DeliveredFactory,
    ProviderFactory,
    ServiceFactory,
)
from tests.factories.quality import PreferredFactory, QualityRecordFactory
from tests.factories.register import SchemeMemberFactory
from tests.factories.reporting import long_wait

# Who asks → the role, and where it is held. `nobody` is signed out.
HELD = {
    "lead": ("LEAD", "partnership"),
    "commissioner": ("COMMISSIONER", "partnership"),
    "care_manager": ("CARE_MANAGER", "partnership"),
    "approver": ("FINANCE_APPROVER", "partnership"),
    "analyst": ("ANALYST", "partnership"),
    "provider_manager": ("PROVIDER_MANAGER", "provider"),
    "provider_staff": ("PROVIDER_STAFF", "provider"),
    "keyworker": ("KEYWORKER", "provider"),
    "regional_reviewer": ("REVIEWER", "region"),
    "national_reviewer": ("REVIEWER", "nation"),
    "administrator": ("ADMINISTRATOR", "nation"),
}
NOBODY = "nobody"
PEOPLE = (*HELD, NOBODY)


class World:
    """What exists while a row of the table is tried."""

    @cached_property
    def nation(self) -> Organisation:
        return NationFactory()

    @cached_property
    def region(self) -> Organisation:
        return RegionFactory()

    @cached_property
    def other_region(self) -> Organisation:
        return RegionFactory()

    @cached_property
    def partnership(self) -> Organisation:
        return PartnershipFactory(region=self.region).organisation

    @cached_property
    def other_partnership(self) -> Organisation:
        return PartnershipFactory(region=self.other_region).organisation

    @cached_property
    def provider(self) -> Organisation:
        return ProviderFactory().organisation

    @cached_property
    def other_provider(self) -> Organisation:
        return ProviderFactory().organisation

    @cached_property
    def agency(self):
        return AgencyFactory(
            provider=self.provider.provider, partnership=self.partnership.partnership
        )

    @cached_property
    def other_agency(self):
        return AgencyFactory(
            provider=self.other_provider.provider, partnership=self.other_partnership.partnership
        )

    @cached_property
    def bed(self):
        return open_place(
            service=ServiceFactory(provider=self.provider.provider),
            label="Bed 1",
            kind="BED",
            on=dt.date(2006, 4, 1),
            today=dt.date(2006, 4, 1),
            by=System("a test"),
        )

    @cached_property
    def other_bed(self):
        return open_place(
            service=ServiceFactory(provider=self.other_provider.provider),
            label="Bed 1",
            kind="BED",
            on=dt.date(2006, 4, 1),
            today=dt.date(2006, 4, 1),
            by=System("a test"),
        )

    @cached_property
    def hold(self):
        return self._hold(self.bed, self.partnership)

    @cached_property
    def other_hold(self):
        return self._hold(self.other_bed, self.other_partnership)

    @cached_property
    def call_off(self):
        """Ours waits for approval, with a longer stay asked for."""
        return self._call_off(self.bed, self.partnership)

    @cached_property
    def other_call_off(self):
        return self._call_off(self.other_bed, self.other_partnership)

    @cached_property
    def board_link(self) -> str:
        """The secret of a link that was sent to one who keeps the board."""
        return make_link(service=self.bed.service, person=self.provider_colleague, days=2)

    @cached_property
    def colleague(self) -> User:
        """Another commissioner of the partnership."""
        return UserFactory(commissioner_of=self.partnership)

    @cached_property
    def stranger(self) -> User:
        """A commissioner of the other partnership."""
        return UserFactory(commissioner_of=self.other_partnership)

    @cached_property
    def provider_colleague(self) -> User:
        return UserFactory(keyworker_of=self.provider)

    @cached_property
    def fact(self):
        return FactFactory(
            organisation=self.partnership,
            kind="HAS_MEMBER",
            other=OrganisationFactory(),
        )

    @cached_property
    def plan(self):
        """Our own, being written, with a line."""
        return self._plan(self.partnership)

    @cached_property
    def other_plan(self):
        return self._plan(self.other_partnership)

    @cached_property
    def report(self):
        """Of the first quarter of our agreed plan."""
        return self._report(self.partnership)

    @cached_property
    def other_report(self):
        return self._report(self.other_partnership)

    @cached_property
    def rule_set(self) -> RuleSet:
        return RuleSetFactory()

    @cached_property
    def upload(self) -> Upload:
        """A return of our agency, checked."""
        return self._upload(self.agency)

    @cached_property
    def other_upload(self) -> Upload:
        return self._upload(self.other_agency)

    @cached_property
    def job(self) -> Job:
        return self._job(self.partnership)

    @cached_property
    def other_job(self) -> Job:
        return self._job(self.other_partnership)

    @cached_property
    def document(self) -> Document:
        return self._document(self.partnership)

    @cached_property
    def other_document(self) -> Document:
        return self._document(self.other_partnership)

    @cached_property
    def heartbeat(self) -> dict[str, str]:
        """The sweeper ran a moment ago; no part of an address."""
        Heartbeat.objects.create(name=SWEEPER, at=dt.datetime.now(dt.UTC))
        return {}

    @cached_property
    def long_wait(self):
        return long_wait(self.agency)

    @cached_property
    def other_long_wait(self):
        return long_wait(self.other_agency)

    @cached_property
    def partnership_link(self):
        return LinkFactory(
            partner__organisation=self.partnership, partnership=self.partnership.partnership
        )

    @cached_property
    def other_partnership_link(self):
        return LinkFactory(
            partner__organisation=self.other_partnership,
            partnership=self.other_partnership.partnership,
        )

    @cached_property
    def provider_link(self):
        return self._service_link(self.provider)

    @cached_property
    def other_provider_link(self):
        return self._service_link(self.other_provider)

    @cached_property
    def draft_activity(self):
        """Our provider's first quarter, being filled in."""
        delivered = OpenAccessFactory(service__provider=self.provider.provider)
        return ActivityReturnFactory(service=delivered.service)

    @cached_property
    def other_counted(self):
        return OpenAccessFactory(service__provider=self.other_provider.provider)

    @cached_property
    def quality_record(self):
        return QualityRecordFactory(provider=self.provider.provider)

    @cached_property
    def quality_document(self):
        """What stands behind a record of our provider's quality."""
        made = self._document(self.provider)
        QualityRecordFactory(provider=self.provider.provider, document=made)
        return made

    @cached_property
    def provider_document(self):
        """Our provider's, shown with nothing."""
        return self._document(self.provider)

    @cached_property
    def partnership_preferred(self):
        return PreferredFactory(preferred_list__organisation=self.partnership)

    @cached_property
    def region_preferred(self):
        return PreferredFactory(preferred_list__organisation=self.region)

    @cached_property
    def contract(self):
        """Offered by our partnership to our provider, with a document and a variation."""
        return contract_of(self.provider, self.partnership)

    @cached_property
    def other_contract(self):
        return contract_of(self.other_provider, self.other_partnership)

    @cached_property
    def api_key(self) -> ApiKey:
        """The lead's."""
        return make_key(name="Figures", days=30, by=User.objects.get(name="lead"))[0]

    @cached_property
    def delivered(self):
        """What a service of our provider delivers, at a site of its own."""
        return DeliveredFactory(service__provider=self.provider.provider)

    @cached_property
    def other_delivered(self):
        return DeliveredFactory(service__provider=self.other_provider.provider)

    @cached_property
    def scheme_member(self):
        """A practice of our partnership in a shared-care scheme of ours."""
        return SchemeMemberFactory(scheme__partnership=self.partnership.partnership)

    @cached_property
    def other_scheme_member(self):
        return SchemeMemberFactory(scheme__partnership=self.other_partnership.partnership)

    def person(self, name: str) -> User | None:
        """One of `PEOPLE`; None for nobody."""
        if name == NOBODY:
            return None
        role, place = HELD[name]
        person = UserFactory(name=name, password="a password of theirs")
        MembershipFactory(user=person, role=role, organisation=getattr(self, place))
        return person

    def _plan(self, organisation: Organisation):
        stream = StreamFactory()
        FundingFactory(partnership=organisation.partnership, stream=stream)
        plan = PlanFactory(partnership=organisation.partnership)
        LineFactory(plan=plan, taking={stream: 500})
        return plan

    def _report(self, organisation: Organisation):
        plan = PlanFactory(partnership=organisation.partnership, year=2005, state="AGREED")
        return open_reports(plan=plan, by=System("a test"))[0]

    def _upload(self, agency) -> Upload:
        month = dt.date(2007, 1, 1)
        assert self.rule_set  # every return is checked by one
        upload = receive_upload(
            stream=ndtms_file(clients(2, AGNCY=agency.code)),
            filename="january.csv",
            month=month,
            cut_off=month + dt.timedelta(days=30),
            provider=agency.provider,
            by=System("a test"),
            today=dt.date(2007, 2, 15),
        )
        return check_file(number=upload.number, by=System("a test"))

    def _service_link(self, organisation: Organisation):
        return ServiceLinkFactory(
            partner__organisation=organisation, service__provider=organisation.provider
        )

    def _job(self, organisation: Organisation) -> Job:
        event = Event.objects.create(name="refresh.asked", cause=f"a test:{organisation.pk}")
        return Job.objects.create(
            event=event,
            task="reporting.refresh_everything",
            title="A job",
            organisation=organisation,
        )

    def _another(self, bed, label: str):
        """Another bed of the same service."""
        return open_place(
            service=bed.service,
            label=label,
            kind="BED",
            on=dt.date(2006, 4, 1),
            today=dt.date(2006, 4, 1),
            by=System("a test"),
        )

    def _hold(self, bed, organisation: Organisation):
        day = dt.date(2107, 2, 15)
        return hold_place(
            place=self._another(bed, "Bed 2"),
            nights=(day, day + dt.timedelta(days=7)),
            partnership=organisation.partnership,
            case="C-1",
            hours=48,
            by=System("a test"),
            on=day,
        )

    def _call_off(self, bed, organisation: Organisation):
        """In the far future, so that a plan of that year is nobody's."""
        day = dt.date(2107, 6, 15)
        made = CallOffFactory(
            place=self._another(bed, "Bed 3"),
            partnership=organisation.partnership,
            starts_on=day,
            ends_on=day + dt.timedelta(days=7),
            cost=700,
        )
        ExtensionFactory(
            call_off=made, since=made.ends_on, until=made.ends_on + dt.timedelta(days=7), cost=700
        )
        return made

    def _document(self, organisation: Organisation) -> Document:
        return Document.objects.create(
            organisation=organisation,
            name="strategy.txt",
            file=ContentFile(b"words", name="strategy.txt"),
            content_type="text/plain",
            size=5,
            sha256="0" * 64,
            added_by=UserFactory(),
        )
