"""Evidence packs: whole, the same for the same content, checked by a script of its own."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.states import Role
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent
from complaints.services.conversation import write_note
from complaints.services.evidence import add_evidence
from documents.services.files import read_bytes
from documents.services.rendering import render_pending
from liability.models import Statement
from reviews.models import EvidencePack
from reviews.services.packing import ask_for_pack, make_packs, write_pack
from tests.agreements.makers import following_case, picture
from tests.factories import make_user, staff
from tests.liability.makers import determined_case

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).parents[2] / "scripts" / "verify_evidence_pack.py"


def asked(case: Case, **fields: Any) -> EvidencePack:
    given: dict[str, Any] = {
        "kind": "court",
        "recipient": "闵行区人民法院",
        "purpose": "举证期限内提交",
        "without_others": True,
        **fields,
    }
    return ask_for_pack(case, by=staff(Role.AGENT), **given)


def packed(case: Case) -> bytes:
    stream = io.BytesIO()
    write_pack(case, stream, without_others=True)
    return stream.getvalue()


def checked(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(path), *more],
        capture_output=True,
        text=True,
        check=False,
    )


def whole_case() -> Case:
    case = following_case()
    add_evidence(
        case,
        by=staff(Role.AGENT),
        upload=ContentFile(picture().getvalue()),
        name="水壶.jpg",
    )
    return Case.objects.select_related("consumer").get(pk=case.pk)


def test_pack_holds_what_there_is_and_no_internal_note() -> None:
    case = write_note(whole_case(), by=staff(Role.AGENT), body="内部：怀疑是仿品", nonce="n1")
    pack = zipfile.ZipFile(io.BytesIO(packed(case)))
    names = pack.namelist()

    assert {"case.json", "manifest.json", "messages.json", "timeline.html", "timeline.json"} <= {
        *names
    }
    assert any(name.startswith("evidence/") for name in names)
    assert pack.read("timeline.pdf").startswith(b"%PDF-")
    assert "statements.json" in names
    assert any(name.startswith("payments/") for name in names)
    everything = b"".join(pack.read(name) for name in names)
    assert "怀疑是仿品".encode() not in everything
    lines = json.loads(pack.read("timeline.json"))
    assert [line["sequence"] for line in lines] == sorted(line["sequence"] for line in lines)


def test_same_content_is_the_same_to_the_byte_whoever_asks() -> None:
    case = whole_case()
    first = packed(case)
    asked(case)
    assert make_packs() == 1
    assert make_packs() == 0

    pack = EvidencePack.objects.get()
    assert pack.file is not None
    assert read_bytes(pack.file) == packed(Case.objects.get(pk=case.pk)) == first
    kinds = CaseEvent.objects.filter(case=case, kind__startswith="pack_")
    assert sorted(kinds.values_list("kind", flat=True)) == ["pack_asked", "pack_ready"]


def test_script_finds_every_tampering(tmp_path: Path) -> None:
    data = packed(whole_case())
    path = tmp_path / "pack.zip"
    path.write_bytes(data)
    good = checked(path)
    assert good.returncode == 0, good.stdout
    digest = good.stdout.split("SHA-256: ")[1].split()[0]
    assert checked(path, digest).returncode == 0
    assert checked(path, "0" * 64).returncode == 1

    source = zipfile.ZipFile(io.BytesIO(data))
    victim = next(name for name in source.namelist() if name.startswith("evidence/"))

    def rewritten(drop: str = "", change: str = "", add: str = "") -> int:
        with zipfile.ZipFile(path, "w") as target:
            for name in source.namelist():
                if name != drop:
                    target.writestr(name, source.read(name) + (b"x" if name == change else b""))
            if add:
                target.writestr(add, b"new")
        return checked(path, digest).returncode

    assert rewritten() == 0
    assert rewritten(drop=victim) == 1
    assert rewritten(change=victim) == 1
    assert rewritten(change="timeline.json") == 1
    assert rewritten(add="evidence/invented.txt") == 1
    assert rewritten(drop="manifest.json") == 2
    path.write_bytes(data[: len(data) // 2])
    assert checked(path).returncode == 2
    path.write_bytes(b"")
    assert checked(path).returncode == 2


def test_script_finds_flipped_bytes(tmp_path: Path) -> None:
    data, path = packed(whole_case()), tmp_path / "pack.zip"
    source = zipfile.ZipFile(io.BytesIO(data))
    info = next(i for i in source.infolist() if i.filename.startswith("payments/"))
    at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])

    assert checked(path).returncode in (1, 2)


def test_recipient_purpose_and_right_are_needed() -> None:
    case = whole_case()
    for field in ("recipient", "purpose", "kind"):
        with pytest.raises(CaseError) as caught:
            asked(case, **{field: " "})
        assert caught.value.field == field
    with pytest.raises(StepForbidden):
        ask_for_pack(
            case,
            by=staff(Role.FINANCE),
            kind="court",
            recipient="x",
            purpose="y",
            without_others=True,
        )
    assert not EvidencePack.objects.exists()
    asked(case)
    with pytest.raises(CaseError, match="还在生成"):
        asked(case)


def test_page_download_and_other_cases(client: Client) -> None:
    case, other = whole_case(), whole_case()
    client.force_login(make_user(Role.AGENT))
    url = reverse("reviews:packs", args=[case.reference])
    said = {"kind": "court", "recipient": "法院", "purpose": "开庭", "without_others": "on"}
    assert client.post(url, said).status_code == 303
    pack = EvidencePack.objects.get()
    download = reverse("reviews:pack", args=[case.reference, pack.pk])
    assert client.get(download).status_code == 404
    make_packs()

    answer = client.get(download)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert CaseEvent.objects.filter(case=case, kind="pack_taken").count() == 1
    foreign = reverse("reviews:pack", args=[other.reference, pack.pk])
    assert client.get(foreign).status_code == 404
    page = client.get(url).content.decode()
    assert EvidencePack.objects.get().manifest_sha256 in page


def test_letters_reports_and_statements_are_in_and_others_can_be_left_out() -> None:
    case = Case.objects.select_related("consumer").get(pk=determined_case().pk)
    heard = Statement.objects.filter(case=case).exclude(party="consumer")
    assert heard.exists()
    while render_pending():
        pass
    whole, alone = io.BytesIO(), io.BytesIO()
    write_pack(case, whole, without_others=False)
    with translation.override("en"):
        write_pack(case, alone, without_others=True)
    every, ours = zipfile.ZipFile(whole), zipfile.ZipFile(alone)

    assert "letters/finding-1.pdf" in every.namelist()
    assert "letters/finding-1.pdf" in ours.namelist()
    told = json.loads(every.read("statements.json"))
    assert "respondent" in {row["party"] for row in told}
    assert {row["party"] for row in json.loads(ours.read("statements.json"))} <= {"consumer"}
    assert every.read("case.json") == ours.read("case.json")
    assert "认定" in ours.read("timeline.html").decode()


def test_changed_manifest_is_found_even_when_it_agrees_with_the_files(tmp_path: Path) -> None:
    data, path = packed(whole_case()), tmp_path / "pack.zip"
    source = zipfile.ZipFile(io.BytesIO(data))
    digest = hashlib.sha256(source.read("manifest.json")).hexdigest()
    told = json.loads(source.read("manifest.json"))
    victim = next(e for e in told["files"] if e["path"].startswith("evidence/"))
    victim["sha256"], victim["size"] = hashlib.sha256(b"forged").hexdigest(), len(b"forged")
    with zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            forged = b"forged" if name == victim["path"] else source.read(name)
            target.writestr(name, json.dumps(told) if name == "manifest.json" else forged)

    assert checked(path).returncode == 0
    assert checked(path, digest).returncode == 1
