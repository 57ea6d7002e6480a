"""Every metric, registered."""

from trainers.metrics import (
    anomaly,
    attribute_predictability,
    code_usage,
    codebook_usage,
    exact_likelihood,
    fid,
    importance_scores,
    inception_score,
    kernel_distance,
    likelihood_bounds,
    linear_probe,
    memorisation,
    mutual_information_gap,
    precision_recall,
    reconstruction_error,
    restoration,
    sample_classes,
)
from trainers.metrics.metric import METRICS

__all__ = [
    "METRICS",
    "anomaly",
    "attribute_predictability",
    "code_usage",
    "codebook_usage",
    "exact_likelihood",
    "fid",
    "importance_scores",
    "inception_score",
    "kernel_distance",
    "likelihood_bounds",
    "linear_probe",
    "memorisation",
    "mutual_information_gap",
    "precision_recall",
    "reconstruction_error",
    "restoration",
    "sample_classes",
]
