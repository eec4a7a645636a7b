"""Icons as inline SVG, taken from the `lucide` package at run time; nothing is copied here."""

from functools import lru_cache
from html.parser import HTMLParser
from importlib.resources import files
from zipfile import ZipFile

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


class UnknownIconError(ValueError):
    """Raised for a name that lucide does not have, so that a typing error shows at once."""


class ShapeParser(HTMLParser):
    """Collects the shapes of one icon; everything on the outer element is ours to set."""

    def __init__(self) -> None:
        super().__init__()
        self.shapes: list[tuple[str, SafeString]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "svg":
            self.shapes.append((tag, flatatt(dict(attrs))))


@lru_cache(maxsize=512)
def icon_shapes(name: str) -> SafeString:
    """Give the shapes inside one icon; raises UnknownIconError."""
    with (files("lucide") / "lucide.zip").open("rb") as archive, ZipFile(archive) as icons:
        try:
            source = icons.read(f"{name}.svg").decode()
        except KeyError as missing:
            raise UnknownIconError(f"lucide has no icon {name!r}") from missing
    parser = ShapeParser()
    parser.feed(source)
    return format_html_join("", "<{}{}/>", parser.shapes)


@lru_cache(maxsize=1024)
def drawn_icon(name: str, classes: str, label: str) -> SafeString:
    """Draw one icon, once a process."""
    named = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    return format_html(
        '<svg class="{}"{} focusable="false" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="1.75" stroke-linecap="round" '
        'stroke-linejoin="round">{}</svg>',
        classes,
        flatatt(named),
        icon_shapes(name),
    )


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw an icon; `size` is "", "s", "l" or "xl". Hidden from readers unless it has a label."""
    classes = f"rd-icon rd-icon-{size}" if size else "rd-icon"
    return drawn_icon(str(name), classes, str(label))
