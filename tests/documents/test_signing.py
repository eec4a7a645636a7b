"""The seal: what it proves, what it refuses, and what strangers' programs say of it."""

import hashlib
import io
import random
import re
import subprocess
import sys
import threading
from ctypes.util import find_library
from pathlib import Path

import pytest
from pypdf import PdfReader

from documents.signing.apart import check_apart
from documents.signing.checking import check_seal
from documents.signing.development import development_seal
from documents.signing.errors import SealFailed, SealKeyFault
from documents.signing.keys import (
    SealSource,
    TimeService,
    private_key,
    seal_facts,
)
from documents.signing.sealer import seal_pdf
from tests.documents import makers, seals

SOFTHSM = next(
    (path for path in ("/usr/lib/softhsm/libsofthsm2.so",) if Path(path).exists()),
    find_library("softhsm2") or "",
)
HTML = (
    '<html lang="zh-Hans"><head><title>协议</title></head>'
    "<body><h1>协议</h1><p>退还货款 299 元</p></body></html>"
)


@pytest.fixture(scope="module")
def printed(renderer):
    return renderer.render(HTML)


@pytest.fixture(scope="module")
def source():
    return seals.seal_source()


@pytest.fixture(scope="module")
def sealed(printed, source):
    return seal_pdf(printed, source=source, name="安居电器", reason="AG-2026-000001").pdf


def test_a_sealed_pdf_proves_who_sealed_all_of_it(sealed, printed, source):
    report = check_seal(sealed)
    assert (report.problem, report.seals, report.intact, report.whole) == ("", 1, True, True)
    assert report.certificate_sha256 == seal_facts(source).sha256
    assert report.holder == "安居电器有限公司"
    assert not report.development
    assert report.claimed_at is not None
    assert report.stamped_at is None
    assert report.sealed_sha256 == hashlib.sha256(sealed).hexdigest()
    assert sealed.startswith(printed)


def test_other_programs_accept_it(sealed, tmp_path):
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed)
    told = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
    assert "ETSI.CAdES.detached" in told
    assert "Total document signed" in told
    assert "Signature is Valid" in told
    checked = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True)
    assert (checked.returncode, "No syntax or stream encoding errors" in checked.stdout) == (
        0,
        True,
    )
    info = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True).stdout
    assert re.search(r"Tagged:\s+yes", info)


def test_it_stays_what_is_kept_for_long(sealed):
    """The mark of PDF/A-2a is still there, and nothing is embedded that acts."""
    described = PdfReader(io.BytesIO(sealed)).trailer["/Root"]["/Metadata"].get_data()
    assert b'pdfaid:part="2"' in described
    assert b'pdfaid:conformance="A"' in described
    assert b"/JavaScript" not in sealed
    assert b"/EmbeddedFile" not in sealed


def test_no_flipped_byte_leaves_it_as_it_was(sealed):
    """In what is sealed a flip breaks the seal; only the seal's own filling may leave it sound."""
    whole = hashlib.sha256(sealed).hexdigest()
    chance = random.Random(7)
    begin = sealed.index(b"/Contents <")
    end = sealed.index(b">", begin + 12)
    for _ in range(40):
        at = chance.randrange(len(sealed))
        flipped = bytearray(sealed)
        flipped[at] ^= 1 << chance.randrange(8)
        report = check_seal(bytes(flipped))
        assert report.problem or report.sealed_sha256 != whole
        assert report.problem or begin < at < end, at


def test_what_is_added_behind_is_told(sealed):
    report = check_seal(sealed + b"\n% a note\n")
    assert (report.problem, report.intact, report.whole) == ("added", True, False)
    assert report.sealed_bytes == len(sealed)
    assert report.sealed_sha256 == hashlib.sha256(sealed).hexdigest()


def test_a_second_revision_is_told(sealed, source):
    again = seal_pdf  # A certified file allows no second signature: pyHanko itself refuses.
    with pytest.raises(SealFailed):
        again(sealed, source=source, name="x", reason="y")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not_pdf"),
        (b"hello", "not_pdf"),
        (b"%PDF-1.7\n", "unreadable"),
        (b"%PDF-1.7\n" + b"\0" * 5000, "unreadable"),
        (makers.pdf(), "unreadable"),
    ],
)
def test_other_files_are_told_apart(data, problem):
    assert check_seal(data).problem == problem
    assert check_apart(data).problem == problem


def test_a_file_without_a_seal_is_told(printed):
    assert check_seal(printed).problem == "no_seal"


def test_half_a_file_proves_nothing(sealed):
    for share in (0.2, 0.6, 0.98):
        assert check_seal(sealed[: int(len(sealed) * share)]).problem


def test_a_seal_moved_to_another_file_is_refused(sealed, renderer, source):
    """The bytes of one seal put into a file sealed otherwise."""
    other = seal_pdf(
        renderer.render(HTML.replace("299", "999")), source=source, name="x", reason="y"
    )
    place = re.compile(rb"/Contents <([0-9A-Fa-f]+)>")
    ours, theirs = place.search(sealed), place.search(other.pdf)
    assert ours is not None
    assert theirs is not None
    moved = other.pdf[: theirs.start(1)] + ours[1].ljust(len(theirs[1]), b"0")[: len(theirs[1])]
    assert check_seal(moved + other.pdf[theirs.end(1) :]).problem == "changed"


