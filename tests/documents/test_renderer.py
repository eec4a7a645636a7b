"""The printing process: it fetches nothing, survives hostile input, and dies with its caller."""

import io
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pypdf import PdfReader

from documents.errors import RenderFailed
from documents.pdfcheck import check_pdf
from documents.renderer import client, frames
from documents.renderer.client import Renderer, shared_renderer
from tests.documents.vectors import UNTRIED, VECTORS

LOUD = ("img src", "link stylesheet", "css background", "link attachment")
CANARY = "canary-7f3a9c-canary"
OPEN_PRINTER = """
import sys, weasyprint
weasyprint.HTML(string=sys.stdin.read()).write_pdf()
"""


class Listener:
    """A server on the loopback interface that counts who connects, and answers with a canary."""

    def __enter__(self):
        self.connections = 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.server.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def _accept(self):
        while True:
            try:
                guest, _ = self.server.accept()
            except OSError:
                return
            with guest:
                self.connections += 1
                guest.settimeout(5)
                guest.recv(4096)
                guest.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + CANARY.encode())

    def __exit__(self, *_error):
        self.server.close()


def outcome(renderer, html):
    """Return the PDF, or the code of the failure."""
    try:
        return renderer.render(html)
    except RenderFailed as error:
        return error.code


def test_there_are_enough_vectors():
    assert len(VECTORS) >= 26
    assert len(VECTORS.keys() - UNTRIED) >= 16


def test_the_listener_hears_an_open_printer():
    with Listener() as listener:
        vectors = [VECTORS[name] for name in LOUD]
        html = "".join(
            vector.format(url=f"{listener.address}{number}")
            for number, vector in enumerate(vectors)
        )
        subprocess.run(
            [sys.executable, "-c", OPEN_PRINTER], input=html.encode(), check=True, timeout=120
        )
        assert listener.connections >= len(LOUD)


@pytest.mark.parametrize("name", VECTORS)
def test_nothing_is_fetched_or_read(renderer, name, tmp_path):
    """The process shares our network here, so that only the fetcher stands in the way."""
    secret = tmp_path / "secret.png"
    secret.write_text(CANARY)
    with Listener() as listener:
        urls = (listener.address, secret.as_uri())
        result = outcome(renderer, "".join(VECTORS[name].format(url=url) for url in urls))
        assert listener.connections == 0
    if name not in UNTRIED:
        assert result == "fetch_refused"
    elif isinstance(result, bytes):
        assert CANARY.encode() not in result
        assert CANARY not in _all_text(result)
        if name != "link target":
            assert check_pdf(result) >= 1


def _all_text(pdf):
    reader = PdfReader(io.BytesIO(pdf))
    return "".join(page.extract_text() for page in reader.pages) + str(reader.attachments)


@pytest.mark.parametrize(
    "url",
    [
        "redress-asset:nothing.svg",
        "redress-asset:../mark.svg",
        "REDRESS-ASSET:mark.svg",
        "data:image/png;base64,AAAA",
        "file:///etc/hostname",
        "ftp://127.0.0.1/x",
        "http://[::1]/x",
        "gopher://127.0.0.1/",
    ],
)
def test_only_our_own_assets_are_served(renderer, url):
    assert outcome(renderer, f'<img src="{url}">') == "fetch_refused"


@pytest.mark.parametrize("url", ["//127.0.0.1/x", "/etc/hostname", "mark.svg"])
def test_addresses_without_a_scheme_lead_nowhere(renderer, url):
    assert check_pdf(renderer.render(f'<img src="{url}">')) == 1


def test_our_mark_is_served(renderer):
    assert check_pdf(renderer.render('<img src="redress-asset:mark.svg">')) == 1


