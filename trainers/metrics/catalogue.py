"""Every metric, registered."""

from trainers.metrics import (
    code_usage,
    codebook_usage,
    exact_likelihood,
    fid_embedded,
    likelihood_bounds,
    reconstruction_error,
    sample_classes,
)
from trainers.metrics.metric import METRICS

__all__ = [
    "METRICS",
    "code_usage",
    "codebook_usage",
    "exact_likelihood",
    "fid_embedded",
    "likelihood_bounds",
    "reconstruction_error",
    "sample_classes",
]
