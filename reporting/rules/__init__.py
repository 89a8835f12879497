"""The arithmetic of figures: limits, funnels, charts over time, verdicts, rounding, percentiles.

Pure: exact counts in, values out. Agrees with PHEindicatormethods (Public Health England) and
NHSRplotthedots (NHS-R Community) where those define the same thing.
"""

from commissioning.rules.proportions import Limits, normal_quantile, wilson
from reporting.rules.distribution import Distribution
from reporting.rules.intervals import (
    FunnelLimits,
    FunnelPosition,
    byar,
    funnel_limits,
    funnel_position,
    mean_limits,
    poisson_exact,
    rate_limits,
)
from reporting.rules.over_time import Assurance, Signal, XmRChart, assurance, xmr
from reporting.rules.quantiles import student_t_cdf, student_t_quantile
from reporting.rules.rounding import rounded, rounded_to_multiple, whole_percent
from reporting.rules.verdicts import Colour, Verdict, verdict

__all__ = [
    "Assurance",
    "Colour",
    "Distribution",
    "FunnelLimits",
    "FunnelPosition",
    "Limits",
    "Signal",
    "Verdict",
    "XmRChart",
    "assurance",
    "byar",
    "funnel_limits",
    "funnel_position",
    "mean_limits",
    "normal_quantile",
    "poisson_exact",
    "rate_limits",
    "rounded",
    "rounded_to_multiple",
    "student_t_cdf",
    "student_t_quantile",
    "verdict",
    "whole_percent",
    "wilson",
    "xmr",
]
