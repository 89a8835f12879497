"""The results of the indicators and what follows from them."""

from reporting.models.long_waits import LongWait

__all__ = ["LongWait"]
