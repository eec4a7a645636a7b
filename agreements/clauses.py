"""Clauses that no agreement may hold (消法 art 26, 民法典 art 506): found by their wording.

A clause that frees us from liability for injury, forbids to complain, report or sue, or reserves
the final interpretation is void. The check errs on the side of stopping: a person rewords it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

INJURY, REMEDIES, INTERPRETATION = "injury", "remedies", "interpretation"

_BANNED = r"(投诉|举报|起诉|诉讼|仲裁|维权|信访|曝光|差评)"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        INJURY,
        re.compile(
            r"(免除|放弃|不再追究|不承担|不负责?)[^。；]{0,16}人身[^。；]{0,4}(伤害|损害|损失)"
            r"|人身(伤害|损害|损失)[^。；]{0,20}(概不负责|不承担|免责|免除|与[^。；]{0,10}无关|放弃)"
            r"|(waive|releas|not liable)[^.;]{0,60}(personal|bodily) injur",
            re.IGNORECASE,
        ),
    ),
    (
        REMEDIES,
        re.compile(
            rf"(不得|不可|禁止|不再|放弃)(?!限制|阻止|妨碍|影响|干扰|以)[^。；]{{0,14}}{_BANNED}"
            rf"|{_BANNED}[^。；]{{0,4}}的?(一切)?权利[^。；]{{0,6}}(放弃|丧失)"
            r"|(may|shall|will|must) not [^.;]{0,24}(complain|report|sue|litigat|arbitrat)"
            r"|(agrees?|undertakes?) not to [^.;]{0,24}(complain|report|sue|litigat|arbitrat)"
            r"|waives?[^.;]{0,30}right to (complain|report|sue|litigat|arbitrat)",
            re.IGNORECASE,
        ),
    ),
    (
        INTERPRETATION,
        re.compile(
            r"最终解释权|解释权归|final (right of )?interpretation|final say", re.IGNORECASE
        ),
    ),
)


_GAP = re.compile(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")


@dataclass(frozen=True)
class VoidClause:
    """A wording that makes a clause void, and which of the three prohibitions it breaks."""

    ground: str
    wording: str


def void_clauses(text: str) -> list[VoidClause]:
    """Return every wording in `text` that the law makes void, in the order of the grounds."""
    joined = _plain(text)
    return [
        VoidClause(ground, match.group(0))
        for ground, pattern in _PATTERNS
        for match in pattern.finditer(joined)
    ]


def _plain(text: str) -> str:
    """Return text as it reads: unseen marks, spaces between characters and look-alikes are gone.

    Punctuation stays as it is: the patterns end at a full stop.
    """
    seen = "".join(_letter(char) for char in text if not _is_unseen(char))
    return _GAP.sub("", re.sub(r"\s+", " ", seen))


def _is_unseen(char: str) -> bool:
    kind = unicodedata.category(char)
    return kind in ("Cf", "Mn", "Me") or (kind == "Cc" and not char.isspace())


def _letter(char: str) -> str:
    """Return the common form of a letter: of a wide or bold one, of a radical that looks like it"""
    if unicodedata.category(char)[0] in "LN" or "\u2e80" <= char <= "\u2fdf":
        return unicodedata.normalize("NFKC", char)
    return char
