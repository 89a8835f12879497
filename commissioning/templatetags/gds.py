"""Tags and filters of every page: GOV.UK components, boxes, numbers and days."""

import datetime as dt
from functools import cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader

from commissioning.components import Chip, as_tag, as_verdict, known_tone
from commissioning.filter_chips import chips_of
from commissioning.kernel import words

register = template.Library()

for _written in (
    words.pounds,
    words.weeks,
    words.weeks_of_days,
    words.percent,
    words.points,
    words.count,
    words.joined,
):
    register.filter(_written.__name__, _written)
register.simple_tag(as_tag, name="tag")
register.simple_tag(as_verdict, name="verdict")


@cache
def _components() -> Environment:
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return Environment(loader=loader, undefined=ChainableUndefined, autoescape=True)


@cache
def _macro(component: str) -> Any:
    name = "govuk" + "".join(word.title() for word in component.split("-"))
    path = f"govuk_frontend_jinja/components/{component}/macro.html"
    return getattr(_components().get_template(path).module, name)


@register.simple_tag
def gds(component: str, **params: Any) -> SafeString:
    """A GOV.UK component by its name: {% gds "inset-text" text="..." %}.

    The parameters are those of the component's page in the GOV.UK design system.
    """
    # The component's own template has escaped what it was given.
    markup: str = _macro(component)(params)
    return mark_safe(markup)  # noqa: S308


@register.simple_block_tag
def keep(content: str) -> SafeString:
    """The content, for a second use: {% keep as heading %}{% block heading %}...{% endkeep %}."""
    return mark_safe(content.strip())  # noqa: S308 - rendered, so already escaped


@register.simple_block_tag
def panel(content: str, title: str, tone: str = "plain") -> SafeString:
    """A titled box: {% panel title=plan.name tone="watch" %}...{% endpanel %}."""
    return format_html(
        '<section class="app-panel app-panel--{}">'
        '<h2 class="govuk-heading-s app-panel__title">{}</h2>{}</section>',
        known_tone(tone),
        title,
        content,
    )


@register.simple_block_tag
def details(content: str, summary: str) -> SafeString:
    """Words that open on demand: {% details summary="..." %}...{% enddetails %}."""
    return format_html(
        '<details class="govuk-details"><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        summary,
        content,
    )


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """Why there is nothing here, and in the body what to do about it."""
    return format_html(
        '<div class="app-empty"><h2 class="govuk-heading-s">{}</h2>{}</div>', title, content
    )


@register.simple_block_tag
def region(content: str, label: str) -> SafeString:
    """A frame that scrolls sideways by itself, with a name and reachable by keyboard."""
    return format_html(
        '<div class="app-scroll" role="region" aria-label="{}" tabindex="0" data-scroll-region>'
        "{}</div>",
        label,
        content,
    )


@register.simple_tag
def applied_filters(filterset: Any) -> list[Chip]:
    """The chips of a filter in use."""
    return chips_of(filterset)


@register.filter
def day(value: object) -> SafeString | str:
    """A day as 6 May 2006; what is no day stays as it is."""
    if not isinstance(value, dt.date):
        return words.MISSING if value in (None, "") else str(value)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words.day(value))


@register.filter
def day_and_time(value: object) -> SafeString | str:
    """A moment, in London: 6 May 2006, 14:05. A day alone stays a day."""
    if not isinstance(value, dt.datetime):
        return day(value)
    moment = timezone.localtime(value) if timezone.is_aware(value) else value
    written = f"{words.day(moment.date())}, {moment:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), written)
