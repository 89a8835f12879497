"""A web process has everything at hand before its first request."""

import gc

import pytest
from django.template import engines

from config.readiness import NEW_OBJECTS, load_everything


@pytest.fixture
def ready():
    before = gc.get_threshold()
    load_everything()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.usefixtures("ready")
class TestLoadEverything:
    def test_every_template_is_compiled(self):
        [cached] = engines["django"].engine.template_loaders

        assert {"base.html", "reporting/home.html"} <= set(cached.get_template_cache)

    def test_what_is_loaded_is_not_looked_through_again(self):
        assert gc.get_freeze_count()
        assert gc.get_threshold()[0] == NEW_OBJECTS
