"""The employers' workers: who they are, who enrolls when, and what enrolling does to them."""

from .effects import EffectTruth
from .simulate import draw_workforce
from .truths import WorkforceTruths
from .workforce import Workforce

__all__ = ["EffectTruth", "Workforce", "WorkforceTruths", "draw_workforce"]
