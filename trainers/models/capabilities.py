"""What a model can do beyond the contract, as names."""

from typing import Literal

from trainers.models.latent_model import (
    CodeTable,
    Critic,
    Encoder,
    ExactLikelihood,
    LatentModel,
    Likelihood,
    Quantizer,
    SequentialDecoder,
    VariationalBound,
)

Capability = Literal[
    "encoder", "bound", "likelihood", "exact_likelihood", "critic", "quantizer", "code_table", "sequential"
]


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
    return frozenset(found)