def test_a_process_apart_says_the_same(sealed):
    assert check_apart(sealed) == check_seal(sealed)


def test_a_process_apart_is_given_up_in_time(sealed):
    assert check_apart(sealed, seconds=0.01).problem == "unreadable"


def test_pages_import_nothing_of_pyhanko():
    code = (
        "import sys; import documents.signing.apart, documents.signing.development; "
        "sys.exit(any(name.startswith('pyhanko') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_time_stamp_service_makes_it_b_t(printed, source):
    with seals.time_service() as url:
        done = seal_pdf(printed, source=source, name="x", reason="y", times=TimeService(url))
    assert done.level == "B-T"
    assert done.report.stamped_at is not None
    assert done.report.stamped_by == "Test TSA"
    assert check_apart(done.pdf).stamped_at == done.report.stamped_at


@pytest.mark.parametrize("fault", [{"kind": "text/html"}, {"status": 503}])
def test_a_service_that_answers_otherwise_gives_no_seal(printed, source, fault):
    with seals.time_service(**fault) as url, pytest.raises(SealFailed) as failed:
        seal_pdf(printed, source=source, name="x", reason="y", times=TimeService(url))
    assert (failed.value.code, failed.value.lasting) == ("seal_no_time", False)


def test_a_service_that_is_down_gives_no_seal(printed, source):
    with seals.time_service() as url:
        pass
    with pytest.raises(SealFailed, match="seal_no_time"):
        seal_pdf(printed, source=source, name="x", reason="y", times=TimeService(url))


def test_a_key_on_a_curve_seals_as_well(printed):
    done = seal_pdf(printed, source=seals.seal_source("ec"), name="x", reason="y")
    assert done.report.intact


def test_a_key_in_a_token_seals(printed, tmp_path, monkeypatch):
    key = seals.rsa_key()
    named = seals.token(tmp_path, key)
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm.conf"))
    source = SealSource(
        certificate=seals.pem_certificate(seals.certificate(key)), module=SOFTHSM, **named
    )
    assert seal_pdf(printed, source=source, name="x", reason="y").report.intact
    locked = SealSource(**{**source.__dict__, "pin": "0000"})
    with pytest.raises(SealFailed, match="seal_token"):
        seal_pdf(printed, source=locked, name="x", reason="y")


def test_an_expired_certificate_seals_nothing(printed):
    with pytest.raises(SealFailed, match="seal_expired"):
        seal_pdf(printed, source=seals.seal_source(days=0), name="x", reason="y")


def test_keys_come_from_files_and_variables(tmp_path):
    key = seals.rsa_key()
    pem = seals.pem_certificate(seals.certificate(key))
    (tmp_path / "seal.pem").write_text(pem)
    (tmp_path / "key.pem").write_text(seals.pem_key(key, "gong zhang"))
    by_file = SealSource(
        str(tmp_path / "seal.pem"), str(tmp_path / "key.pem"), passphrase="gong zhang"
    )
    by_text = SealSource(pem.replace("\n", "\\n"), seals.pem_key(key).replace("\n", "\\n"))
    assert private_key(by_file).private_numbers() == private_key(by_text).private_numbers()
    assert seal_facts(by_file) == seal_facts(by_text)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"key": seals.pem_key(seals.rsa_key())}, "not the key"),
        ({"key": "no/such/file.pem"}, "names no file"),
        ({"key": "-----BEGIN nothing"}, "no key"),
        ({"certificate": "no/such/file.pem"}, "names no file"),
        ({"certificate": "-----BEGIN nothing"}, "no certificate"),
    ],
)
def test_what_is_no_seal_is_refused(source, changes, said):
    with pytest.raises(SealKeyFault, match=said):
        private_key(SealSource(**{**source.__dict__, **changes}))


def test_a_locked_key_needs_its_passphrase():
    key = seals.rsa_key()
    pem = seals.pem_certificate(seals.certificate(key))
    with pytest.raises(SealKeyFault, match="passphrase"):
        private_key(SealSource(pem, seals.pem_key(key, "right"), passphrase="wrong"))


def test_the_development_seal_is_made_once_and_marked(tmp_path):
    found = []
    folder = tmp_path / "seal"
    makers_ = [
        threading.Thread(target=lambda: found.append(development_seal(folder, company="安居电器")))
        for _ in range(3)
    ]
    for thread in makers_:
        thread.start()
    for thread in makers_:
        thread.join()
    assert len(found) == 3
    assert [path.name for path in folder.iterdir()] == ["development.pem"]
    assert (folder / "development.pem").stat().st_mode & 0o777 == 0o600
    facts = seal_facts(found[0])
    assert facts.development
    assert "development only" in facts.holder
    assert private_key(found[0]).key_size == 3072
    assert development_seal(folder, company="other") == found[0]
