"""Home and the overviews: anybody signed in may read what is released about any area."""

from tests.architecture.access_table import Row, everybody


def code_of(name):
    return lambda world: {"code": getattr(world, name).code}


ROWS = [
    Row("reporting:home", everybody()),
    Row("reporting:england", everybody()),
    *(
        Row(f"reporting:{kind}", everybody(), code_of(place), about=about)
        for kind in ("region", "partnership", "provider")
        for place, about in ((kind, "our own"), (f"other_{kind}", "another's"))
    ),
]
