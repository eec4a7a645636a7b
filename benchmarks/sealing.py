"""A sealed agreement: our seal against pyHanko alone, our printing against WeasyPrint, its size.

Ours reads certificate and key, seals in a thread of its own and proves the result by reading it
back before it counts; the first ratio leaves out that proof, which bare pyHanko doesn't do either.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import django
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

from benchmarks.load import median
from documents.signing.checking import check_seal
from documents.signing.development import development_seal
from documents.signing.sealer import seal_pdf

NAME, REASON = "Anju", "AG-2026-000001"
MOST_KILOBYTES = 250


@dataclass(frozen=True)
class SealTimes:
    """Milliseconds for one seal, and what came out."""

    ours: float
    proof: float
    bare: float
    kilobytes: float


def measure_seals(pdf: bytes, *, seals: int) -> SealTimes:
    """Seal the same PDF in turns; the key is read each time on both sides."""
    source = development_seal(Path("var/seal"), company=NAME)
    sealed = seal_pdf(pdf, source=source, name=NAME, reason=REASON).pdf
    times: dict[str, list[float]] = {"ours": [], "proof": [], "bare": []}
    for _ in range(seals):
        began = time.perf_counter()
        seal_pdf(pdf, source=source, name=NAME, reason=REASON)
        times["ours"].append(1000 * (time.perf_counter() - began))
        began = time.perf_counter()
        check_seal(sealed)
        times["proof"].append(1000 * (time.perf_counter() - began))
        began = time.perf_counter()
        _bare_seal(pdf, source.certificate)
        times["bare"].append(1000 * (time.perf_counter() - began))
    return SealTimes(
        **{name: median(found) for name, found in times.items()}, kilobytes=len(sealed) / 1024
    )


def _bare_seal(pdf: bytes, path: str) -> None:
    """Do what pyHanko's manual shows, and no more."""
    signer = signers.SimpleSigner.load(path, path)
    meta = signers.PdfSignatureMetadata(
        field_name="Seal", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True
    )
    signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), meta, signer=signer)


def main() -> int:
    """Measure and print; exit code 1 when the sealed file is too large."""
    os.environ.setdefault("REDRESS_ENV", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # Only now: the templates and settings that this needs are there.
    from benchmarks import printing
    from documents.renderer import engine

    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    paper = printing.measure(1, documents=rounds)
    seals = measure_seals(engine.render(printing.agreement_html()).pdf, seals=rounds)
    print(f"medians of {rounds}; ratios only are worth quoting")
    print(
        f"printing  ours {paper.ours:.0f} ms, WeasyPrint with our options {paper.bare:.0f} ms: "
        f"{paper.ours / paper.bare:.2f}, as it comes {paper.plain:.0f} ms: "
        f"{paper.ours / paper.plain:.2f}, {paper.pages} pages"
    )
    without = seals.ours - seals.proof
    print(
        f"sealing   ours {seals.ours:.0f} ms of which proof {seals.proof:.0f} ms, "
        f"pyHanko {seals.bare:.0f} ms: {without / seals.bare:.2f} (with proof "
        f"{seals.ours / seals.bare:.2f})"
    )
    many, workers = 10 * rounds, 2
    seconds = printing.measure_many(many, workers=workers)
    print(
        f"many      {many} agreements by {workers} workers in {seconds:.1f} s, "
        f"{many / seconds:.1f} a second: {many * paper.bare / 1000 / seconds:.2f} times as many "
        f"as one bare process, {many * paper.ours / 1000 / seconds:.2f} times one worker"
    )
    print(f"size      {seals.kilobytes:.0f} KiB sealed, at most {MOST_KILOBYTES}")
    return 0 if seals.kilobytes <= MOST_KILOBYTES else 1


if __name__ == "__main__":
    sys.exit(main())
