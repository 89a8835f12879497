"""Rows that break the promises about how contracts perform."""

import datetime as dt

from django.db.models import DecimalField, Value
from django.db.models.functions import Cast

from providers.models import PerformanceMeasure, PerformanceReading
from tests.architecture.constraints import again
from tests.factories.contracts import (
    CommentFactory,
    MeasureFactory,
    MonitoringReturnFactory,
    ReadingFactory,
)

# Any comparison with `>=` alone lets it through.
NAN = Cast(Value("NaN"), DecimalField(max_digits=9, decimal_places=2))


def target_of_no_number():
    PerformanceMeasure.objects.filter(pk=MeasureFactory().pk).update(target=NAN)


def reading_of_no_number():
    PerformanceReading.objects.filter(pk=ReadingFactory().pk).update(value=NAN)


BREAKING = {
    "measure_is_in_a_schedule_once": lambda: again(MeasureFactory()),
    "measure_is_agreed_a_day_or_more": lambda: MeasureFactory(
        agreed_from=dt.date(2006, 10, 1), agreed_until=dt.date(2006, 10, 1)
    ),
    "measure_target_is_a_number": target_of_no_number,
    "measure_is_read_once_a_quarter": lambda: again(ReadingFactory()),
    "reading_is_a_number": reading_of_no_number,
    "reading_has_a_value_or_says_why_not": lambda: ReadingFactory(value=None),
    "monitoring_return_is_sent_once_a_quarter": lambda: again(MonitoringReturnFactory()),
    "monitoring_return_says_something": lambda: MonitoringReturnFactory(narrative=""),
    "performance_comment_says_something": lambda: CommentFactory(text=""),
    "remedy_is_due_by_a_day": lambda: CommentFactory(remedy="Call whoever left."),
}
