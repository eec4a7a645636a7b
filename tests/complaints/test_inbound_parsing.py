"""Reading mail: what clients write, and what nobody should have to read; nothing raises."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from complaints.inbound import quoting
from complaints.inbound.automatic import is_going_round, reason_automatic, sounds_automatic
from complaints.inbound.html_text import html_to_text
from complaints.inbound.identity import mail_digest
from complaints.inbound.parsing import ParsedMail, parse_mail
from complaints.inbound.quoting import without_history
from complaints.inbound.threads import is_ours, references_in, tagged, tags_in
from tests.complaints.letters import STORY, US, ZHOU, bounce, html_letter, letter, photo

CANARY = "上面是我新写的话"
GMAIL = f"On Sun, Nov 22, 2026 at 10:00 AM 安居电器 <{US}> wrote:"
HISTORIES = {
    "gmail": f"{CANARY}\n\n{GMAIL}\n\n> 你好\n> 进度",
    "gmail_zh": f"{CANARY}\n\n安居电器 <{US}> 于2026年11月22日周日 10:00写道：\n\n> 你好",
    "gmail_wrapped": f"{CANARY}\n\nOn Sun, Nov 22, 2026 at 10:00 AM 安居\n<{US}>\nwrote:\n> 你好",
    "apple_zh": f"{CANARY}\n\n> 在 2026年11月22日，10:00，安居 <{US}> 写道：\n> \n> 你好",
    "netease": f'{CANARY}\n\n\n在 2026-11-22 10:00:00，"安居电器" <{US}> 写道：\n你好，进度是',
    "netease_en": f'{CANARY}\n\nAt 2026-11-22 10:00:00, "Anju" <{US}> wrote:\nhello',
    "qq": f"{CANARY}\n\n\n------------------ 原始邮件 ------------------\n"
    f'发件人: "安居" <{US}>;\n发送时间: 2026年11月22日\n收件人: "周"\n主题: 收到\n\n你好',
    "outlook": f"{CANARY}\n\n________________________________\nFrom: Anju <{US}>\n"
    "Sent: Sunday\nTo: Zhou\nSubject: Received\n\nhello",
    "outlook_zh": f"{CANARY}\n\n发件人: 安居 <{US}>\n发送时间: 2026年11月22日\n"
    "收件人: 周\n主题: 收到你的投诉\n\n你好",
    "original": f"{CANARY}\n-----Original Message-----\nFrom: Anju\nhello",
    "signature": f"{CANARY}\n-- \n周小华\n138",
    "phone": f"{CANARY}\n\n发自我的 iPhone",
}


@pytest.mark.parametrize("name", HISTORIES)
def test_new_words_stay_and_quoted_ones_go(name: str):
    assert parse_mail(letter(HISTORIES[name])).text == CANARY


@pytest.mark.parametrize(
    "text",
    [
        "> 只有引用\n> 没有别的",
        "From: 我\n今天\nTo: 你们\n水壶坏了",
        "我在订单里写道：\n请退款\n商家不理",
        "2026年11月19日客服在聊天里写道：\n不退",
        "第一段\n\n--\n" + "很长的第二段\n" * 20,
        "On Monday the shop wrote:\nno refund for you",
    ],
)
def test_words_that_only_look_like_history_stay(text: str):
    assert without_history(text) == text.strip()


def test_everything_is_read():
    mail = parse_mail(
        letter(files=[("照片 1.jpg", photo())], In_Reply_To="<a@b>", References="<c@d> <a@b>")
    )
    assert (mail.sender, mail.sender_name) == (ZHOU, "周小华")
    assert mail.recipients == (US,)
    assert mail.subject == "水壶冒烟"
    assert mail.text == STORY
    assert mail.answers == ("<a@b>", "<c@d>")
    assert [(file.name, file.data) for file in mail.attachments] == [("照片 1.jpg", photo())]
    assert mail.message_id.endswith("@example.test>")
    assert mail.sent_at is not None
    assert not mail.is_broken


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "gb18030", "big5", "utf-8", "utf-16"])
def test_chinese_charsets_are_read(charset: str):
    words = "水壺冒煙" if charset == "big5" else "水壶冒烟，要求退款"
    head = f"From: {ZHOU}\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode()
    assert parse_mail(head + words.encode(charset)).text == words


def test_wrong_and_missing_charsets_are_guessed():
    for charset in ("klingon", "us-ascii", "", "rot13", "base64"):
        head = f"From: {ZHOU}\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode()
        assert parse_mail(head + "水壶".encode("gbk")).text == "水壶"
        assert parse_mail(head + "水壶冒烟".encode()).text == "水壶冒烟"


def test_headers_in_raw_bytes_and_encoded_words():
    raw = "Subject: 水壶".encode("gbk") + b"\r\nFrom: =?gb2312?B?1tw=?= <a@b.cn>\r\n\r\nx"
    mail = parse_mail(raw)
    assert (mail.subject, mail.sender_name, mail.sender) == ("水壶", "周", "a@b.cn")


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        ("a@b.cn", "a@b.cn"),
        ('"Zhou, Li" <A@B.cn>', "a@b.cn"),
        ("周 <a@b.cn>, 李 <c@d.cn>", ""),
        ("<<a@b.cn>>", "a@b.cn"),
        ("nobody", ""),
        ("", ""),
        ('"zhou@example.test" <m@evil.example>', "m@evil.example"),
        ("@@@<>;:", ""),
        ("a@" + "b" * 300, ""),
    ],
)
def test_senders(value: str, sender: str):
    assert parse_mail(f"From: {value}\r\n\r\nx".encode()).sender == sender


def test_html_becomes_text_without_what_is_quoted_or_active():
    html = (
        "<html><head><title>t</title><style>p{color:red}</style></head><body>"
        f"<p>{CANARY}&nbsp;<a href='https://a.example/x'>这里</a></p><script>alert(1)</script>"
        "<ul><li>一</li><li>二</li></ul><img src='https://spy.example/p.gif'>"
        "<a href='javascript:alert(2)'>点我</a><!-- 评论 -->"
        "<div class='gmail_quote'>旧话<blockquote>更旧</blockquote></div></body></html>"
    )
    text = parse_mail(html_letter(html)).text
    assert text == f"{CANARY} 这里 (https://a.example/x)\n\n- 一\n- 二\n点我"


def test_plain_text_wins_over_html():
    raw = (
        f"From: {ZHOU}\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n"
        "--b\r\nContent-Type: text/html\r\n\r\n<p>html</p>\r\n--b--\r\n"
    )
    mail = parse_mail(raw.encode())
    assert (mail.text, mail.attachments) == ("plain", ())


def test_attached_mails_are_files_not_words():
    inner = letter("别人的话", Subject="里面的")
    raw = (
        (
            f"From: {ZHOU}\nSubject: 转发\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
            "Content-Type: text/plain; charset=utf-8\n\n看附件\n"
            "--b\nContent-Type: message/rfc822\n\n"
        ).encode()
        + inner
        + b"\n--b--\n"
    )
    mail = parse_mail(raw)
    assert (mail.subject, mail.text) == ("转发", "看附件")
    assert [file.name for file in mail.attachments] == ["mail.eml"]
    assert "水壶" not in mail.text


def test_every_address_a_mail_went_to_is_seen():
    marked = tagged(US, "rd-2026-000123.abc")
    mail = parse_mail(f"Delivered-To: {US}\nDelivered-To: {marked}\nTo: x@y.cn\n\nx".encode())
    assert mail.recipients == (US, marked, "x@y.cn")


def test_hidden_and_control_characters_go():
    mail = parse_mail(letter("水\u200b壶\u202e坏\x07了\u0000，\u2066退款", Subject="水\u200b壶"))
    assert (mail.text, mail.subject) == ("水壶坏了，退款", "水壶")


def test_a_megabyte_is_read_in_one_go():
    """The bound is for a quadratic rule, which would take minutes; no fine timing decides."""
    begun = time.monotonic()
    for text in ("水" * 350_000, "> " * 500_000, "a\n" * 500_000, "On " * 340_000, "<p>" * 340_000):
        assert parse_mail(letter(text)).whole_text
    assert parse_mail(html_letter("<div>" * 200_000 + "x"))
    assert time.monotonic() - begun < 120


def test_deep_nesting_is_broken_not_fatal():
    head = f"From: {ZHOU}\nSubject: 深\n"
    for number in range(3000):
        head += f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n"
    mail = parse_mail(head.encode())
    assert (mail.sender, mail.subject) == (ZHOU, "深")


WHOLE = letter("正文", files=[("a.jpg", photo())], In_Reply_To="<x@y>")


@given(st.binary(max_size=2000))
@example(b"")
@example(b"\x00" * 100)
@example(b"From: =?utf-8?Q?=FF?= <@>\nContent-Type: text/plain; charset=\xff\n\n\xff")
@example(b"Content-Type: multipart/mixed; boundary=\n\n--\n--\n")
@example(b"Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\n")
@example(b"Content-Type: message/delivery-status\n\nx")
@example(b"Content-Type: text/html\n\n<![foo[<!doctype <x <![CDATA[")
@example(b"Content-Disposition: attachment; filename*=x''%FF\n\nx")
@example(b"Content-Transfer-Encoding: x-uuencode\n\nbegin 6\n\xff\n")
@example(b"Date: Fri, 99 Xxx 99999 99:99:99 +9999\nFrom: a b c@d@e\n\n")
@example(b"References: <" + b"a" * 999 + b"> <b>\nTo: ,,,;\n\n")
def test_no_bytes_break_the_reader(raw: bytes):
    check(parse_mail(raw))
    mail_digest(raw)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=40))
@example([(404, 0)])
def test_no_damage_to_a_mail_breaks_the_reader(damage: list[tuple[int, int]]):
    raw = bytearray(WHOLE)
    for place, value in damage:
        raw[place] = value
    check(parse_mail(bytes(raw)))


@given(st.text(max_size=400))
@example("<![foo")
@example("<a href='&#xD800;'>x</a>&#0;")
def test_no_html_breaks_the_reader(html: str):
    text = html_to_text(html)
    assert "<script" not in text.lower() or "&lt;script" in html.lower() or "<script" in html


@given(st.text(max_size=600))
def test_cutting_history_never_adds_and_never_empties(text: str):
    new = without_history(text)
    assert len(new) <= len(text)
    assert bool(new) == bool(text.strip())


def check(mail: ParsedMail) -> None:
    for text in (mail.sender, mail.sender_name, mail.subject, mail.message_id):
        assert "\n" not in text and "\r" not in text and "\x00" not in text
    assert "\x00" not in mail.whole_text
    mail.whole_text.encode()
    mail.subject.encode()
    assert reason_automatic(mail) is not None


AUTOMATIC = {
    "auto_submitted": {"Auto_Submitted": "auto-replied (vacation)"},
    "auto_reply": {"X_Autoreply": "yes"},
    "no_return_path": {"Return_Path": "<>"},
    "bulk": {"Precedence": "bulk"},
    "wants_no_answer": {"X_Auto_Response_Suppress": "DR, AutoReply"},
    "no_person": {"From": "no-reply@shop.example"},
}


@pytest.mark.parametrize("reason", AUTOMATIC)
def test_machines_are_known_by_their_headers(reason: str):
    assert reason_automatic(parse_mail(letter(**AUTOMATIC[reason]))) == reason


@pytest.mark.parametrize(
    "subject",
    [
        "自动回复: 收到",
        "Re: 自动回复",
        "Out of office: Zhou",
        "Automatic reply: x",
        "【自动回复】休假",
    ],
)
def test_absences_are_known_by_their_subjects(subject: str):
    assert sounds_automatic(parse_mail(letter(Subject=subject)))


@pytest.mark.parametrize(
    "heads",
    [
        {},
        {"Auto_Submitted": "no"},
        {"X_Auto_Response_Suppress": "DR, RN, NRN, OOF"},
        {"Return_Path": f"<{ZHOU}>"},
        {"Subject": "你们的自动回复没有用"},
        {"Subject": "office 的椅子坏了"},
    ],
)
def test_people_are_not_taken_for_machines(heads: dict[str, str]):
    assert reason_automatic(parse_mail(letter(**heads))) == ""
    assert not sounds_automatic(parse_mail(letter(**heads)))


@pytest.mark.parametrize(
    "written",
    [
        "补充情况如下：\n日期：11月19日\n时间：晚上八点\n主题：水壶冒烟\n详情：孩子被烫伤",
        "快递单是这样的：\n寄件者：张三\n收件人：李四\n日期：11月3日\n到今天没有收到",
        "As asked:\nDate: 19 Nov\nFrom: my kitchen\nTo: hospital\nSubject: burnt hand\nI ask 5000",
    ],
)
def test_lists_that_people_write_are_not_taken_for_quotations(written: str):
    assert without_history(written) == written


@pytest.mark.parametrize("line", ["", " " * 580, "a", "水壶坏了", "x" * 700 + ":"])
def test_lines_that_begin_no_quotation_are_never_matched(line: str, monkeypatch):
    """E14: most of a mail is passed over by one look for a sign, whatever it is made of."""
    matched: list[str] = []
    real = quoting._matches

    def counting(pattern: re.Pattern[str], text: str) -> bool:
        matched.append(text)
        return real(pattern, text)

    monkeypatch.setattr(quoting, "_matches", counting)
    without_history("\n".join(["start", *[line] * 5_000, "end"]))
    assert len(matched) <= 1  # the last line, as a device's signature


def test_mails_that_go_round_are_known_by_their_way():
    assert is_going_round(parse_mail(b"Received: x\n" * 50 + letter()))
    assert not is_going_round(parse_mail(b"Received: x\n" * 12 + letter()))


def test_reports_name_the_mail_that_failed():
    report = parse_mail(bounce("<received.7.abc@anju.example>")).report
    assert report is not None
    assert (report.action, report.status) == ("failed", "5.1.1")
    assert report.message_id == "<received.7.abc@anju.example>"
    assert parse_mail(letter()).report is None


def test_bounces_of_old_servers_are_reports_too():
    raw = (
        "From: MAILER-DAEMON@mx.test\nSubject: failure notice\n\nSorry.\n\n--- Below is a copy\n\n"
        "Message-ID: <received.7.abc@anju.example>\n"
    )
    report = parse_mail(raw.encode()).report
    assert report is not None and report.message_id == "<received.7.abc@anju.example>"


def test_a_mail_is_the_same_by_every_way():
    raw = letter()
    ways = [
        raw,
        raw.replace(b"\n", b"\r\n"),
        b"Received: by mx\n" + raw,
        b"Return-Path: <a>\n" + raw,
    ]
    assert len({mail_digest(way) for way in ways}) == 1
    assert mail_digest(raw) != mail_digest(raw.replace(STORY[:2].encode(), b"12"))
    assert mail_digest(raw) != mail_digest(letter("另一封"))


def test_marks_and_references():
    assert references_in("Re: 收到 RD-2026-000123，rd-2026-000124 XRD-2026-0001x") == [
        "RD-2026-000123",
        "RD-2026-000124",
    ]
    address = tagged(US, "rd-2026-000123.abc")
    assert tags_in([address.upper(), US, "care+x@other.example"], US) == ["rd-2026-000123.abc"]
    assert is_ours(address, US) and is_ours(US, US)
    assert not is_ours("other@anju.example", US)
