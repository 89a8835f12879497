"""What a person was told. Work lists are derived elsewhere; this is what was said once."""

from typing import Self

from django.db import models

from commissioning.models.people import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices belong to a person, not to an organisation."""

    def for_person(self, person: User) -> Self:
        return self.filter(person=person).order_by("-pk")


class Notice(models.Model):
    """A sentence with a link, told to a person once for each cause."""

    person = models.ForeignKey(User, models.PROTECT, related_name="notices")
    sentence = models.CharField(max_length=300)
    link = models.CharField(max_length=300)
    cause = models.CharField(max_length=120)
    told_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "cause"], name="person_is_told_once_for_each_cause"
            ),
        ]

    def __str__(self) -> str:
        return self.sentence
