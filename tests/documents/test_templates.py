"""What is printed: whole, in both languages, with its fonts inside, and free of surprises."""

import io
import re
import shutil
import subprocess
import sys
from functools import cache

import pytest
from django.template.loader import render_to_string
from pypdf import PdfReader

from documents.pdfcheck import check_pdf
from documents.registry import TEMPLATES
from tests.documents import samples
from tests.documents.samples import changed

CASES = [(name, language) for name in samples.CONTEXTS for language in ("zh-hans", "en")]
SECTIONS = {
    "zh-hans": "当事人 事由 责任 赔偿项目与金额 其他义务 履行 协议的效力 违约责任 保密 个人信息 "
    "争议解决 份数 生效 签署 附件 签署前请阅读",
    "en": "Parties|Background|Liability|Compensation|Other duties|Performance|Effect|"
    "Late performance|Confidentiality|Personal data|Disputes|Copies|Entry into force|Signatures|"
    "Attachments|Read this before you sign",
}


def html_of(name, language, context=None):
    context = context or samples.CONTEXTS[name]
    return render_to_string(TEMPLATES[name].paths[language], {**context, "language": language})


@pytest.fixture(scope="session")
def printed(renderer):
    """Print a sample, once for all tests."""
    return cache(lambda name, language: renderer.render(html_of(name, language)))


def text_of(pdf):
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages)


def flat(text):
    return re.sub(r"\s", "", text)


def leaves(value):
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() if key not in SILENT for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [value] if isinstance(value, str) and value else []


# Choices that are put in words, decimals beside what is shown, drawn lines, the record of a print.
SILENT = {
    "amount",
    "total",
    "path",
    "role",
    "acts_for",
    "outcome",
    "record",
    "audience",
    "language",
}


@pytest.mark.parametrize(("name", "language"), CASES)
def test_every_datum_is_printed(printed, name, language):
    pdf = printed(name, language)
    assert 1 <= check_pdf(pdf) <= 4
    text = flat(text_of(pdf))
    missing = [leaf for leaf in leaves(samples.CONTEXTS[name]) if flat(leaf) not in text]
    assert missing == []


@pytest.mark.parametrize("language", SECTIONS)
def test_the_agreement_has_its_sections_in_order(renderer, language):
    context = samples.agreement_en if language == "en" else samples.agreement
    printed = flat(text_of(renderer.render(html_of("agreement", language, context))))
    titles = re.split(r"\|", SECTIONS[language]) if language == "en" else SECTIONS[language].split()
    numbered = [*"一二三四五六七八九十", "十一", "十二", "十三", "十四", "十五"]
    position = 0
    for number, title in enumerate(titles, start=1):
        mark = f"{number}." if language == "en" else f"{numbered[min(number, 15) - 1]}、"
        heading = flat(title) if number == len(titles) else mark + flat(title)
        assert heading in printed[position:], heading
        position = printed.index(heading, position) + 1


def test_the_agreement_says_the_total_in_figures_and_capitals(printed):
    text = flat(text_of(printed("agreement", "zh-hans")))
    assert "合计¥1,437.00" in text
    assert "人民币壹仟肆佰叁拾柒元整" in text
    assert "协议编号XY-2026-004817-1" in text
    assert "第1页，共4页" in text


@pytest.mark.parametrize(
    ("path", "value", "zh", "en"),
    [
        ("admits_liability", False, "不等于承认法律责任", "without admitting legal liability"),
        ("confidential", True, "双方对赔偿金额和对方的联系方式保密", "keep the sum"),
        ("penalty_rate", "", "应当继续履行，并赔偿乙方", "make good the loss"),
        (
            "arbitration",
            "上海仲裁委员会",
            "提请上海仲裁委员会仲裁",
            "arbitration by 上海仲裁委员会",
        ),
        ("draft", True, "签名之前不发生效力", "no effect before it is signed"),
        ("mediator", {"name": "王敏", "organisation": "徐汇区消协"}, "经第三方调解", "mediator"),
        ("duties", [], "甲方没有其他义务", "no other duty"),
        (
            "agents",
            [{"acts_for": "consumer", "name": "周大", "authority": "授权委托书"}],
            "乙方的代理人：</span>周大",
            "For Party B:</span> 周大",
        ),
        ("extra_clauses", [{"title": "换货", "text": "三日内送到"}], "补充约定", "Further terms"),
    ],
)
def test_the_agreement_follows_its_data(path, value, zh, en):
    context = changed("agreement", path, value)
    assert zh in html_of("agreement", "zh-hans", context)
    assert en in html_of("agreement", "en", context)


