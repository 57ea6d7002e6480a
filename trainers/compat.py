"""Lets torchvision be imported beside a build of torch that its compiled operators do not fit."""

import importlib.util
from pathlib import Path

import torch

# torchvision registers shape rules for these two at import, which fails where no operator of that name exists.
_OPERATORS = ("nms", "qnms")
_SIGNATURE = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_LIBRARIES: list[torch.library.Library] = []


def declare_missing_operators() -> bool:
    """Declare the operators torchvision needs at import when, and only when, its compiled ones do not load.

    Does not import torchvision, which takes about a second. Returns whether anything was declared.
    Datasets, transforms, models and utilities work afterwards; box operations do not.
    """
    if _LIBRARIES or _compiled_operators_load():
        return False
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in _OPERATORS:
        library.define(name + _SIGNATURE)
    _LIBRARIES.append(library)
    return True


def _compiled_operators_load() -> bool:
    found = importlib.util.find_spec("torchvision")
    if found is None or found.origin is None:
        return False
    folder = Path(found.origin).parent
    for file in (*folder.glob("_C*.so"), *folder.glob("_C*.pyd"), *folder.glob("_C*.dylib")):
        try:
            torch.ops.load_library(file)
        except OSError:
            continue
        return True
    return False
