"""The check of finished PDFs sees through streams, object streams and escaped names."""

import io
import zlib

import pytest
from pypdf import PdfReader

from documents.errors import PdfRefused
from documents.pdfcheck import MAX_BYTES, MAX_PAGES, check_pdf
from tests.documents import makers


def in_object_stream(text):
    packed = zlib.compress(text)
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type /Page>>\nendobj\n"
        b"5 0 obj\n<</Type /ObjStm /Filter /FlateDecode /Length " + str(len(packed)).encode()
        + b">>\nstream\n" + packed + b"\nendstream\nendobj\n%%EOF\n"
    )  # fmt: skip


def test_a_plain_pdf_passes():
    assert check_pdf(makers.pdf()) == 1


@pytest.mark.parametrize(
    "name",
    ["EmbeddedFile", "EmbeddedFiles", "Filespec", "Launch", "JavaScript", "JS", "URI", "OpenAction",
     "AA", "RichMedia", "GoToR", "SubmitForm", "ImportData", "AcroForm", "XFA", "Encrypt"],
)  # fmt: skip
def test_what_acts_or_leads_away_is_refused(name):
    for data in (
        makers.pdf(b"/" + name.encode() + b" 1"),
        makers.pdf(b"/S /" + name.encode()),
        makers.pdf(b"/" + b"".join(b"#%02x" % byte for byte in name.encode()) + b" 1"),
        in_object_stream(b"<</" + name.encode() + b" 1>>"),
    ):
        with pytest.raises(PdfRefused) as caught:
            check_pdf(data)
        assert caught.value.code == "pdf_active_content"


def test_names_inside_plain_streams_do_not_count():
    hidden = zlib.compress(b"/JavaScript")
    data = makers.pdf(end=b"\n9 0 obj\n<</Length 9>>\nstream\n" + hidden + b"/JS\nendstream\n%%EOF")
    assert check_pdf(data) == 1


def test_longer_names_do_not_count():
    assert check_pdf(makers.pdf(b"/JSName 1 /URIs 2 /AAA 3")) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "pdf_damaged"),
        (b"<html>", "pdf_damaged"),
        (makers.pdf(end=b""), "pdf_damaged"),
        (makers.pdf() + b"x", "pdf_damaged"),
        (b"%PDF-1.7\n%%EOF", "pdf_page_count"),
        (b"%PDF-1.7\n" + b"<</Type /Page>>\n" * (MAX_PAGES + 1) + b"%%EOF", "pdf_page_count"),
        (b"%PDF-1.7\n" + b" " * MAX_BYTES + b"%%EOF", "pdf_too_big"),
        (in_object_stream(b"\0" * (MAX_BYTES + 1)), "pdf_too_big"),
        (in_object_stream(b"x").replace(b"x\x9c", b"??"), "pdf_damaged"),
    ],
)
def test_other_faults_have_codes(data, code):
    with pytest.raises(PdfRefused) as caught:
        check_pdf(data)
    assert caught.value.code == code


def test_the_count_agrees_with_another_reader(renderer):
    data = renderer.render("<style>p{break-after:page}</style><p>一<p>二<p>三")
    assert check_pdf(data) == len(PdfReader(io.BytesIO(data)).pages)


def test_links_of_a_printed_page_are_refused(renderer):
    with pytest.raises(PdfRefused):
        check_pdf(renderer.render('<a href="https://example.org">x</a>'))
