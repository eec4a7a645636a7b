"""The style sheets: one set of dark tokens, contrast, no stray classes, small files."""

import re
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "static" / "redress"
PRINTED = Path(settings.BASE_DIR) / "templates" / "documents"
SHEETS = sorted(FOLDER.glob("*.css"))
SCRIPTS = sorted((FOLDER / "js").glob("*.mjs"))
TOKEN = re.compile(r"(--rd-[\w-]+):\s*([^;]+);")
TEXT_ON_GROUND = [
    ("ink", "ground"), ("ink-2", "ground"), ("ink-3", "ground"), ("ink-2", "sunken"),
    ("ink-3", "sunken"), ("ink-3", "surface"), ("brand-text", "ground"),
    ("brand-text", "brand-soft"), ("on-brand", "brand"), ("on-danger", "danger"),
    ("danger", "surface"), ("danger", "danger-soft"), ("warn", "surface"), ("warn", "warn-soft"),
    ("warn", "ground"), ("ok", "surface"), ("ok", "ok-soft"), ("purple", "purple-soft"),
    ("rail-ink", "rail"), ("on-mark", "mark"), ("ink-2", "warn-soft"), ("ink-2", "brand-soft"),
    ("danger", "brand-soft"), ("danger", "sunken"),
]  # fmt: skip


def blocks() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Give the light tokens, and the dark ones by device and by choice."""
    text = (FOLDER / "tokens.css").read_text()
    light, rest = text.split("@media screen and (prefers-color-scheme: dark)")
    by_device, by_choice = rest.split(':root[data-theme="dark"]')
    light_tokens, device_tokens, choice_tokens = (
        dict(TOKEN.findall(part)) for part in (light, by_device, by_choice)
    )
    return light_tokens, device_tokens, choice_tokens


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour, as WCAG defines it."""
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_dark_tokens_are_the_same_by_device_and_by_choice() -> None:
    _, by_device, by_choice = blocks()

    assert by_device == by_choice


def test_dark_changes_colours_that_light_defines() -> None:
    light, dark, _ = blocks()

    assert set(dark) <= set(light)


@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_enough_contrast(theme: str, text: str, ground: str) -> None:
    light, dark, _ = blocks()
    colours = light | dark if theme == "dark" else light

    assert contrast(colours[f"--rd-{text}"], colours[f"--rd-{ground}"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_borders_of_inputs_stand_out_from_the_ground(theme: str) -> None:
    light, dark, _ = blocks()
    colours = light | dark if theme == "dark" else light

    assert contrast(colours["--rd-line-input"], colours["--rd-surface"]) >= 3


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_style_sheet_uses_tokens_and_own_classes(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    selectors = re.findall(r"([^{}]+){", text)
    classes = {name for line in selectors for name in re.findall(r"\.([a-z][\w-]*)", line)}
    colours = re.findall(r"#[0-9a-f]{3,6}\b", text) if path.name != "tokens.css" else []

    assert {name for name in classes if not name.startswith("rd-")} <= printed_classes(selectors)
    assert set(colours) <= {"#fff"}  # paper is white
    assert set(re.findall(r"var\((--rd-[\w-]+)", text)) <= defined_tokens()


def printed_classes(selectors: list[str]) -> set[str]:
    """Give the classes of printed texts, for a sheet that shows one inside `.rd-paper` only."""
    inside = [one.strip() for line in selectors for one in line.split(",") if ".rd-paper" in one]
    others = {one.strip() for line in selectors for one in line.split(",")} - set(inside)
    printed = "".join(path.read_text() for path in PRINTED.glob("*.html"))
    names = {name for found in re.findall(r'class="([^"{]*)"', printed) for name in found.split()}
    return {name for name in names if not any(f".{name}" in one for one in others)}


def defined_tokens() -> set[str]:
    """Give every token that some sheet defines."""
    return {name for path in SHEETS for name in re.findall(r"(--rd-[\w-]+):", path.read_text())}


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS], ids=lambda path: path.name)
def test_file_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_evaluates_no_text_and_loads_nothing(path: Path) -> None:
    text = path.read_text()

    assert not re.search(r"\beval\(|new Function|document\.write|https?://|^import ", text, re.M)
