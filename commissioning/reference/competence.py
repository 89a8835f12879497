"""Heads under which a partnership judges its own commissioning, in our own words.

Source: Models of Care 2006, 2.7.1 (success factors of commissioning partnerships and of providers,
and of the client's journey) and 2.8.4 (from commissioning services to managing a system).
"""

from collections.abc import Mapping
from dataclasses import dataclass

LEADING_QUESTION = (
    "Can this partnership performance manage a drug treatment system with clear routes in, through"
    " and out?"
)
LEADING_SOURCE = "Models of Care 2006, 2.7.1"

# What each rating means. The scale of four is an assumption [B].
RATINGS: Mapping[int, str] = {
    1: "Not in place",
    2: "Begun, in parts",
    3: "In place, and used",
    4: "In place, reviewed and improved by what was learnt",
}


@dataclass(frozen=True)
class CompetenceHead:
    """One head: its question, and where it rests."""

    code: str
    name: str
    question: str
    source: str


COMPETENCE_HEADS: tuple[CompetenceHead, ...] = (
    CompetenceHead(
        "managing-the-system",
        "Managing the system",
        LEADING_QUESTION,
        LEADING_SOURCE,
    ),
    CompetenceHead(
        "routes-in",
        "Routes in",
        "Do commissioners know how people come into treatment, who is missed, and how long each"
        " group waits, and do they act on it?",
        "Models of Care 2006, 2.7.1 (waiting times)",
    ),
    CompetenceHead(
        "routes-through",
        "Routes through",
        "Are care plans, retention and moves between providers followed up with each provider?",
        "Models of Care 2006, 2.7.1 (retention, treatment delivery)",
    ),
    CompetenceHead(
        "routes-out",
        "Routes out",
        "Are planned exits, aftercare, housing and work commissioned and followed up together?",
        "Models of Care 2006, 2.7.1 (treatment completion, community integration)",
    ),
    CompetenceHead(
        "strategic-links",
        "Links with strategic partnerships",
        "Do the plan and those of the local strategic partnership rest on each other?",
        "Models of Care 2006, 2.7.1 (improving commissioning)",
    ),
    CompetenceHead(
        "needs",
        "Assessing needs",
        "Does a needs assessment of the year say who needs what, and does the plan follow it?",
        "Models of Care 2006, 2.7.1 (improving commissioning)",
    ),
    CompetenceHead(
        "workforce",
        "Workforce",
        "Is there a workforce strategy, and do providers have competent staff?",
        "Models of Care 2006, 2.7.1 (improving commissioning, service provision)",
    ),
    CompetenceHead(
        "diversity",
        "Working with diversity",
        "Do contracts ask, and reports show, that each group of users is served?",
        "Models of Care 2006, 2.7.1 (improving service provision)",
    ),
    CompetenceHead(
        "quality",
        "Evidence and governance",
        "Is what is bought based on evidence, with audit or clinical governance behind it?",
        "Models of Care 2006, 2.7.1 (improving service provision)",
    ),
    CompetenceHead(
        "timely-figures",
        "Figures close to real time",
        "Are decisions made on figures that are recent enough to act on?",
        "Models of Care 2006, 2.7.1 (improving service provision)",
    ),
    CompetenceHead(
        "mainstream-partners",
        "Health, justice, housing and work",
        "Are health, criminal justice, housing, education and employment partners in the plan?",
        "Models of Care 2006, 2.8.4",
    ),
)


def competence_head(code: str) -> CompetenceHead:
    """The head with the code. Raises `KeyError`."""
    return {one.code: one for one in COMPETENCE_HEADS}[code]