@pytest.mark.parametrize(
    ("html", "codes"),
    [
        pytest.param("<div>" * 900 + "x", {"nested_too_deep"}, id="900 nested blocks"),
        pytest.param("<b>" * 1500 + "x", {"nested_too_deep"}, id="1500 nested words"),
        pytest.param('<p style="font-size:99999999px">x', {"impossible_size"}, id="giant letters"),
        pytest.param(
            "<style>@page{size:0 0;margin:0}</style>x",
            {"impossible_size", "too_many_pages", "timeout", "out_of_memory", "killed", "ok"},
            id="page without a size",
        ),
        pytest.param(
            "<style>p{break-after:page}</style>" + "<p>x" * 70, {"too_many_pages"}, id="70 pages"
        ),
        pytest.param(
            '<svg width="9" height="9"><path d="' + "M0 0L9 9" * 5_000 + '"/></svg>',
            {"ok", "timeout", "out_of_memory", "not_printable"},
            id="endless path",
        ),
        pytest.param("\x00\ufffe<p>\x07", {"ok", "not_printable"}, id="control characters"),
        pytest.param("", {"ok", "not_printable"}, id="nothing"),
    ],
)
def test_hostile_input_ends_in_a_code(renderer, html, codes):
    result = outcome(renderer, html)
    assert ("ok" if isinstance(result, bytes) else result) in codes
    assert check_pdf(renderer.render("<p>还在工作")) == 1


def test_a_document_that_takes_too_long_is_killed(renderer):
    rows = "<tr>" + "<td>x" * 10
    assert outcome_in(renderer, "<table>" + rows * 20_000, seconds=2) == "timeout"
    assert check_pdf(renderer.render("<p>还在工作")) == 1


def outcome_in(renderer, html, *, seconds):
    with pytest.raises(RenderFailed) as caught:
        renderer.render(html, seconds=seconds)
    return caught.value.code


def in_limited_child(code):
    """Run code under a child's limits; return what it printed."""
    start = "import os, resource\nfrom documents.renderer import limits\n"
    limit = "limits.limit_child(os.getppid())\n"
    shown = subprocess.run(
        [sys.executable, "-c", start + limit + code], capture_output=True, check=True
    )
    return shown.stdout.decode().strip()


def test_the_child_is_limited_and_leaves_no_core():
    kinds = "resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE"
    shown = in_limited_child(f"print([resource.getrlimit(r)[1] for r in ({kinds})])")
    assert shown == str([1024**3, 20, 0])


def test_the_child_can_not_take_more_memory_than_its_share():
    code = "try:\n    bytearray(1100 * 1024**2)\nexcept MemoryError:\n    print('refused')"
    assert in_limited_child(code) == "refused"


