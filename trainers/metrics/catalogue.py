"""Every metric, registered."""

from trainers.metrics import (
    code_usage,
    codebook_usage,
    exact_likelihood,
    fid,
    inception_score,
    kernel_distance,
    likelihood_bounds,
    precision_recall,
    reconstruction_error,
    restoration,
    sample_classes,
)
from trainers.metrics.metric import METRICS

__all__ = [
    "METRICS",
    "code_usage",
    "codebook_usage",
    "exact_likelihood",
    "fid",
    "inception_score",
    "kernel_distance",
    "likelihood_bounds",
    "precision_recall",
    "reconstruction_error",
    "restoration",
    "sample_classes",
]
