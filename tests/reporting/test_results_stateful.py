"""Whatever returns are sent, replaced and undone, every result row is what a system measures that
loaded only the surviving returns, all at once."""

import pytest

from commissioning.services.jobs import run_outstanding
from reporting.services.refresh import refresh_everything
from tests.pathways.test_returns_stateful import Returns, hold
from tests.reporting.measured import held_cells, held_days


class Figures(Returns):
    """Figures follow each return by the job it announced; afresh, by one refresh of everything."""

    def follow(self):
        run_outstanding("reporting")

    def start_afresh(self):
        refresh_everything(cause="afresh")

    def state(self):
        return {**super().state(), "cells": held_cells(), "days": held_days()}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("examples", "steps"), [(3, 6), pytest.param(20, 8, marks=pytest.mark.nightly)]
)
def test_figures_are_what_the_surviving_returns_say(examples, steps):
    hold(Figures, examples=examples, steps=steps)
