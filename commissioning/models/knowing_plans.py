"""Rows that know the plan of what they belong to, though that says it already.

The database writes the plan and refuses another, so millions of rows are read a plan at a time.
"""

import pgtrigger


def of_its_plan(name: str, *, parent: str, what: str) -> pgtrigger.Trigger:
    """Writes the plan of the row's `parent`, a line or an allocation, when the row is written.

    `what` begins the sentence of a refusal: An allocation.
    """
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        declare=[("held", f"commissioning_{parent}.plan_id%TYPE")],
        func=f"""
SELECT plan_id INTO held FROM commissioning_{parent} WHERE id = NEW.{parent}_id;
IF NEW.plan_id IS NOT NULL AND NEW.plan_id <> held THEN
    RAISE EXCEPTION '{what} is of its {parent}''s plan.'
        USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
END IF;
NEW.plan_id = held;
RETURN NEW;
""",  # noqa: S608 - words of our own
    )


def stays_with_its_line(name: str) -> pgtrigger.Protect:
    """Neither the line nor the plan of the row changes."""
    return pgtrigger.Protect(
        name=name,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__line__df=pgtrigger.F("new__line"))
        | pgtrigger.Q(old__plan__df=pgtrigger.F("new__plan")),
    )
