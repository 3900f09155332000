"""Every defensible variant of the analysis, and the claims that hold in them."""

from positions.robustness.analysis import breaking, choices, regroup, turning
from positions.robustness.readers import across, by_reader
from positions.robustness.sensitivity import importance
from positions.robustness.vocabulary import NAMES

__all__ = [
    "NAMES", "across", "breaking", "by_reader", "choices", "importance", "regroup", "turning",
]  # fmt: skip
