"""A stranger checks a sealed agreement: by its file, or by number and code."""

from __future__ import annotations

import io
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from agreements.models import Agreement
from agreements.selectors.verifying import agreement_by_number, check_address, check_code
from agreements.services import verifying
from agreements.services.verifying import verify_file
from complaints.models import AttemptCounter
from documents.qr import qr_path
from documents.services.files import read_bytes
from documents.services.rendering import render_document
from documents.services.seals import company_certificate
from documents.signing.report import SealReport
from documents.signing.sealer import seal_pdf
from tests.agreements.makers import NAME, PATH, company_signs, consumer_signs, offered, signed
from tests.documents.seals import seal_source

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "verify_agreement.py"


@pytest.fixture(autouse=True)
def files_root(settings, tmp_path):
    """Keep files in a folder of this test, and seal as a real company would."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.FILES_ROOT.mkdir()
    settings.SEAL_SOURCE = seal_source()


@pytest.fixture
def sealed() -> Agreement:
    """An agreement that both signed and the worker sealed."""
    agreement = company_signs(consumer_signs(offered(), signature_path=PATH))
    render_document(agreement.sealed.pk)
    return Agreement.objects.select_related("sealed__file", "case").get(pk=agreement.pk)


def bytes_of(agreement):
    return read_bytes(agreement.sealed.file)


def posted(client, data, *, name="协议.pdf", **more):
    file = SimpleUploadedFile(name, data, content_type="application/pdf")
    return client.post(reverse("agreements:verify"), {"file": file}, **more)


def asked(client, number, code):
    return client.get(reverse("agreements:verify"), {"number": number, "code": code})


def without_input(page, *given):
    """What a page says, without what was typed and without the mark of its form."""
    main = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.partition("<main")[2])
    for text in given:
        main = main.replace(f'value="{text}"', "")
    return main


def text_of(data):
    pages = PdfReader(io.BytesIO(data)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_the_original_is_known_to_the_byte(client, sealed):
    data = bytes_of(sealed)
    page = posted(client, data).content.decode()
    assert "这是原件，一个字节都没有改过" in page
    for shown in (sealed.number, sealed.sealed.sha256, "周*华", "PAdES-B-B", f"{len(data)} 字节"):
        assert shown in page
    assert NAME not in page
    english = posted(client, data, headers={"Accept-Language": "en"})
    assert sealed.number in english.content.decode()
    assert english.headers["Cache-Control"] == "private, no-store"


def test_a_thousand_random_flips_are_never_the_original(sealed, monkeypatch):
    """Whatever the seal would say: the page compares the whole file."""
    monkeypatch.setattr(verifying, "check_strangers_seal", lambda _data: SealReport(""))
    data, chance = bytes_of(sealed), random.Random(20261122)
    assert verify_file(data).code == "unchanged"
    for _ in range(1000):
        flipped = bytearray(data)
        flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        verdict = verify_file(bytes(flipped))
        assert (verdict.code == "unchanged", verdict.agreement) == (False, None)


def test_what_is_wrong_is_told(client, sealed):
    data = bytes_of(sealed)
    flipped = bytearray(data)
    flipped[3000] ^= 1
    contents = data.index(b"/Contents <") + 12
    filling = bytearray(data)
    filling[data.index(b">", contents) - 4] = ord("A")
    for content, words in (
        (bytes(flipped), "内容在盖章以后被改过"),
        (data + b"\n% note\n", "盖章的部分没有变，但后面加了别的内容"),
        (bytes(filling), "和我们存的任何一份都不相同"),
        (b"\xff\xd8\xff photo", "这不是 PDF 文件"),
        (b"%PDF-1.7 junk", "这个 PDF 读不出来"),
        (b"", "这不是 PDF 文件"),
    ):
        answer = posted(client, content)
        assert answer.status_code == 200
        assert words in answer.content.decode(), words
    # What was added to is still known to be ours, by what was sealed.
    assert sealed.number in posted(client, data + b"\n% note\n").content.decode()
    assert sealed.number not in posted(client, bytes(flipped)).content.decode()


def test_a_copy_without_the_seal_and_a_foreign_seal_are_told(client, sealed, settings):
    data = bytes_of(sealed)
    unsealed = data[: data.index(b"%%EOF") + 6]
    assert "文件上没有电子印章" in posted(client, unsealed).content.decode()
    settings.SEAL_SOURCE = seal_source(name="Somebody Else")
    forged = seal_pdf(unsealed, source=seal_source(name="安居电器有限公司"), name="x", reason="y")
    page = posted(client, forged.pdf).content.decode()
    assert "文件上的印章不是我们的" in page
    # The certificate was changed since: what was sealed under the earlier one stays ours.
    assert "这是原件" in posted(client, data).content.decode()


def test_the_text_for_reading_is_told_from_the_signed_one(client, sealed):
    document = render_document(sealed.unsigned_id)
    page = posted(client, read_bytes(document.file)).content.decode()
    assert "这是签署前供阅读的文本" in page


def test_number_and_code_show_the_same_without_a_claim(client, sealed):
    code = check_code(sealed.number)
    page = asked(client, sealed.number.lower(), code.lower().replace("-", " ")).content.decode()
    assert "还没有核对你手里的文件" in page
    assert sealed.sealed.sha256 in page
    assert "周*华" in page
    assert "这是原件" not in page


def test_unknown_numbers_and_wrong_codes_answer_alike(client, sealed):
    code, other = check_code(sealed.number), check_code("AG-2026-999999")
    answers = {
        without_input(asked(client, number, given).content.decode(), number, given)
        for number, given in (
            (sealed.number, "0000-0000-0000"),
            (sealed.number, other),
            ("AG-2026-999999", code),
            ("AG-2026-999999", other),
        )
    }
    assert len(answers) == 1
    assert "编号和校验码对不上" in answers.pop()


def test_an_agreement_that_is_not_sealed_yet_is_unknown():
    agreement = signed()
    assert agreement_by_number(agreement.number, check_code(agreement.number)) is None


def test_both_sides_get_the_same_bytes_and_the_audit_page_maps_the_law(sealed):
    text = text_of(bytes_of(sealed))
    for said in (
        "审计页",
        "第十三条第一款第（一）项",
        "第十三条第一款第（四）项",
        "第五条、第六条",
    ):
        assert said in text
    signer = sealed.signers.get(role="consumer")
    for record in (
        signer.evidence["code"][:8],
        signer.evidence["mark_sha256"],
        signer.evidence["text_sha256"],
        check_code(sealed.number),
    ):
        assert record in text
    events = sealed.case.events.filter(kind__in=("agreement_offered", "signature_given", "sign"))
    assert events.count() == 4
    assert all(event.hash in text for event in events)


def test_the_qr_code_leads_to_the_check(sealed):
    assert check_address(sealed.number).startswith("http://127.0.0.1:8000/verify/?number=AG-")
    path = sealed.sealed.context["verify"]["path"]
    assert path == qr_path(check_address(sealed.number)).path


def test_it_is_the_same_file_for_independent_programs(sealed, tmp_path):
    data, path = bytes_of(sealed), tmp_path / "signed.pdf"
    path.write_bytes(data)
    assert len(data) < 250 * 1024
    told = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    (tmp_path / "seal.pem").write_bytes(company_certificate())
    (tmp_path / "added.pdf").write_bytes(data + b"%")
    flipped = bytearray(data)
    flipped[5000] ^= 4
    (tmp_path / "flipped.pdf").write_bytes(flipped)
    (tmp_path / "foreign.pem").write_text(seal_source().certificate)
    for name, certificate, code, said in (
        ("signed.pdf", "seal.pem", 0, "OK: the file is as it was sealed"),
        ("signed.pdf", None, 3, "Not proved without the company's page"),
        ("signed.pdf", "foreign.pem", 1, "OTHER SEAL"),
        ("flipped.pdf", "seal.pem", 1, "CHANGED"),
        ("added.pdf", "seal.pem", 1, "ADDED: 1 bytes"),
        ("seal.pem", None, 2, "UNREADABLE"),
        ("missing.pdf", None, 2, "UNREADABLE"),
    ):
        given = ["--certificate", str(tmp_path / certificate)] if certificate else []
        done = subprocess.run(
            [sys.executable, str(SCRIPT), str(tmp_path / name), *given],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert (done.returncode, said in done.stdout) == (code, True), (name, done.stdout)


def test_the_page_refuses_too_much(client):
    answer = posted(client, b"%PDF-" + b"0" * (5 * 1024 * 1024))
    assert answer.status_code == 422
    assert "超过 5 MB" in answer.content.decode()
    huge = client.post(
        reverse("agreements:verify"),
        b"x",
        content_type="text/plain",
        CONTENT_LENGTH=str(7 * 1024**2),
    )
    assert huge.status_code == 413
    assert client.post(reverse("agreements:verify")).status_code == 422


def test_tries_are_limited(client):
    for _ in range(30):
        assert asked(client, "AG-2026-000001", "x").status_code == 200
    assert asked(client, "AG-2026-000001", "x").status_code == 429
    assert posted(client, b"no").status_code == 200
    assert AttemptCounter.objects.count() == 2


def test_the_certificate_is_handed_out_without_its_key(client):
    answer = client.get(reverse("agreements:verify_certificate"))
    assert answer.content == company_certificate()
    assert b"PRIVATE" not in answer.content
