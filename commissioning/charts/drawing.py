"""Drawing on the server: ECharts inside a small JavaScript engine, without browser or Node.

One engine a process, in a thread of its own: the engine measures its stack from the thread that
made it. Loading takes about a tenth of a second, once; a chart about thirty milliseconds, and one
that was drawn lately none: the same option of the same size is the same picture.
"""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import quickjs
from django.contrib.staticfiles import finders
from django.utils.html import escape

from commissioning.charts.option import Option

NARROW = 560  # pixels; below it the option's `narrow` form is drawn
HEIGHT = 380
PATIENCE_SECONDS = 20
PICTURES_KEPT = 128  # by a process; some ten to a hundred kilobytes each
_SURROUNDINGS = """
var window = globalThis, self = globalThis, global = globalThis;
if (typeof setTimeout === "undefined") {
  globalThis.setTimeout = function () { return 0; };
  globalThis.clearTimeout = function () {};
}
"""
# The answer goes through JSON: a bare concatenated string is of a kind the binding cannot read.
_DRAW = """
globalThis.drawn = function (option, width, height) {
  var paper = { renderer: "svg", ssr: true, width: width, height: height };
  var chart = echarts.init(null, null, paper);
  chart.setOption(JSON.parse(option));
  var picture = chart.renderToSVGString();
  chart.dispose();
  return JSON.stringify([picture]);
};
"""


class DrawingFailed(RuntimeError):
    """The engine could not draw the option."""


class _Engine:
    """ECharts, loaded once and used by one thread at a time."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="charts")
        self._context: Any = None

    def draw(self, option: str, width: int, height: int) -> str:
        try:
            return self._thread.submit(self._draw, option, width, height).result(PATIENCE_SECONDS)
        except (quickjs.JSException, TookTooLong) as error:
            raise DrawingFailed(str(error)) from error

    def _draw(self, option: str, width: int, height: int) -> str:
        if self._context is None:
            self._context = _loaded()
        answer = self._context.eval(f"drawn({json.dumps(option)},{width},{height})")
        picture: str = json.loads(answer)[0]
        return picture


def draw(option: Option, *, width: int = 1090, height: int = HEIGHT, titled: bool = False) -> str:
    """The option as an SVG picture; `titled` writes the title into it, for a file of its own."""
    plain = dict(option)
    narrow = plain.pop("narrow", None)
    if narrow is not None and width < NARROW:
        plain = narrow
    if titled:
        plain, height = with_title(plain), height + 52
    picture = _drawn(json.dumps(_on_paper(plain)), width, height)
    return _named(picture, plain)


@lru_cache(maxsize=PICTURES_KEPT)
def _drawn(option: str, width: int, height: int) -> str:
    """By everything the picture is made of, so that one that is kept is never out of date."""
    return _engine(os.getpid()).draw(option, width, height)


def _on_paper(part: Any) -> Any:
    """The option without what only a pointer brings up, which takes a fifth of the drawing."""
    if isinstance(part, dict):
        return {name: _on_paper(held) for name, held in part.items() if name != "tooltip"}
    return [_on_paper(held) for held in part] if isinstance(part, list) else part


def with_title(option: Option) -> Option:
    """The option with its title in the picture and room for it."""
    grid = {**option["grid"], "top": option["grid"]["top"] + 52}
    legend = {**option.get("legend", {"show": False}), "top": 56}
    shown = {**option["title"], "show": True}
    return {**option, "title": shown, "grid": grid, "legend": legend, "backgroundColor": "#ffffff"}


@cache
def _engine(_process: int) -> _Engine:
    """By process, since a thread does not survive a fork."""
    return _Engine()


def _loaded() -> Any:
    found = finders.find("echarts.js")
    if not isinstance(found, str):
        raise DrawingFailed("config/static/echarts.js is missing: run `npm run build`.")
    context = quickjs.Context()
    context.eval(_SURROUNDINGS)
    context.eval(Path(found).read_text(encoding="utf-8"))
    context.eval(_DRAW)
    return context


def _named(picture: str, option: Option) -> str:
    """The picture with a title and a description of its own, for whoever opens it alone."""
    opening, rest = picture.split(">", 1)
    title = escape(option["title"]["text"])
    description = escape(option["aria"]["label"]["description"])
    return f'{opening} role="img"><title>{title}</title><desc>{description}</desc>{rest}'
