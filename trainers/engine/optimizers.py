"""Optimisers by name, each in its fastest implementation."""

from collections.abc import Callable, Mapping, Sequence

from torch import nn
from torch.optim import SGD, Adam, Adamax, AdamW, Optimizer, RMSprop, SparseAdam

from trainers.models.training_plan import OptimizerSpec

_Parameters = Sequence[nn.Parameter]


def make_optimizer(spec: OptimizerSpec, parameters: _Parameters) -> Optimizer:
    """A fresh optimiser over parameters that already lie on their device."""
    return _MAKERS[spec.name](spec, parameters)


def _adam(spec: OptimizerSpec, parameters: _Parameters) -> Optimizer:
    return Adam(parameters, lr=spec.learning_rate, betas=spec.betas, weight_decay=spec.weight_decay, fused=True)


def _adamw(spec: OptimizerSpec, parameters: _Parameters) -> Optimizer:
    return AdamW(parameters, lr=spec.learning_rate, betas=spec.betas, weight_decay=spec.weight_decay, fused=True)


def _adamax(spec: OptimizerSpec, parameters: _Parameters) -> Optimizer:
    return Adamax(parameters, lr=spec.learning_rate, betas=spec.betas, weight_decay=spec.weight_decay)


def _rmsprop(spec: OptimizerSpec, parameters: _Parameters) -> Optimizer:
    return RMSprop(parameters, lr=spec.learning_rate, weight_decay=spec.weight_decay)


def _sgd(spec: OptimizerSpec, parameters: _Parameters) -> Optimizer:
    return SGD(parameters, lr=spec.learning_rate, weight_decay=spec.weight_decay, fused=True)


def _sparse_adam(spec: OptimizerSpec, parameters: _Parameters) -> Optimizer:
    return SparseAdam(parameters, lr=spec.learning_rate, betas=spec.betas)


_MAKERS: Mapping[str, Callable[[OptimizerSpec, _Parameters], Optimizer]] = {
    "adam": _adam,
    "adamw": _adamw,
    "adamax": _adamax,
    "rmsprop": _rmsprop,
    "sgd": _sgd,
    "sparse_adam": _sparse_adam,
}
