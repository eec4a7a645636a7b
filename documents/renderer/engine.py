"""One document: HTML in, PDF out, with a fetcher that refuses all but our own assets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse, URLFetchingError

from documents.renderer.assets import ASSETS
from documents.renderer.fontfile import shrink_fonts

SCHEME = "redress-asset:"
MAX_PAGES = 60
# PDF/A-2a: made for keeping, tagged so that it can be read aloud, text can be searched, embedded
# files are not allowed by the standard.
OPTIONS: dict[str, Any] = {"pdf_variant": "pdf/a-2a"}


class AssetFetcher(URLFetcher):
    """Serves assets by name from memory; refuses and counts everything else.

    It has no handler for any protocol, so even its base class could not reach anything.
    WeasyPrint swallows ordinary errors of a fetcher: the count is what fails the document.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.handlers: list[Any] = []
        self.handle_open: dict[str, Any] = {}
        self.process_request: dict[str, Any] = {}
        self.process_response: dict[str, Any] = {}
        self.refused = 0

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return an asset. Raises ValueError for any other address."""
        asset = ASSETS.get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
        if asset is None:
            self.refused += 1
            raise ValueError("Only our own assets are fetched.")
        media_type, data = asset
        return URLFetcherResponse(url, data, {"Content-Type": media_type})

    def open(self, url: Any, data: Any = None, timeout: Any = None) -> URLFetcherResponse:
        """Refuse what the base class would have opened."""
        return self.fetch(getattr(url, "full_url", url))


@dataclass(frozen=True)
class Outcome:
    """What became of a document: a PDF, or the code of the fault."""

    code: str
    pdf: bytes = b""
    pages: int = 0
    refused: int = 0


def render(html: str) -> Outcome:
    """Print HTML. Faults that hostile or huge input can cause come back as a code.

    A document that asked for anything beyond our assets is refused as a whole.
    """
    fetcher = AssetFetcher()
    try:
        outcome = _print(html, fetcher)
    except RecursionError:
        outcome = Outcome("nested_too_deep")
    except (ZeroDivisionError, OverflowError):
        outcome = Outcome("impossible_size")
    except URLFetchingError:
        outcome = Outcome("fetch_refused")
    except MemoryError:
        outcome = Outcome("out_of_memory")
    except (ValueError, TypeError, AttributeError, LookupError, AssertionError, ArithmeticError):
        outcome = Outcome("not_printable")
    if fetcher.refused:
        return Outcome("fetch_refused", refused=fetcher.refused)
    return outcome


def _print(html: str, fetcher: AssetFetcher) -> Outcome:
    fonts = FontConfiguration()
    document = HTML(string=html, url_fetcher=fetcher).render(font_config=fonts, **OPTIONS)
    if len(document.pages) > MAX_PAGES:
        return Outcome("too_many_pages")
    pdf = document.write_pdf(finisher=shrink_fonts, **OPTIONS)
    return Outcome("ok", pdf, len(document.pages))


def warm_up() -> None:
    """Load fonts and style sheets once, so that each child finds them in memory."""
    render(
        '<html lang="zh-Hans"><style>html{font-family:"Noto Serif CJK SC",serif}'
        'b{font-family:"Noto Sans CJK SC",sans-serif}</style><p>赔偿协议 Agreement <b>元</b></p>'
    )
