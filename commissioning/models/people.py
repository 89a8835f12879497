"""People, and which role they hold where, from when until when."""

import datetime as dt
import secrets
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from commissioning.choices import FactKind, OrganisationKind
from commissioning.kernel.clock import business_day
from commissioning.models.organisations import (
    Organisation,
    OrganisationFact,
    days_from,
    in_force,
)
from commissioning.roles import GRANTS, Permission, Role
from commissioning.scoping import Permitted, Reach


def new_code() -> str:
    """What stands for a person in an address: says nothing about them and never changes."""
    return secrets.token_hex(5)


class UserManager(BaseUserManager["User"]):
    """People are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Someone who signs in."""

    code = models.CharField(max_length=20, unique=True, default=new_code, editable=False)
    email = models.EmailField("e-mail address", max_length=254)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_has_an_address_of_their_own"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def held_memberships(self) -> "list[Membership]":
        """Memberships in force on the business day; asked once for each request's user."""
        held: list[Membership] | None = self.__dict__.get("_held_memberships")
        if held is None:
            # The day on which rights hold is always the day they are used.
            held = (
                list(
                    self.memberships.filter(in_force(business_day()))
                    .select_related("organisation")
                    .order_by("organisation__kind", "organisation__name", "pk")
                )
                if self.is_active
                else []
            )
            self.__dict__["_held_memberships"] = held
        return held

    def reach(self, permission: Permission) -> Reach:
        """The organisations on whose rows this person holds the permission today."""
        known: dict[Permission, Reach] = self.__dict__.setdefault("_reaches", {})
        if permission not in known:
            known[permission] = self._reach(permission)
        return known[permission]

    def _reach(self, permission: Permission) -> Reach:
        held = [
            m.organisation for m in self.held_memberships() if permission in GRANTS[Role(m.role)]
        ]
        if any(place.kind == OrganisationKind.NATION for place in held):
            return Reach(nation=True)
        of = {
            kind: frozenset(place.pk for place in held if place.kind == kind)
            for kind in OrganisationKind
        }
        regions = of[OrganisationKind.REGION]
        return Reach(
            partnerships=of[OrganisationKind.PARTNERSHIP] | self._partnerships_in(regions),
            providers=of[OrganisationKind.PROVIDER],
            regions=regions,
        )

    def may(self, permission: Permission) -> bool:
        """Whether the person holds the permission anywhere."""
        return any(permission in GRANTS[Role(m.role)] for m in self.held_memberships())

    def permissions_at(self, kind: OrganisationKind, code: str) -> frozenset[Permission]:
        """What the person may do at the organisation known by the code; the nation needs none.

        The rights of a region hold for its partnerships, those of the nation everywhere.
        """
        held: frozenset[Permission] = frozenset()
        for one in self.held_memberships():
            place = one.organisation
            if (
                place.kind == OrganisationKind.NATION
                or (place.kind == kind and place.code == code)
                or (
                    place.kind == OrganisationKind.REGION
                    and kind == OrganisationKind.PARTNERSHIP
                    and code in self._codes_in(frozenset({place.pk})).values()
                )
            ):
                held |= GRANTS[Role(one.role)]
        return held

    def _partnerships_in(self, regions: frozenset[int]) -> frozenset[int]:
        return frozenset(self._codes_in(regions))

    def _codes_in(self, regions: frozenset[int]) -> dict[int, str]:
        """The regions' partnerships today, by id: their codes. Asked once."""
        if not regions:
            return {}
        known: dict[frozenset[int], dict[int, str]]
        known = self.__dict__.setdefault("_codes_of_regions", {})
        if regions not in known:
            facts = OrganisationFact.objects.on(business_day()).filter(
                kind=FactKind.IN_REGION, other__in=regions
            )
            known[regions] = dict(facts.values_list("organisation", "organisation__code"))
        return known[regions]


class MembershipQuerySet(Permitted["Membership"]):
    """Who holds which role where."""

    partnership_path = "organisation"
    provider_path = "organisation"
    region_path = "organisation"

    def in_force(self, day: dt.date) -> Self:
        return self.filter(in_force(day))


class Membership(models.Model):
    """A person holds a role in an organisation from a day until (not including) another."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    approval_limit = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="membership_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="membership_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(approval_limit__isnull=True)
                | Q(role=Role.FINANCE_APPROVER, approval_limit__range=(0, "9999999999.99")),
                name="membership_limit_is_a_finance_approvers",
            ),
            ExclusionConstraint(
                name="membership_is_held_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (days_from("from_on", "until_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} of {self.organisation}"
