"""Directions of a model on data whose attributes are made from the codes, and the file they are kept in."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.trainers.engine.conftest import MakeModel
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.engine import direction_cache
from trainers.engine.attribute_columns import AttributeColumns, attribute_columns
from trainers.engine.checkpoint import TrainingMark, save_checkpoint
from trainers.engine.direction_cache import directions_of_checkpoint, load_directions, save_directions
from trainers.engine.directions import DirectionSettings, DirectionTable, find_directions, jacobian_at
from trainers.engine.encoding import encode_dataset
from trainers.errors import StoppedError, UsageError
from trainers.models.catalogue import MODELS

CODES = np.random.default_rng(0).normal(size=(4000, 3)) * [2.0, 1.0, 0.5]
COLUMNS = AttributeColumns(
    ("first", "both", "one value", "hidden"),
    np.stack(
        [
            (CODES[:, 0] > 0.0).astype(float),
            CODES[:, 0] / 2.0 + CODES[:, 1],
            np.ones(4000),
            np.where(np.arange(4000) < 2000, CODES[:, 2], np.nan),
        ],
        axis=1,
    ),
)


def found(model: object, **settings: object) -> DirectionTable:
    chosen = DirectionSettings.from_values(settings)
    return find_directions(model, CODES, COLUMNS, chosen)  # type: ignore[arg-type]


def test_every_column_has_its_direction_with_score_leakage_and_relations(make_model: MakeModel) -> None:
    table = found(make_model())
    assert [direction.name for direction in table.directions] == ["first", "both", "hidden"]
    assert table.skipped == ("one value is 1 for every item, so nothing leads from one group to another; choose "
                             "another attribute.",)  # fmt: skip
    first, both, hidden = table.directions
    assert first.vector == pytest.approx([1.0, 0.0, 0.0], abs=0.05)
    assert first.sigma == pytest.approx(2.0, rel=0.05)
    assert hidden.vector == pytest.approx([0.0, 0.0, 1.0], abs=0.1)
    assert all(score is not None and score.accuracy > 0.8 for score in table.scores)
    assert table.columns == COLUMNS.names
    assert table.leakage[0, 1] == pytest.approx(np.sqrt(0.5), abs=0.05)
    assert np.isnan(table.leakage[:, 2]).all()
    assert table.cosines[0, 1] == pytest.approx(first.vector @ both.vector)
    assert table.correlations[0, 1] == pytest.approx(np.corrcoef(COLUMNS.values[:, 0], COLUMNS.values[:, 1])[0, 1])
    assert table.count == 4000
    assert table.direction("both") is both
    assert table.direction("both", "means") is both
    with pytest.raises(UsageError, match="no direction named 'bothh'; did you mean both"):
        table.direction("bothh")
    with pytest.raises(UsageError, match="direction"):
        table.direction("both", "logistic")


def test_a_chosen_column_without_a_direction_is_told_at_once(make_model: MakeModel) -> None:
    with pytest.raises(UsageError, match="one value is 1 for every item"):
        found(make_model(), chosen=("first", "one value"))
    with pytest.raises(UsageError, match="no class or attribute named 'smil'"):
        found(make_model(), chosen=("smil",))


def test_all_methods_stand_beside_each_other_and_own_ones_are_numbered(make_model: MakeModel) -> None:
    methods = ("logistic", "discriminant", "principal", "first-layer", "jacobian")
    table = found(make_model(latent_size=3), methods=methods, chosen=("first",), count=2)
    assert [(one.name, one.method) for one in table.directions] == [
        ("first", "logistic"),
        ("first", "discriminant"),
        ("principal 1", "principal"),
        ("principal 2", "principal"),
        ("first-layer 1", "first-layer"),
        ("first-layer 2", "first-layer"),
        ("jacobian 1", "jacobian"),
        ("jacobian 2", "jacobian"),
    ]
    assert [score is None for score in table.scores] == [False, False] + [True] * 6
    assert table.directions[2].vector == pytest.approx([1.0, 0.0, 0.0], abs=0.05)
    strengths = [one.strength for one in table.directions]
    assert strengths[:4] == [None] * 4
    assert strengths[4] is not None
    assert strengths[5] is not None
    assert strengths[4] >= strengths[5] > 0.0


def test_orthogonalised_directions_are_scored_as_they_then_are(make_model: MakeModel) -> None:
    table = found(make_model(), orthogonal_to=("first",), chosen=("first", "both"))
    first, both = table.directions
    assert first.vector @ both.vector == pytest.approx(0.0, abs=1e-9)
    assert (first.beside, both.beside) == ((), ("first",))
    alone = found(make_model(), chosen=("both",)).scores[0]
    beside = table.scores[1]
    assert beside is not None
    assert alone is not None
    assert beside.accuracy < alone.accuracy - 0.05
    with pytest.raises(UsageError, match="no direction named 'second'"):
        found(make_model(), orthogonal_to=("second",))


def test_a_decoder_that_does_not_begin_linear_is_told(digits: ImageDataset) -> None:
    pixel_by_pixel = MODELS["pixelcnn"]
    config = pixel_by_pixel.config_type.from_values({"width": 3, "blocks": 1})
    with pytest.raises(UsageError, match=r"pixelcnn does not begin with a linear layer.* choose jacobian"):
        found(pixel_by_pixel(config.resolved(digits.spec), digits.spec), methods=("first-layer",))


def test_the_jacobian_is_taken_where_it_is_asked_for(make_model: MakeModel) -> None:
    model = make_model()
    near, far = (jacobian_at(model, np.array(place), 1) for place in ([1.0, 1.0, 1.0], [3.0, -3.0, 3.0]))
    assert not np.allclose(near.vectors, far.vectors)
    steps = torch.tensor(np.stack([np.ones(3), 1.0 + 1e-3 * near.vectors[0]])).float()
    still, moved = model.eval().decode(steps).detach()
    assert float((moved - still).norm()) == pytest.approx(1e-3 * near.strengths[0], rel=0.02)


def test_classes_attributes_and_groups_are_columns() -> None:
    labels, attributes = np.array([0, 1, 2, 1, 0]), np.array([[0.5], [1.5], [np.nan], [2.5], [3.5]], np.float32)
    spec = DataSpec(name="d", shape=(1, 2, 2), class_names=("a", "b", "age"), attribute_names=("age",))
    columns = attribute_columns(spec, 4, labels, attributes, {"mine": ([0], [2, 3])})
    assert columns.names == ("age", "a", "b", "class age", "mine")
    assert np.nan_to_num(columns.values, nan=-1.0).T.tolist() == [
        [0.5, 1.5, -1.0, 2.5],
        [1, 0, 0, 0],
        [0, 1, 0, 1],
        [0, 0, 1, 0],
        [0, -1, 1, 1],
    ]
    two = attribute_columns(spec.model_copy(update={"class_names": ("no", "yes")}), 2, labels)
    assert (two.names, two.values.tolist()) == (("yes",), [[0.0], [1.0]])
    assert two.known == ("yes", "no")
    assert [members.tolist() for members in two.members("no")] == [[False, True], [True, False]]
    assert attribute_columns(spec.model_copy(update={"class_names": ("all",)}), 2, labels).names == ()


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        (([], [1]), "no items in the start of mine"),
        (([0, 1], [1, 2]), "in the start of mine and in the end of mine: #1; take"),
        (([0], [5]), "mine: there is no item #5 among the 5 encoded ones"),
        (([-1], [2]), "no item #-1"),
    ],
)
def test_groups_that_cannot_be_told_apart_are_told_in_a_sentence(
    groups: tuple[list[int], list[int]], sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        attribute_columns(DataSpec(name="d", shape=(1, 2, 2)), 5, groups={"mine": groups})


def test_a_group_may_not_be_called_like_a_class() -> None:
    spec = DataSpec(name="d", shape=(1, 2, 2), class_names=("no", "yes"))
    with pytest.raises(UsageError, match="The group yes is called like a class"):
        attribute_columns(spec, 2, np.array([0, 1]), groups={"yes": ([0], [1])})


@pytest.fixture
def checkpoint(tmp_path: Path, make_model: MakeModel, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))
    (tmp_path / "run" / "checkpoints").mkdir(parents=True)
    (tmp_path / "run" / "run.json").touch()
    path = tmp_path / "run" / "checkpoints" / "step-00000001.safetensors"
    save_checkpoint(path, make_model(), TrainingMark(run="run", step=1, epoch=1.0, seed=0))
    return path


def files(checkpoint: Path) -> list[Path]:
    return sorted((checkpoint.parents[1] / "directions").glob("*.npz"))


def test_directions_are_kept_beside_the_run_and_not_found_again(
    checkpoint: Path, make_model: MakeModel, digits: ImageDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = DirectionSettings(limit=200)
    table = directions_of_checkpoint(make_model(), checkpoint, digits, settings)
    assert table.columns == tuple("0123456789")
    assert table.count == 200
    assert len(files(checkpoint)) == 1

    monkeypatch.setattr(direction_cache, "find_directions", lambda *_args, **_more: pytest.fail("found again"))
    again = directions_of_checkpoint(make_model(), checkpoint, digits, settings)
    assert [one.name for one in again.directions] == [one.name for one in table.directions]
    assert np.array_equal([one.vector for one in again.directions], [one.vector for one in table.directions])
    assert again.scores == table.scores
    for part in ("leakage", "cosines", "correlations"):
        assert np.array_equal(getattr(again, part), getattr(table, part), equal_nan=True)
    assert (again.columns, again.skipped, again.count, again.drawn) == (table.columns, (), 200, False)


def test_whatever_they_hang_on_makes_another_file(
    checkpoint: Path, make_model: MakeModel, digits: ImageDataset
) -> None:
    model, settings = make_model(), DirectionSettings(limit=200)
    codes = encode_dataset(model, digits, limit=150).codes
    told = replace(digits, attributes=torch.arange(len(digits), dtype=torch.float32)[:, None])
    told = replace(told, spec=digits.spec.model_copy(update={"attribute_names": ("place",)}))
    own = DirectionSettings(methods=("jacobian",))
    wishes: list[tuple[ImageDataset, DirectionSettings, dict[str, Any]]] = [
        (digits, settings, {}),
        (digits, settings.model_copy(update={"seed": 1}), {}),
        (told, settings, {}),
        (digits, settings, {"codes": codes}),
        (digits, settings, {"groups": {"g": ([0], [1])}}),
        (digits, own, {"codes": codes}),
        (digits, own, {"codes": codes, "place": np.ones(3)}),
    ]
    for number, (data, wanted, more) in enumerate(wishes, start=1):
        directions_of_checkpoint(model, checkpoint, data, wanted, **more)
        assert len(files(checkpoint)) == number
    save_checkpoint(checkpoint, make_model(seed=4), TrainingMark(run="run", step=1, epoch=1.0, seed=0))
    directions_of_checkpoint(make_model(seed=4), checkpoint, digits, settings)
    assert len(files(checkpoint)) == 8


def test_a_damaged_file_is_found_anew_and_the_oldest_ones_go(
    checkpoint: Path, make_model: MakeModel, digits: ImageDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = DirectionSettings(limit=100)
    directions_of_checkpoint(make_model(), checkpoint, digits, settings)
    (file,) = files(checkpoint)
    whole = file.read_bytes()
    for content in (b"", b"no archive", whole[: len(whole) // 2]):
        file.write_bytes(content)
        assert load_directions(file) is None
        directions_of_checkpoint(make_model(), checkpoint, digits, settings)
        assert load_directions(file) is not None
    monkeypatch.setattr(direction_cache, "_MOST_KEPT", 2)
    for seed in range(1, 4):
        directions_of_checkpoint(make_model(), checkpoint, digits, settings.model_copy(update={"seed": seed}))
    assert len(files(checkpoint)) == 2
    assert file not in files(checkpoint)


def test_a_folder_that_may_not_be_written_costs_only_time(
    checkpoint: Path, make_model: MakeModel, digits: ImageDataset
) -> None:
    (checkpoint.parents[1] / "directions").write_text("in the way")
    assert directions_of_checkpoint(make_model(), checkpoint, digits, DirectionSettings(limit=100)).directions


def test_a_checkpoint_without_a_run_keeps_them_in_the_cache(
    checkpoint: Path, make_model: MakeModel, digits: ImageDataset, tmp_path: Path
) -> None:
    alone = tmp_path / "alone.safetensors"
    alone.write_bytes(checkpoint.read_bytes())
    directions_of_checkpoint(make_model(), alone, digits, DirectionSettings(limit=100))
    assert len(list((tmp_path / "cache" / "directions").glob("*.npz"))) == 1
    assert not (tmp_path / "directions").exists()


def test_a_model_without_codes_has_the_directions_of_its_decoder(
    checkpoint: Path, make_model: MakeModel, digits: ImageDataset
) -> None:
    gan = make_model("gan")
    own = DirectionSettings(methods=("first-layer", "jacobian"), count=2)
    table = directions_of_checkpoint(gan, checkpoint, digits, own)
    assert table.drawn
    assert [one.sigma for one in table.directions] == pytest.approx([1.0] * 4, rel=0.1)
    with pytest.raises(UsageError, match=r"gan has no codes of data.* choose first-layer"):
        directions_of_checkpoint(gan, checkpoint, digits, DirectionSettings())


def test_a_model_with_learned_codes_asks_for_its_own_split(
    checkpoint: Path, make_model: MakeModel, digits: ImageDataset
) -> None:
    glo = make_model("glo")
    assert directions_of_checkpoint(glo, checkpoint, digits, DirectionSettings()).count == len(digits)
    with pytest.raises(UsageError, match="choose the train split"):
        directions_of_checkpoint(glo, checkpoint, replace(digits, split="test"), DirectionSettings())


def test_data_about_which_nothing_is_known_are_told_in_a_sentence(
    checkpoint: Path, make_model: MakeModel, digits: ImageDataset
) -> None:
    bare = replace(digits, labels=None, spec=digits.spec.model_copy(update={"class_names": ()}))
    with pytest.raises(UsageError, match="neither classes nor attributes"):
        directions_of_checkpoint(make_model(), checkpoint, bare, DirectionSettings(limit=100))
    principal = DirectionSettings(methods=("principal",), limit=100)
    assert len(directions_of_checkpoint(make_model(), checkpoint, bare, principal).directions) == 3


@pytest.mark.parametrize("asked", [1, 2])
def test_a_stop_leaves_no_file(checkpoint: Path, make_model: MakeModel, digits: ImageDataset, asked: int) -> None:
    answers = iter([False] * (asked - 1) + [True] * 100)
    with pytest.raises(StoppedError):
        directions_of_checkpoint(
            make_model(), checkpoint, digits, DirectionSettings(limit=100), stop_requested=lambda: next(answers)
        )
    assert files(checkpoint) == []


def test_progress_runs_to_its_end(checkpoint: Path, make_model: MakeModel, digits: ImageDataset) -> None:
    shares: list[float] = []
    settings = DirectionSettings(limit=100, methods=("means", "principal"))
    directions_of_checkpoint(
        make_model(), checkpoint, digits, settings, report=lambda share, _what: shares.append(share)
    )
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_no_directions_at_all_can_be_kept(tmp_path: Path) -> None:
    empty = DirectionTable((), (), ("a",), np.zeros((0, 1)), np.zeros((0, 0)), np.ones((1, 1)), ("Why.",), 5, True)
    save_directions(empty, tmp_path / "d.npz")
    again = load_directions(tmp_path / "d.npz")
    assert again is not None
    assert (again.directions, again.columns, again.skipped, again.drawn) == ((), ("a",), ("Why.",), True)
