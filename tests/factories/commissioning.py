"""Organisations, people and rule sets."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from commissioning.choices import FactKind, OrganisationKind
from commissioning.models import (
    Membership,
    Organisation,
    OrganisationFact,
    Partnership,
    RuleSet,
    User,
)
from commissioning.roles import Role
from commissioning.rule_settings import DEFAULTS

LONG_AGO = dt.date(1998, 4, 1)


class OrganisationFactory(DjangoModelFactory):
    """A primary care trust, unless `kind` says otherwise."""

    kind = OrganisationKind.PCT
    code = factory.Sequence(lambda n: f"ORG{n}")
    name = factory.LazyAttribute(lambda made: f"{made.kind.label} {made.code}")

    class Meta:
        model = Organisation


class NationFactory(OrganisationFactory):
    """England, once."""

    kind = OrganisationKind.NATION
    code = "ENG"
    name = "England"

    class Meta:
        django_get_or_create = ("kind", "code")


class RegionFactory(OrganisationFactory):
    kind = OrganisationKind.REGION
    code = factory.Sequence(lambda n: f"R{n}")
    name = factory.Sequence(lambda n: f"Region {n}")


class PartnershipFactory(DjangoModelFactory):
    """A partnership in a region of its own; `region=None` for none, `dip_intensive=True`."""

    organisation = factory.SubFactory(
        OrganisationFactory,
        kind=OrganisationKind.PARTNERSHIP,
        code=factory.Sequence(lambda n: f"P{n:03}"),
        name=factory.Sequence(lambda n: f"Partnership {n}"),
    )
    authority_type = "Unitary authority"

    class Meta:
        model = Partnership
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model_class, *args, **words):
        region = words.pop("region", False)
        dip_intensive = words.pop("dip_intensive", False)
        made = super()._create(model_class, *args, **words)
        if region is not None:
            FactFactory(
                organisation=made.organisation,
                kind=FactKind.IN_REGION,
                other=region or RegionFactory(),
            )
        if dip_intensive:
            FactFactory(organisation=made.organisation, kind=FactKind.DIP_INTENSIVE)
        return made


class FactFactory(DjangoModelFactory):
    """A dated fact, true since long ago."""

    organisation = factory.SubFactory(OrganisationFactory)
    kind = FactKind.IN_REGION
    from_on = LONG_AGO

    class Meta:
        model = OrganisationFact


class UserFactory(DjangoModelFactory):
    """Someone who holds no role. `UserFactory(lead_of=partnership, analyst_of=other)` gives roles.

    A role is given on an organisation, a partnership or a provider, since long ago.
    """

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")

    class Meta:
        model = User

    @classmethod
    def _create(cls, model_class, *args, **words):
        held = {role: words.pop(f"{role.lower()}_of", None) for role in Role}
        password = words.pop("password", None)
        made = model_class(*args, **words)
        if password:
            made.set_password(password)
        else:
            made.set_unusable_password()
        made.save()
        for role, place in held.items():
            if place is not None:
                MembershipFactory(
                    user=made, role=role, organisation=getattr(place, "organisation", place)
                )
        return made


class MembershipFactory(DjangoModelFactory):
    """A role held since long ago."""

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(
        OrganisationFactory,
        kind=OrganisationKind.PARTNERSHIP,
        code=factory.Sequence(lambda n: f"M{n:03}"),
    )
    role = Role.COMMISSIONER
    from_on = LONG_AGO

    class Meta:
        model = Membership


class RuleSetFactory(DjangoModelFactory):
    """The settings as they come, in force since long ago.

    `RuleSetFactory(rules=dataclasses.replace(DEFAULTS, journey_join_days=28))` for others.
    """

    code = factory.Sequence(lambda n: f"RULES-{n}")
    valid_from = LONG_AGO
    reason = "The rules a test begins with."

    class Meta:
        model = RuleSet

    @classmethod
    def _create(cls, model_class, *args, **words):
        words["settings"] = words.pop("rules", DEFAULTS).to_json()
        return super()._create(model_class, *args, **words)


def signed_in(client, **words):
    """A person who is signed in at the client, with the roles of a `UserFactory`."""
    person = UserFactory(**words)
    client.force_login(person)
    return person


def region_of(partnership):
    """The region's organisation."""
    return partnership.organisation.facts.get().other
