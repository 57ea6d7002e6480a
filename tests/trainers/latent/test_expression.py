"""Sums as people write them, and the sentences for those that cannot be read."""

import pytest

from trainers.errors import UsageError
from trainers.latent.expression import Part, Term, parse_expression


def said(text: str, known: tuple[str, ...] = ()) -> list[tuple[float, str]]:
    return [(term.coefficient, term.name) for term in parse_expression(text, known)]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("smiling", [(1.0, "smiling")]),
        (
            "smiling woman - neutral woman + neutral man",
            [(1.0, "smiling woman"), (-1.0, "neutral woman"), (1.0, "neutral man")],
        ),
        ("smiling woman − neutral  woman", [(1.0, "smiling woman"), (-1.0, "neutral woman")]),
        ("- a+b", [(-1.0, "a"), (1.0, "b")]),
        ("0.5*a - 2 b + 1e1×c", [(0.5, "a"), (-2.0, "b"), (10.0, "c")]),
        ("""#12 - "T-shirt" + 'ankle boot' """, [(1.0, "#12"), (-1.0, "T-shirt"), (1.0, "ankle boot")]),
        ("2 * #0 + sample:7", [(2.0, "#0"), (1.0, "sample:7")]),
        ("“älter” + мужчина", [(1.0, "älter"), (1.0, "мужчина")]),
        ('"me.png" + hair_colour', [(1.0, "me.png"), (1.0, "hair_colour")]),
        ("smile & not hat - not smile", [(1.0, "smile & not hat"), (-1.0, "not smile")]),
        ('-3 "7"', [(-3.0, "7")]),
    ],
)
def test_what_is_written_is_read(text: str, terms: list[tuple[float, str]]) -> None:
    assert said(text) == terms


def test_known_names_may_be_numbers_or_begin_with_not() -> None:
    assert said("7 - 1 + 2 3", ("7", "1", "3")) == [(1.0, "7"), (-1.0, "1"), (2.0, "3")]
    assert parse_expression("not smiling", ("not smiling", "smiling")) == (Term(1.0, (Part("not smiling"),)),)
    assert parse_expression("not smiling", ("smiling",)) == (Term(1.0, (Part("smiling", negated=True),)),)
    assert parse_expression('not "not smiling" & 7', ("7",)) == (Term(1.0, (Part("not smiling", True), Part("7"))),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty; write something like"),
        ("   ", "is empty"),
        ("a +", "has nothing behind it"),
        ("a - - b", "has nothing behind it"),
        ("+", "has nothing behind it"),
        ("3", "The number 3 stands alone"),
        ("a + 2 *", "The number 2 stands alone"),
        ('a - "b', "quotation mark before b is not closed"),
        ("(a + b)", r"cannot be read at '\(a \+ b\)'"),
        ("a + b = c", "cannot be read at '= c'"),
        ("12abc", "cannot be read at '12abc'"),
        ('"a" "b"', '"a" "b" in the expression is no single name'),
        ("a * b", r"a \* b in the expression is no single name"),
        ("a #1", "a #1 in the expression is no single name"),
        ("a & ", "needs a name on either side"),
        ("& a", "needs a name on either side"),
        ("''", "A name in the expression is empty"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        parse_expression(text)
