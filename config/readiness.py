"""What a web process does once, before its first request."""

import gc
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver

# After so many new objects Python looks through them for garbage. It would after 700, a fifth of
# what a page makes: half of a page was then kept for the search through everything that lives,
# which held up one request in fifteen by as long as it took itself.
NEW_OBJECTS = 10_000


def load_everything() -> None:
    """Import every page, compile every template, and set aside what all requests share.

    To look through it again for garbage would hold up one request in ten by a tenth of a second.
    """
    get_resolver().url_patterns  # noqa: B018 - read for what it imports
    ours: Path = settings.BASE_DIR / "templates"
    for path in ours.rglob("*.html"):
        get_template(str(path.relative_to(ours)))
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
