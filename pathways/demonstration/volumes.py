"""How the national mix of interventions divides over lines of work."""

from pathways.demonstration.calibration import Calibration
from pathways.demonstration.register import LINES_OF, Line


def line_shares(calibration: Calibration) -> dict[Line, float]:
    """The part of community interventions that each line of work gives; they sum to one."""
    community = 1 - calibration.tier_4_share()
    shares = dict.fromkeys(Line, 0.0)
    for modal, lines in LINES_OF.items():
        for line, part in lines.items():
            shares[line] += calibration.modalities[modal] * part / community
    return shares


def modal_weights(calibration: Calibration, line: Line) -> dict[str, float]:
    """Intervention types inside a line, so that all lines together give the national mix."""
    return {
        modal: calibration.modalities[modal] * lines[line]
        for modal, lines in LINES_OF.items()
        if line in lines
    }
