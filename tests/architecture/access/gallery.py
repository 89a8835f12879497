"""The gallery of components is there for developers only."""

from tests.architecture.access_table import NOBODY, Row, everybody

ROWS = [
    Row(name, everybody(404, **{NOBODY: 404}))
    for name in (
        "gallery",
        "gallery-chart",
        "gallery-chart-data",
        "gallery-chart-file",
        "gallery-progress",
    )
]
