"""A measurement that is a mean of one value per image, with its standard error."""

from collections.abc import Mapping

from torch import Tensor

from trainers.metrics.metric import Measurement, Metric


def mean_over_images(
    metric: Metric, values: Tensor, settings: Mapping[str, str | int | float] | None = None
) -> Measurement:
    """The mean of values (count,), summed in float64; the standard error is None for a single image."""
    precise = values.detach().double().cpu()
    count = len(precise)
    error = float(precise.std(correction=1)) / count**0.5 if count > 1 else None
    return Measurement(
        metric.name, float(precise.mean()), metric.unit, metric.better, error, count, dict(settings or {})
    )
