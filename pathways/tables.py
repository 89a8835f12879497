"""The list of what the checks found, for page and API."""

import django_tables2

from commissioning.components import Tone
from commissioning.kernel.words import MISSING
from commissioning.tables import CountColumn, Table, TagColumn
from pathways.checks import IN_FORCE
from pathways.choices import Grade
from pathways.models import Finding

TONES: dict[str, Tone] = {
    Grade.FILE: "bad",
    Grade.VALIDITY: "bad",
    Grade.QUALITY: "watch",
    Grade.RETURN: "watch",
    Grade.NOTE: "info",
}


class _RowOfFile(CountColumn):
    """The line of the file: what names a finding."""

    row_header = True


class FindingTable(Table):
    """Findings, row by row."""

    caption = "Findings"
    counted = ("finding", "findings")
    empty_title = "No findings"

    row = _RowOfFile(verbose_name="Row")
    rule = django_tables2.Column()
    grade = TagColumn(tone=lambda found: TONES[found.grade])
    field = django_tables2.Column(default=MISSING)
    value = django_tables2.Column(default=MISSING)
    agency = django_tables2.Column(accessor="agency__code", verbose_name="Agency", default=MISSING)
    client = django_tables2.Column(accessor="client_ref", verbose_name="CLIENTID", default=MISSING)
    episode = django_tables2.Column(
        accessor="episode_ref", verbose_name="EPISODID", default=MISSING
    )
    sentence = django_tables2.Column(verbose_name="What it says", orderable=False, empty_values=())

    class Meta:
        model = Finding
        fields: tuple[str, ...] = ()
        sequence = (
            "row",
            "rule",
            "grade",
            "field",
            "value",
            "agency",
            "client",
            "episode",
            "sentence",
        )

    def render_sentence(self, record: Finding) -> str:
        return record.sentence or IN_FORCE[record.rule].sentence