def test_the_agreement_prints_credits_and_instalments():
    context = changed("agreement", "credits", [_money("已付运费", "38.00")])
    context["total"], context["total_shown"] = "1399.00", "¥1,399.00"
    context["performance"]["instalments"] = [
        {"due_on": "2026-12-01", "amount": "700.00", "amount_shown": "¥700.00"},
        {"due_on": "2027-01-01", "amount": "699.00", "amount_shown": "¥699.00"},
    ]
    TEMPLATES["agreement"].validate(context)
    for language, less in (("zh-hans", "减去：已付运费"), ("en", "Less: 已付运费")):
        html = html_of("agreement", language, context)
        assert less in html
        assert "¥699.00" in html


def _money(label, amount):
    return {"label": label, "amount": amount, "amount_shown": f"¥{amount}"}


@pytest.mark.parametrize(("name", "language"), CASES)
def test_fonts_are_embedded_and_chinese(printed, tmp_path, name, language):
    assert shutil.which("pdffonts"), "install poppler-utils"
    path = tmp_path / "document.pdf"
    path.write_bytes(printed(name, language))
    listing = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True, text=True)
    fonts = listing.stdout.splitlines()[2:]
    assert fonts
    assert all(re.search(r"\byes yes yes\b", font) for font in fonts), listing.stdout
    assert any("CJK" in font or "SC" in font for font in fonts)


@pytest.mark.parametrize(("name", "language"), CASES)
def test_no_document_is_over_250_kib(printed, name, language):
    assert len(printed(name, language)) <= 250 * 1024


def test_smaller_fonts_look_the_same(tmp_path, renderer):
    """Poppler draws every point as it does with the fonts that WeasyPrint embeds by itself."""
    html = html_of("agreement", "zh-hans")
    (tmp_path / "small.pdf").write_bytes(renderer.render(html))
    subprocess.run(
        [sys.executable, "-c", PLAIN, str(tmp_path / "plain.pdf")], input=html.encode(), check=True
    )
    for name in ("small", "plain"):
        path = str(tmp_path / name)
        subprocess.run(["pdftoppm", "-r", "60", f"{path}.pdf", path], check=True)
    pages = sorted(tmp_path.glob("small-*.ppm"))
    assert len(pages) == 4
    for page in pages:
        assert page.read_bytes() == (tmp_path / page.name.replace("small", "plain")).read_bytes()
    assert (tmp_path / "plain.pdf").stat().st_size > 2 * (tmp_path / "small.pdf").stat().st_size


PLAIN = """
import sys
from weasyprint import HTML
from documents.renderer.engine import OPTIONS, AssetFetcher
HTML(string=sys.stdin.read(), url_fetcher=AssetFetcher()).write_pdf(sys.argv[1], **OPTIONS)
"""


def test_rare_names_have_glyphs(renderer):
    rare = changed("agreement", "consumer.name", "龘𠮷㙓")
    pdf = renderer.render(html_of("agreement", "zh-hans", rare))
    assert "龘𠮷㙓" in flat(text_of(pdf))


@pytest.mark.parametrize(("name", "language"), CASES)
def test_no_template_leads_out_of_itself(name, language):
    html = html_of(name, language)
    assert set(re.findall(r'(?:src|href)="([^"]*)"', html)) == {"redress-asset:mark.svg"}
    assert "url(" not in html
    assert "@import" not in html


def test_the_largest_agreement_is_printed_in_time(renderer):
    line = {**samples.agreement["lines"][0], "amount": "1.00", "amount_shown": "¥1.00"}
    context = changed("agreement", "lines", [line] * 200)
    context["total"], context["total_shown"] = "200.00", "¥200.00"
    context["findings"] = "查明的事实。" * 3_333
    TEMPLATES["agreement"].validate(context)
    assert check_pdf(renderer.render(html_of("agreement", "zh-hans", context))) > 10
