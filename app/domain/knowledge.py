"""Knowledge articles: what to do, in Markdown, and whether it worked for those who tried it.

An article's versions are its texts in the journal. Each trial is a fact of its own, so that two
stations that count at once lose nothing: the counts are worked out from the trials.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.domain.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.domain.incident import EntityId
    from app.domain.incident_record import Incident

KIND: Final = "article"
TRIAL: Final = "trial:"
"""How the field of a trial begins; its own id follows."""


class Trial(NamedTuple):
    """Somebody tried what an article says: with an incident, or without (None)."""

    worked: bool
    by: str
    at_ms: int
    incident: str


class ArticleVersion(NamedTuple):
    """The text of an article as somebody left it."""

    text: str
    author: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Article:
    """One article; `counted` are trials from before it was kept here, as (worked, did not)."""

    id: EntityId
    name: str
    code: str
    text: str = ""
    category: str = ""
    author: str = ""
    written_ms: int = 0
    counted: tuple[int, int] = (0, 0)
    trials: tuple[Trial, ...] = ()

    @property
    def worked(self) -> int:
        """Return how often it worked."""
        return self.counted[0] + sum(trial.worked for trial in self.trials)

    @property
    def did_not(self) -> int:
        """Return how often it did not."""
        return self.counted[1] + sum(not trial.worked for trial in self.trials)

    @classmethod
    def from_data(cls, uid: EntityId, name: str, data: Mapping[str, Any]) -> Article:
        """Read what the store holds; a trial that cannot be read is left out."""
        trials = [
            Trial(
                bool(value.get("worked")),
                str(value.get("by") or ""),
                _whole(value.get("at")),
                str(value.get("incident") or ""),
            )
            for key, value in sorted(data.items())
            if key.startswith(TRIAL) and isinstance(value, dict)
        ]
        return cls(
            uid,
            name,
            str(data.get("code") or code_of(uid)),
            str(data.get("text") or ""),
            str(data.get("category") or ""),
            str(data.get("author") or ""),
            _whole(data.get("written_ms")),
            (_whole(data.get("worked")), _whole(data.get("did_not"))),
            tuple(trials),
        )


def code_of(uid: EntityId) -> str:
    """Return the short name of an article that was given none: the same on every station."""
    return f"KB-{uid.hex()[-4:].upper()}"


def matching(articles: Iterable[Article], text: str) -> list[Article]:
    """Return the articles that have all words of a text, as beginnings of theirs, the best first.

    A word in the title counts more than one in the text; then what worked most stands first.
    No words are matched by all articles.
    """
    words = fold(text).split()
    found: list[tuple[int, int, str, Article]] = []
    for article in articles:
        title = _parts(f"{article.code} {article.name} {article.category}".replace("/", " "))
        told = _parts(article.text)
        score = 0
        for word in words:
            if _begins(title, word):
                score += 3
            elif _begins(told, word):
                score += 1
            else:
                break
        else:
            won = article.worked - article.did_not
            found.append((-score, -won, fold(article.name), article))
    return [one[-1] for one in sorted(found, key=lambda each: each[:3])]


@lru_cache(maxsize=4_096)
def _parts(text: str) -> tuple[str, ...]:
    """Return the words of a text in order of the alphabet, without marks of Markdown around them.

    They are remembered: a search asks for the same texts again with every key.
    """
    parts = fold(text).split()
    return tuple(sorted({*parts, *(part.strip("*_#`([") for part in parts)}))


def _begins(parts: tuple[str, ...], word: str) -> bool:
    at = bisect_left(parts, word)
    return at < len(parts) and parts[at].startswith(word)


def text_of_resolution(incident: Incident) -> str:
    """Return what an article made from a resolved incident begins with: when, why, what to do."""
    parts = [f"**When**: {incident.description.strip() or incident.title}"]
    if incident.root_cause.strip():
        parts.append(f"**Cause**: {incident.root_cause.strip()}")
    if incident.workaround.strip():
        parts.append(f"**Workaround**: {incident.workaround.strip()}")
    parts.append(f"**Solution**: {incident.resolution.strip()}")
    return "\n\n".join(parts) + "\n"


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
