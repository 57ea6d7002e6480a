"""Sums of named things as a person writes them: smiling woman - neutral woman + 0.5 * "neutral man" + #12."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from trainers.errors import UsageError

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<quoted>"[^"]*"|'[^']*'|“[^”]*”|„[^“”]*[“”]|«[^»]*»)
    | (?P<item>\#\d+)
    | (?P<sign>[+\-−–])
    | (?P<times>[*×·])
    | (?P<both>&)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))
    | (?P<word>[^\W\d][\w.:]*)""",
    re.VERBOSE,
)
_QUOTES = "\"'“”„«»"
_EXAMPLE = 'write something like smiling - "not smiling" + #12'


class Part(NamedTuple):
    """A name, or what it is not."""

    name: str
    negated: bool = False

    def __str__(self) -> str:
        return f"not {self.name}" if self.negated else self.name


@dataclass(frozen=True)
class Term:
    """A number of times something: what all its parts say at once."""

    coefficient: float
    parts: tuple[Part, ...]

    @property
    def name(self) -> str:
        """What it is, without the coefficient."""
        return " & ".join(map(str, self.parts))


class _Token(NamedTuple):
    kind: str
    text: str


def parse_expression(text: str, known: Collection[str] = ()) -> tuple[Term, ...]:
    """The terms of a sum, in order.

    A term is a name, of one or several words; in quotes where it has other signs in it; or an item by its place from
    0, as #12. `a & not b` is what is a and not b. A number and, if you like, * may stand before it.
    known: names that something has; only a name among them may be a number, or begin with "not".
    Raises `UsageError` that says where it cannot be read.
    """
    tokens = _tokens(text)
    if not tokens:
        raise UsageError(f"The expression is empty; {_EXAMPLE}.")
    terms: list[Term] = []
    place = 0
    while place < len(tokens):
        sign = 1.0
        if tokens[place].kind == "sign":
            sign = 1.0 if tokens[place].text == "+" else -1.0
            place += 1
        elif terms:
            raise UsageError(f"Something is missing before {tokens[place].text} in the expression: put + or - there.")
        end = place
        while end < len(tokens) and tokens[end].kind != "sign":
            end += 1
        terms.append(_term(sign, tokens[place:end], known))
        place = end
    return tuple(terms)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            if text[place] in _QUOTES:
                raise UsageError(f"The quotation mark before {text[place + 1 : place + 20]} is not closed; close it.")
            raise UsageError(
                f"The expression cannot be read at {text[place : place + 20]!r}; put names with other signs than "
                f"letters in quotes, or {_EXAMPLE}."
            )
        if found.lastgroup != "space":
            tokens.append(_Token(str(found.lastgroup), found.group()))
        place = found.end()
    return tokens


def _term(sign: float, tokens: Sequence[_Token], known: Collection[str]) -> Term:
    if not tokens:
        raise UsageError("A + or - in the expression has nothing behind it; put a name there, or leave it out.")
    coefficient = 1.0
    if tokens[0].kind == "number" and not (len(tokens) == 1 and tokens[0].text in known):
        coefficient, rest = float(tokens[0].text), tokens[1:]
        tokens = rest[1:] if rest and rest[0].kind == "times" else rest
        if not tokens:
            raise UsageError(
                f"The number {coefficient:g} stands alone in the expression; put a name behind it, in quotes if the "
                "name is a number."
            )
    parts, start = [], 0
    for end in [*(place for place, token in enumerate(tokens) if token.kind == "both"), len(tokens)]:
        parts.append(_part(tokens[start:end], known))
        start = end + 1
    return Term(sign * coefficient, tuple(parts))


def _part(tokens: Sequence[_Token], known: Collection[str]) -> Part:
    if not tokens:
        raise UsageError("A & in the expression needs a name on either side; put one there.")
    words = " ".join(token.text for token in tokens)
    all_words = all(token.kind == "word" for token in tokens)
    is_name = all_words and words in known
    if not is_name and tokens[0] == ("word", "not") and len(tokens) > 1:
        return Part(_part(tokens[1:], known).name, negated=True)
    if all_words or (len(tokens) == 1 and tokens[0].kind in ("item", "number")):
        return Part(words)
    if len(tokens) == 1 and tokens[0].kind == "quoted":
        name = words[1:-1].strip()
        if not name:
            raise UsageError(f"A name in the expression is empty; {_EXAMPLE}.")
        return Part(name)
    raise UsageError(f"{words} in the expression is no single name; put + or - in it, or all of it in quotes.")
