"""Refusals, in sentences fit for the person who asked."""


class DomainError(Exception):
    """The deed is refused; the message says why in the person's own words.

    `field` names what was entered wrongly, where it is one thing: the form says it there.
    """

    def __init__(self, *words: object, field: str = "") -> None:
        super().__init__(*words)
        self.field = field


class NotPermitted(DomainError):
    """The person does not hold the permission the deed needs."""


class TransitionRefused(DomainError):
    """The record is not in a state from which it may go there."""
