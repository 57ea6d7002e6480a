"""What a model can do beyond the contract, as names."""

from collections.abc import Mapping
from typing import Literal

from trainers.models.latent_model import (
    CodeTable,
    Critic,
    Encoder,
    ExactLikelihood,
    LatentModel,
    Likelihood,
    LinearStart,
    Quantizer,
    Restorer,
    SequentialDecoder,
    VariationalBound,
)

Capability = Literal[
    "encoder",
    "bound",
    "likelihood",
    "exact_likelihood",
    "critic",
    "quantizer",
    "code_table",
    "sequential",
    "linear_start",
    "restorer",
]

# The method that only a model with the capability has.
_METHODS: Mapping[Capability, str] = {
    "encoder": "encode",
    "bound": "bound_terms",
    "likelihood": "log_weights",
    "exact_likelihood": "log_likelihood",
    "critic": "score",
    "quantizer": "code_indices",
    "code_table": "training_codes",
    "sequential": "decode_steps",
    "linear_start": "first_maps",
    "restorer": "restore",
}


def possible_capabilities(model_type: type[LatentModel]) -> frozenset[Capability]:
    """All that models of a class can do, with settings and data that allow it."""
    return frozenset(name for name, method in _METHODS.items() if hasattr(model_type, method))


def capabilities(model: LatentModel) -> frozenset[Capability]:
    """All a model can do; a likelihood only where its settings make the loss one."""
    found: set[Capability] = set()
    if isinstance(model, Encoder):
        found.add("encoder")
    if isinstance(model, VariationalBound):
        found.add("bound")
    if isinstance(model, Likelihood) and model.likelihood_name is not None:
        found.add("likelihood")
    if isinstance(model, ExactLikelihood) and model.likelihood_name is not None:
        found.add("exact_likelihood")
    if isinstance(model, Critic):
        found.add("critic")
    if isinstance(model, Quantizer):
        found.add("quantizer")
    if isinstance(model, CodeTable):
        found.add("code_table")
    if isinstance(model, SequentialDecoder):
        found.add("sequential")
    if isinstance(model, LinearStart):
        found.add("linear_start")
    if isinstance(model, Restorer):
        found.add("restorer")
    return frozenset(found)
