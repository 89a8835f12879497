"""What may be done is done in whatever order, in a world that is taken back after each run."""

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

AS_FOUND = (Phase.explicit, Phase.reuse, Phase.generate)  # where to shorten a run takes too long


class InAnyOrder(RuleBasedStateMachine):
    """Rules over a world of rows of its own."""

    def __init__(self):
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)


def holds(machine, *, examples, steps, phases=tuple(Phase)):
    """No rule or invariant of the machine is broken, however slow each step is."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )
