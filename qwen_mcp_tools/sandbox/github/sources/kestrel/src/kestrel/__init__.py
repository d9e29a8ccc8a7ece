"""Kestrel runs jobs that must not be lost."""

from kestrel.budget import RetryBudget
from kestrel.worker import Worker

__version__ = "2.5.0.dev0"
__all__ = ["RetryBudget", "Worker"]
