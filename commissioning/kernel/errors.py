"""Refusals, in sentences fit for the person who asked."""


class DomainError(Exception):
    """The deed is refused; the message says why in the person's own words."""


class NotPermitted(DomainError):
    """The person does not hold the permission the deed needs."""


class TransitionRefused(DomainError):
    """The record is not in a state from which it may go there."""
