"""A checkpoint measured as a command does it."""

from trainers.data.catalogue import load_split_of
from trainers.engine.checkpoint import load_model
from trainers.engine.measuring import Measured, MeasuringRequest, OnMeasured, measure_model
from trainers.reporting import Report, StopRequested, never, no_report


def measure_checkpoint(
    request: MeasuringRequest,
    report: Report = no_report,
    stop_requested: StopRequested = never,
    on_measured: OnMeasured | None = None,
) -> Measured:
    """What `measure_model` gives of the model and the split that a request names."""
    model = load_model(request.checkpoint)
    dataset = load_split_of(model.data_spec, request.split, request.data)
    return measure_model(model, dataset, request, report, stop_requested, on_measured)
