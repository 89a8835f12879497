"""Returns, the episodes they bring, and journeys."""

from pathways.models.episodes import Episode, Modality, Repeat
from pathways.models.journeys import Journey
from pathways.models.returns import Finding, Return, Upload
from pathways.models.staging import StagedRow

__all__ = [
    "Episode",
    "Finding",
    "Journey",
    "Modality",
    "Repeat",
    "Return",
    "StagedRow",
    "Upload",
]
