"""Directions found on drawn faces against the steps that the factors of the drawing really make in the codes.

python -m tests.benchmarks.face_directions RUN prints a table in Markdown: for every factor and method the cosine
between the direction found from faces that differ in everything, and the mean difference of the codes of faces drawn
twice, all else the same: without and with it, or with the factor at a quarter and at three quarters of its range. Then
the accuracy on held-out faces, and the sigmas by which the factor itself and the most moved other one change per sigma.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from trainers.cli.opened_model import OpenedModel, open_model
from trainers.data.face_attributes import RANGES, SHARES, draw_attributes
from trainers.data.face_drawing import draw_faces
from trainers.engine.direction_cache import directions_of_checkpoint
from trainers.engine.directions import DirectionSettings, DirectionTable
from trainers.engine.inversion import find_codes
from trainers.latent.direction_methods import GROUP_METHODS

_FACES, _SEED = 500, 3


def true_steps(opened: OpenedModel) -> dict[str, NDArray[np.float64]]:
    """What each factor alone does to the codes, (latent_size,) by name."""
    attributes = draw_attributes(_FACES, _SEED)
    steps = {}
    for place, (name, (lowest, highest)) in enumerate(RANGES.items()):
        # The ends of the circle of hues are the same colour.
        margin = 0.0 if name in SHARES else (highest - lowest) / 4.0
        codes = []
        for end in (lowest + margin, highest - margin):
            changed = attributes.copy()
            changed[:, place] = end
            images = torch.from_numpy(draw_faces(changed)).float() / 255.0
            codes.append(find_codes(opened.model, images).double().cpu().numpy())
        steps[name] = np.asarray((codes[1] - codes[0]).mean(axis=0), np.float64)
    return steps


def rows(opened: OpenedModel, table: DirectionTable) -> list[str]:
    """A row of the table for every factor."""
    steps = true_steps(opened)
    lines = []
    for name, step in steps.items():
        unit = step / np.linalg.norm(step)
        cells = [name]
        for method in GROUP_METHODS:
            place = next(
                place for place, one in enumerate(table.directions) if (one.name, one.method) == (name, method)
            )
            direction, score = table.directions[place], table.scores[place]
            assert score is not None
            moved = dict(zip(table.columns, table.leakage[place].tolist(), strict=True))
            others = {other: sigmas for other, sigmas in moved.items() if other in steps and other != name}
            worst = max(others, key=lambda other: abs(others[other]))
            cells.append(
                f"{direction.vector @ unit:.2f}, {score.accuracy:.2f}, {moved[name]:+.2f}, {worst} {others[worst]:+.2f}"
            )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def main() -> None:
    """Print the table."""
    opened = open_model(Path(sys.argv[1]), "auto")
    faces = opened.dataset("train")
    table = directions_of_checkpoint(
        opened.model, opened.checkpoint, faces, DirectionSettings(methods=GROUP_METHODS, chosen=tuple(RANGES))
    )
    print(f"| factor | {' | '.join(GROUP_METHODS)} |\n|---|{'---|' * len(GROUP_METHODS)}")
    print("\n".join(rows(opened, table)))


if __name__ == "__main__":
    main()
