"""Charts as answers to a request: the picture and the option it was drawn from."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from commissioning.charts.drawing import HEIGHT, draw
from commissioning.charts.option import Option

WIDTHS = (360, 760, 1090)
# A picture opened by itself may style itself, and do nothing else.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def in_both_forms(
    route: str, view: Callable[..., HttpResponseBase], name: str, **of: str
) -> list[URLPattern]:
    """The addresses of a chart: as a picture, and as what the browser draws it from."""
    return [
        path(f"{route}.{form}", view, {**of, "form": form}, name=f"{name}-{form}")
        for form in ("svg", "json")
    ]


def as_asked(
    request: HttpRequest, option: Option, *, form: str, name: str, height: int = HEIGHT
) -> HttpResponse:
    """The chart in the form its address ends in: `svg`, or `json` for the browser."""
    if form == "json":
        return as_json(option, height=height)
    return as_svg(request, option, name=name, height=height)


def as_svg(
    request: HttpRequest, option: Option, *, name: str, height: int = HEIGHT
) -> HttpResponse:
    """The picture. `?width=` chooses one of the widths; `?download=1` makes a titled file."""
    asked = request.GET.get("width", "")
    width = min(WIDTHS, key=lambda one: abs(one - int(asked))) if asked.isdecimal() else WIDTHS[-1]
    download = request.GET.get("download") == "1"
    response = HttpResponse(
        draw(option, width=width, height=height, titled=download),
        content_type="image/svg+xml; charset=utf-8",
    )
    response["Content-Security-Policy"] = PICTURE_POLICY
    if download:
        response["Content-Disposition"] = f'attachment; filename="{name}.svg"'
    return response


def as_json(option: Option, *, height: int = HEIGHT) -> JsonResponse:
    """The option for the browser, which draws it again at its own width."""
    return JsonResponse({**option, "height": height})