def test_the_warm_process_has_no_network_where_that_is_allowed():
    code = (
        "import socket\n"
        "from documents.renderer.limits import leave_network\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "left = leave_network()\n"
        "try:\n"
        "    socket.create_connection(server.getsockname(), timeout=5).close()\n"
        "    print(left, 'reached')\n"
        "except OSError:\n"
        "    print(left, 'alone')"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert shown.stdout.decode().strip() in ("True alone", "False reached")


def test_the_process_gets_none_of_our_secrets(monkeypatch):
    monkeypatch.setenv("REDRESS_SECRET_KEY", CANARY)
    monkeypatch.setenv("DATABASE_URL", CANARY)
    kept = client._environment()
    assert CANARY not in kept.values()
    assert set(kept) <= {*client._PASSED_ON, "LC_ALL", "PYTHONDONTWRITEBYTECODE"}


def test_the_process_stays_warm_and_comes_back(renderer):
    renderer.render("<p>一")
    first = renderer.process_id
    renderer.render("<p>二")
    assert renderer.process_id == first
    os.kill(first, signal.SIGKILL)
    _wait_for(lambda: renderer._process.poll() is not None)
    assert check_pdf(renderer.render("<p>三")) == 1
    assert renderer.process_id != first


def test_the_process_ends_with_its_caller():
    code = (
        "from documents.renderer.client import Renderer\n"
        "import os, signal\n"
        "r = Renderer()\n"
        "r.render('<p>x')\n"
        "print(r.process_id, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert shown.returncode == -signal.SIGKILL
    renderer_id = int(shown.stdout)
    _wait_for(lambda: not _alive(renderer_id))


def _alive(process_id):
    try:
        status = Path("/proc", str(process_id), "stat").read_text()
    except FileNotFoundError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def _wait_for(condition):
    for _ in range(300):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("waited in vain")


def _print_in_a_worker(answers):
    lonely = Renderer()
    answers.put(check_pdf(lonely.render("<p>一页")))
    lonely.close()


def test_a_celery_worker_may_print():
    """Celery's workers are daemonic: they may not use multiprocessing, but may start a program."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    worker = context.Process(target=_print_in_a_worker, args=(answers,), daemon=True)
    worker.start()
    assert answers.get(timeout=120) == 1
    worker.join()


def test_a_forked_process_gets_a_renderer_of_its_own(renderer):
    renderer.render("<p>x")
    first = renderer.process_id
    inlet, outlet = os.pipe()
    child = os.fork()
    if child == 0:
        renderer.render("<p>y")
        frames.write_frame(outlet, {"id": renderer.process_id})
        renderer.close()
        os._exit(0)
    os.waitpid(child, 0)
    head, _ = frames.read_frame(inlet)
    for handle in (inlet, outlet):
        os.close(handle)
    assert head["id"] != first
    assert check_pdf(renderer.render("<p>z")) == 1
    assert renderer.process_id == first


def test_threads_take_turns(renderer):
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(check_pdf(renderer.render("<p>一页"))))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [1] * 6


def test_a_missing_weasyprint_is_told(monkeypatch):
    fake = 'import json,struct,sys;raw=json.dumps({"code":"weasyprint_missing"}).encode();'
    fake += 'sys.stdout.buffer.write(struct.pack(">II",len(raw),0)+raw)'
    lonely = Renderer()
    monkeypatch.setattr(
        lonely,
        "_start",
        lambda: subprocess.Popen(
            [sys.executable, "-c", fake], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ),
    )
    with pytest.raises(RenderFailed) as caught:
        lonely.render("<p>x")
    assert (caught.value.code, caught.value.lasting) == ("weasyprint_missing", False)
    assert lonely.process_id is None


def test_a_process_that_says_nothing_is_told(monkeypatch):
    lonely = Renderer()
    monkeypatch.setattr(
        lonely,
        "_start",
        lambda: subprocess.Popen(
            [sys.executable, "-c", ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ),
    )
    assert outcome(lonely, "<p>x") == "renderer_closed"


def test_there_is_one_renderer_a_process():
    assert shared_renderer() is shared_renderer()


def test_weasyprint_is_never_imported_here():
    """WeasyPrint's libraries may be missing on a machine that only serves pages."""
    code = (
        "import os, sys, django\n"
        "os.environ.update(REDRESS_ENV='test', DJANGO_SETTINGS_MODULE='config.settings')\n"
        "django.setup()\n"
        "import documents.tasks, documents.views\n"
        "print('weasyprint' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert shown.stdout.decode().strip() == "False"


def test_frames_refuse_what_is_too_big_late_or_cut_off():
    inlet, outlet = os.pipe()
    frames.write_frame(outlet, {"n": 1}, b"body")
    assert frames.read_frame(inlet) == ({"n": 1}, b"body")
    with pytest.raises(frames.FrameError) as late:
        frames.read_frame(inlet, deadline=time.monotonic())
    os.write(outlet, b"\xff" * 8)
    with pytest.raises(frames.FrameError) as big:
        frames.read_frame(inlet)
    os.close(outlet)
    with pytest.raises(frames.FrameError) as cut:
        frames.read_frame(inlet)
    os.close(inlet)
    assert [error.value.code for error in (late, big, cut)] == ["timeout", "too_big", "closed"]
