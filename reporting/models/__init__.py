"""The results of the indicators and what follows from them."""

from reporting.models.forecasts import Forecast
from reporting.models.long_waits import LongWait
from reporting.models.previews import ReturnPreview
from reporting.models.refreshes import CountedIn, MeasuredArea, Movement, Refresh
from reporting.models.results import (
    EpisodeResult,
    ExitResult,
    JourneyResult,
    LeftOut,
    MeasuredPeriod,
    Result,
    TreatmentResult,
    WaitDistribution,
    WaitingResult,
    WaitResult,
)

__all__ = [
    "CountedIn",
    "EpisodeResult",
    "ExitResult",
    "Forecast",
    "JourneyResult",
    "LeftOut",
    "LongWait",
    "MeasuredArea",
    "MeasuredPeriod",
    "Movement",
    "Refresh",
    "Result",
    "ReturnPreview",
    "TreatmentResult",
    "WaitDistribution",
    "WaitResult",
    "WaitingResult",
]
