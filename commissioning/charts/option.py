"""What all charts share: colours by part played, the frame of an option, how values are written.

Blue is ours, greys are the others for context, orange is a signal; what a colour says is also
said by a label, a shape or the table.
"""

from collections.abc import Callable
from typing import Any, Literal

from commissioning.kernel import words

Option = dict[str, Any]
Unit = Literal["percent", "weeks", "count", "pounds"]
Part = Literal["ours", "context", "signal"]

INK, QUIET, RULE = "#212b32", "#4c6272", "#d8dde0"
OURS, SIGNAL = "#005eb8", "#d5540a"
# One hue for context, told apart by lightness; the lightest still stands out from white.
CONTEXT = ("#4c6272", "#768692", "#919ea8", "#5d6f7b", "#84939e", "#6a7b87")
MOST_SERIES = 7
FONT = "Inter, Arial, sans-serif"


class TooManySeries(ValueError):
    """More lines than one can follow."""


def written(value: float | None, unit: Unit) -> str:
    """A value with its unit, as in the text: 83%, 2.4 weeks, 412, £1,174,983."""
    if value is None:
        return words.MISSING
    match unit:
        case "percent":
            return words.percent(value / 100)
        case "weeks":
            return f"{words.weeks(value)} weeks"
        case "count":
            return words.count(value)
        case "pounds":
            return words.pounds(value)


def colour(part: Part, place: int = 0) -> str:
    if part == "ours":
        return OURS
    return SIGNAL if part == "signal" else CONTEXT[place % len(CONTEXT)]


def refuse_too_many(number: int) -> None:
    if number > MOST_SERIES:
        raise TooManySeries(f"A chart shows at most {MOST_SERIES} series; this one has {number}.")


def frame(*, title: str, subtitle: str = "", description: str) -> Option:
    """The parts of an option that are the same in every chart. The title is shown in files only:
    on a page it is text above the picture."""
    return {
        "title": {
            "show": False,
            "text": title,
            "subtext": subtitle,
            "left": 8,
            "top": 8,
            "textStyle": {"fontSize": 18, "fontWeight": 600, "color": INK},
            "subtextStyle": {"fontSize": 13, "color": QUIET},
        },
        "aria": {"enabled": True, "label": {"description": description}},
        "animation": False,
        "textStyle": {"fontFamily": FONT, "fontSize": 13, "color": INK},
        "tooltip": {
            "renderMode": "richText",
            "trigger": "item",
            "confine": True,
            "backgroundColor": INK,
            "borderWidth": 0,
            "padding": [8, 10],
            "textStyle": {"color": "#ffffff", "fontSize": 13},
        },
    }


def value_axis(
    unit: Unit, *, name: str = "", smallest: float | None = 0, largest: float | None = None
) -> Option:
    """A measured axis: from zero unless told otherwise, with quiet lines across."""
    formats: dict[Unit, str] = {
        "percent": "{value}%",
        "weeks": "{value}",
        "count": "{value}",
        "pounds": "£{value}",
    }
    axis: Option = {
        "type": "value",
        "name": name,
        "nameTextStyle": {"color": QUIET, "align": "left", "padding": [0, 0, 4, 0]},
        "axisLabel": {"formatter": formats[unit], "color": QUIET, "fontSize": 13},
        "splitLine": {"lineStyle": {"color": "#e8edee"}},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitNumber": 4,
    }
    if smallest is not None:
        axis["min"] = smallest
    if largest is not None:
        axis["max"] = largest
    if unit == "count":
        axis["minInterval"] = 1
    if unit == "percent" and (smallest, largest) == (0, 100):
        axis["interval"] = 20
    return axis


def category_axis(labels: list[str], **more: Any) -> Option:
    return {
        "type": "category",
        "data": labels,
        "axisLabel": {"color": INK, "fontSize": 13, "hideOverlap": True},
        "axisLine": {"lineStyle": {"color": "#768692"}},
        "axisTick": {"show": False},
        **more,
    }


def target_line(value: float, said: str, *, along: Literal["xAxis", "yAxis"] = "yAxis") -> Option:
    """A target, with its name on the line."""
    position = "insideStartTop" if along == "yAxis" else "start"
    return {
        along: value,
        "lineStyle": {"color": INK, "type": "dashed", "width": 1.5},
        "label": {
            "formatter": said,
            "position": position,
            "color": INK,
            "fontSize": 13,
            "fontWeight": 600,
            "backgroundColor": "rgba(255,255,255,0.85)",
            "padding": [1, 4],
        },
    }


def lines(data: list[Any]) -> Option:
    return {"silent": True, "symbol": "none", "animation": False, "data": data}


def both_widths(build: Callable[[bool], Option]) -> Option:
    """The option for a desk, and within it, as `narrow`, the whole option for a hand."""
    return {**build(False), "narrow": build(True)}  # noqa: FBT003
