"""Every metric, registered."""

from trainers.metrics import code_usage, likelihood_bounds, reconstruction_error
from trainers.metrics.metric import METRICS

__all__ = ["METRICS", "code_usage", "likelihood_bounds", "reconstruction_error"]
