"""Episodes of treatment as returns brought them, version by version, and their modalities.

A return brings a version of each episode that is new or says something new. Loading makes it
current and supersedes the agency's older version; undoing makes the older one current again. What
a version says is never edited: that is the history of these records.
"""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from commissioning.models import Partnership
from commissioning.scoping import Permitted
from pathways.choices import Residence
from pathways.models.returns import Return
from providers.models import Agency


def not_before(later: str, earlier: str) -> Q:
    """Where both days are given, one is not before the other."""
    return (
        Q(**{f"{later}__gte": F(earlier)})
        | Q(**{f"{later}__isnull": True})
        | Q(**{f"{earlier}__isnull": True})
    )


class EpisodeQuerySet(Permitted["Episode"]):
    """Reached through the partnership of residence, or the provider that treats."""

    partnership_path = "partnership"
    provider_path = "agency__provider"

    def current(self) -> Self:
        return self.filter(is_current=True)


class Episode(models.Model):
    """One version of a spell of treatment at one agency, by the code it has there.

    The client is a pseudonym: a keyed hash of the NDTMS attributor (both initials, date of birth,
    sex). None of these but the sex, nor any name, address or number, is held.
    """

    # No index of its own where a constraint or an index below begins with the column. What a
    # return brought is found among its agency's current versions.
    # The keys without a constraint of their own are checked a statement at a time, below: a load
    # writes hundreds of thousands of rows, and a check of each costs more than writing it.
    reported_in = models.ForeignKey(
        Return, models.PROTECT, related_name="brought", db_index=False, db_constraint=False
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    client_ref = models.CharField("CLIENTID", max_length=40)
    episode_ref = models.CharField("EPISODID", max_length=40)
    is_current = models.BooleanField()
    # The return that brought a newer version, withdrew consent or confirmed the removal.
    superseded_by = models.ForeignKey(
        Return,
        models.PROTECT,
        null=True,
        related_name="superseded",
        db_index=False,
        db_constraint=False,
    )

    person = models.UUIDField()
    partnership = models.ForeignKey(
        Partnership,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    residence = models.CharField(max_length=8, choices=Residence.choices)
    dat = models.CharField("DAT", max_length=20, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    age_at_triage = models.PositiveSmallIntegerField()
    ethnic = models.CharField(max_length=2, blank=True)
    referral_source = models.CharField(max_length=4, blank=True)
    referred_on = models.DateField()
    triaged_on = models.DateField()
    discharged_on = models.DateField(null=True)
    discharge_reason = models.CharField(max_length=4, blank=True)
    care_planned_on = models.DateField(null=True)
    main_drug = models.CharField(max_length=6)
    second_drug = models.CharField(max_length=6, blank=True)
    third_drug = models.CharField(max_length=6, blank=True)
    route = models.CharField(max_length=2, blank=True)
    injecting = models.CharField(max_length=2, blank=True)
    accommodation_need = models.CharField(max_length=2, blank=True)
    pregnant = models.CharField(max_length=2, blank=True)
    hepatitis_b_status = models.CharField(max_length=2, blank=True)
    hepatitis_b_vaccination = models.CharField(max_length=2, blank=True)
    hepatitis_c_status = models.CharField(max_length=2, blank=True)
    hepatitis_c_tested = models.CharField(max_length=2, blank=True)
    employment = models.CharField(max_length=4, blank=True)
    dual_diagnosis = models.CharField(max_length=2, blank=True)
    previously_treated = models.CharField(max_length=2, blank=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "client_ref", "episode_ref"],
                condition=Q(is_current=True),
                name="episode_has_one_current_version",
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(superseded_by__isnull=True),
                name="episode_is_not_current_once_superseded",
            ),
            models.CheckConstraint(
                condition=Q(residence=Residence.KNOWN, partnership__isnull=False)
                | (~Q(residence=Residence.KNOWN) & Q(partnership__isnull=True)),
                name="episode_lies_in_a_partnership_or_a_named_bucket",
            ),
            models.CheckConstraint(
                condition=not_before("triaged_on", "referred_on"),
                name="episode_triage_follows_referral",
            ),
            models.CheckConstraint(
                condition=not_before("discharged_on", "triaged_on"),
                name="episode_discharge_follows_triage",
            ),
            models.CheckConstraint(
                condition=Q(discharge_reason="") | Q(discharged_on__isnull=False),
                name="episode_has_a_reason_only_once_discharged",
            ),
        ]
        indexes = [
            models.Index(fields=["person"], name="episodes_by_person"),
            models.Index(
                fields=["partnership"], condition=Q(is_current=True), name="episodes_by_residence"
            ),
            models.Index(
                fields=["superseded_by"],
                condition=Q(superseded_by__isnull=False),
                name="superseded_episodes",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="episode_refers_to_what_is_there",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="versions"),  # type: ignore[no-untyped-call]
                func="""
                    IF EXISTS (
                        SELECT FROM (
                            SELECT DISTINCT reported_in_id, agency_id, partnership_id,
                                superseded_by_id
                            FROM versions
                        ) v
                        LEFT JOIN pathways_return r
                            ON r.id = v.reported_in_id AND r.agency_id = v.agency_id
                        LEFT JOIN commissioning_partnership p
                            ON p.organisation_id = v.partnership_id
                        WHERE r.id IS NULL
                            OR (v.partnership_id IS NOT NULL AND p.organisation_id IS NULL)
                            OR v.superseded_by_id IS NOT NULL
                    ) THEN
                        RAISE foreign_key_violation USING MESSAGE =
                            'episode_refers_to_what_is_there: no such return or partnership';
                    END IF;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="episode_is_superseded_by_its_agencys_return",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                referencing=pgtrigger.Referencing(new="versions"),  # type: ignore[no-untyped-call]
                func="""
                    IF EXISTS (
                        SELECT FROM versions v
                        LEFT JOIN pathways_return r
                            ON r.id = v.superseded_by_id AND r.agency_id = v.agency_id
                        WHERE v.superseded_by_id IS NOT NULL AND r.id IS NULL
                    ) THEN
                        RAISE foreign_key_violation USING MESSAGE =
                            'episode_is_superseded_by_its_agencys_return: no such return';
                    END IF;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Protect(name="episode_versions_are_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.client_ref}/{self.episode_ref}"


class ModalityQuerySet(Permitted["Modality"]):
    """Reached as their episodes are."""

    partnership_path = "episode__partnership"
    provider_path = "episode__agency__provider"

    def current(self) -> Self:
        return self.filter(episode__is_current=True)


class Modality(models.Model):
    """One intervention within a version of an episode (`MODAL` and its dates)."""

    episode = models.ForeignKey(
        Episode,
        models.CASCADE,
        related_name="modalities",
        db_index=False,
        db_constraint=False,
    )
    ref = models.CharField("MODID", max_length=40)
    kind = models.PositiveSmallIntegerField("MODAL")
    referred_on = models.DateField("REFMODDT", null=True)
    first_offered_on = models.DateField("FAOMODDT", null=True)
    started_on = models.DateField("MODST", null=True)
    ended_on = models.DateField("MODEND", null=True)
    exit = models.CharField("MODEXIT", max_length=2, blank=True)

    objects = ModalityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "modalities"
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "ref"], name="modality_is_once_in_an_episode"
            ),
            models.CheckConstraint(
                condition=not_before("started_on", "referred_on"),
                name="modality_starts_once_referred",
            ),
            models.CheckConstraint(
                condition=not_before("ended_on", "started_on"), name="modality_ends_once_started"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="modality_is_of_an_episode_that_is_there",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="modalities"),  # type: ignore[no-untyped-call]
                func="""
                    IF EXISTS (
                        WITH span AS (
                            SELECT min(episode_id) AS first, max(episode_id) AS last
                            FROM modalities
                        )
                        SELECT episode_id FROM modalities
                        EXCEPT
                        SELECT id FROM pathways_episode
                        WHERE id >= (SELECT first FROM span) AND id <= (SELECT last FROM span)
                    ) THEN
                        RAISE foreign_key_violation USING MESSAGE =
                            'modality_is_of_an_episode_that_is_there: no such episode';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.episode} {self.ref}"


class Repeat(models.Model):
    """A return names an episode and the older version stands.

    Because it says the same again, or because what it says now is left out for its errors. With
    the versions a return brought, these are the episodes that were in it: what the next return
    is held against.
    """

    repeated_in = models.ForeignKey(Return, models.CASCADE, related_name="repeats", db_index=False)
    episode = models.ForeignKey(Episode, models.CASCADE, related_name="repeats")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["repeated_in", "episode"], name="return_repeats_an_episode_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.episode} again in {self.repeated_in}"
