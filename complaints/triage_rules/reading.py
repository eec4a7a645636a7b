"""Reading a text for the rules: one plain form of it, and the way back to the original.

Full-width letters become plain ones, traditional characters that the rules know become
simplified, and characters that show nothing (zero-width, control) vanish; each character of the
plain form remembers which one of the original it came from.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_TRADITIONAL = str.maketrans(
    "過敏漏電觸燙傷劃著煙火災變質黴蟲蒼蠅蟑螂瀉濕腫癢發燒醫院嘔傾頭皮腦臉腳膚殼鏽鋼絲釘鐵"
    "壞爛餿臭異物藥飯麵湯雞魚蝦蛋買賣從沒擔險極幾壓機車門輪氣閥螢幕爐鍋線關開燈裂碎媽爺"
    "兒嬰媒體記監營質檢舉報訴孕婦產殘疾們還嗎會讓說聽過這個給請舊樣點餓貓鍵錶與僅隻",
    "过敏漏电触烫伤划着烟火灾变质霉虫苍蝇蟑螂泻湿肿痒发烧医院呕倾头皮脑脸脚肤壳锈钢丝钉铁"
    "坏烂馊臭异物药饭面汤鸡鱼虾蛋买卖从没担险极几压机车门轮气阀萤幕炉锅线关开灯裂碎妈爷"
    "儿婴媒体记监营质检举报诉孕妇产残疾们还吗会让说听过这个给请旧样点饿猫键表与仅只",
)
_SHOWS_NOTHING = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "Mn"})
_PLAIN = {"\t": " ", "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\n": "\n"}
_QUOTES = str.maketrans("’‘ʼ`´", "'''''")


@dataclass(frozen=True)
class Plain:
    """The plain form of a text; `origin[i]` is where its i-th character stands in the original."""

    text: str
    origin: list[int]
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that became `text[start:end]`, which isn't empty."""
        return self.origin[start], self.origin[end - 1] + 1


def _plain_character(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    if character.isascii():
        return "" if ord(character) < 32 or character == "\x7f" else character.lower()
    if unicodedata.category(character) in _SHOWS_NOTHING:
        return ""
    plain = unicodedata.normalize("NFKC", character.translate(_QUOTES)).lower()
    return plain.translate(_TRADITIONAL).translate(_QUOTES)


def read_plain(text: str) -> Plain:
    """Return the plain form of a text, in time that grows with its length."""
    known = {character: _plain_character(character) for character in set(text)}
    if all(len(plain) == 1 for plain in known.values()):
        pieces: list[str] = [known[character] for character in text]
        return Plain("".join(pieces), list(range(len(text))), len(text))
    pieces, origin = [], []
    for place, character in enumerate(text):
        plain = known[character]
        pieces.append(plain)
        origin.extend([place] * len(plain))
    return Plain("".join(pieces), origin, len(text))
