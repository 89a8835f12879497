"""The words that returns and episodes may hold, and what may follow what."""

from django.db.models import TextChoices

from commissioning.kernel.transitions import Transitions


class UploadState(TextChoices):
    """Where a file that was sent stands."""

    UPLOADED = "UPLOADED", "Being checked"
    CHECKED = "CHECKED", "Waiting for you to confirm"
    CONFIRMED = "CONFIRMED", "Being loaded"
    LOADED = "LOADED", "Loaded"
    REJECTED = "REJECTED", "Rejected"
    UNDONE = "UNDONE", "Undone"

    @classmethod
    def standing(cls) -> "list[UploadState]":
        """Of files that are loaded or may come to be."""
        return [cls.UPLOADED, cls.CHECKED, cls.CONFIRMED, cls.LOADED]


UPLOAD_TRANSITIONS: Transitions[UploadState] = {
    UploadState.UPLOADED: frozenset({UploadState.CHECKED, UploadState.REJECTED}),
    UploadState.CHECKED: frozenset({UploadState.CONFIRMED, UploadState.REJECTED}),
    UploadState.CONFIRMED: frozenset({UploadState.LOADED, UploadState.REJECTED}),
    UploadState.LOADED: frozenset({UploadState.UNDONE}),
    UploadState.REJECTED: frozenset(),
    UploadState.UNDONE: frozenset(),
}


class ReturnState(TextChoices):
    """Where one agency's return within a file stands."""

    PENDING = "PENDING", "Not loaded"
    LOADED = "LOADED", "Loaded"
    UNDONE = "UNDONE", "Undone"


class Grade(TextChoices):
    """How hard a finding bites."""

    FILE = "FILE", "The file is refused"
    VALIDITY = "VALIDITY", "The episode is left out"
    QUALITY = "QUALITY", "Accepted when confirmed"
    RETURN = "RETURN", "About the whole return"
    NOTE = "NOTE", "For information"


class Residence(TextChoices):
    """Whether the partnership of residence (`DAT`) could be told."""

    KNOWN = "KNOWN", "Known"
    MISSING = "MISSING", "Not given"
    UNKNOWN = "UNKNOWN", "Code not known"
    OUTSIDE = "OUTSIDE", "Outside England or no fixed partnership (Z00B)"


class ReturnStanding(TextChoices):
    """What has come of the return that an agency owes for a month."""

    OVERDUE = "OVERDUE", "Overdue"
    DUE = "DUE", "Not yet sent"
    WAITING = "WAITING", "Waiting to be confirmed"
    LOADING = "LOADING", "Being loaded"
    LOADED = "LOADED", "Loaded"
    COVERED = "COVERED", "In a later return"
