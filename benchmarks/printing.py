"""A two-page agreement of twenty lines: our limited, warm renderer against WeasyPrint itself.

Beside it stand WeasyPrint with what we ask of it (PDF/A, tagged, fonts made small), and WeasyPrint
as its manual shows it, on the same HTML, both in this very process.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from pypdf import PdfReader
from weasyprint import HTML

from agreements.capitals import to_capitals
from agreements.wording.filling import fill
from agreements.wording.parsing import parse
from agreements.wording.variables import values_of
from benchmarks.load import median
from documents.contexts.agreement import validate_agreement_context
from documents.registry import TEMPLATES
from documents.renderer import engine
from documents.renderer.client import Renderer

LINES = [("退还货款", "299.00"), ("寄回运费", "38.00")] + [
    (f"台面修复第 {number} 项", "100.00") for number in range(1, 19)
]

BODY = """# 当事人
[[parties]]
# 事由
乙方向甲方购买「{{item}}」。{{complaint}}
经查明：{{findings}}
# 赔偿项目与金额
[[lines]]
# 履行
[[performance]]
[[duties]]
# 效力与违约
全部履行后，双方就这一次消费争议一次性了结；尚未发现的人身损害除外。
甲方逾期履行的，每日按照未付金额的 {{penalty_rate}} 支付违约金，并应当继续履行。
[[clauses]]
# 签署
签署本协议出于自愿，任何人不得催促或者胁迫。
[[signatures]]
"""


@dataclass(frozen=True)
class Printed:
    """Milliseconds for one document, and what came out."""

    ours: float
    bare: float
    plain: float
    pages: int
    kilobytes: float


def measure(rounds: int, *, documents: int = 6) -> Printed:
    """Print the same agreement in turns; both are warm before the first round."""
    html = agreement_html()
    renderer = Renderer()
    engine.warm_up()
    pdf = renderer.render(html)
    ours: list[float] = []
    bare: list[float] = []
    plain: list[float] = []
    for _ in range(rounds * documents):
        began = time.perf_counter()
        renderer.render(html)
        ours.append(1000 * (time.perf_counter() - began))
        began = time.perf_counter()
        engine.render(html)
        bare.append(1000 * (time.perf_counter() - began))
        began = time.perf_counter()
        HTML(string=html, url_fetcher=engine.AssetFetcher()).write_pdf()
        plain.append(1000 * (time.perf_counter() - began))
    renderer.close()
    with open("var/bench-agreement.pdf", "wb") as file:
        file.write(pdf)
    pages = len(PdfReader("var/bench-agreement.pdf").pages)
    return Printed(median(ours), median(bare), median(plain), pages, len(pdf) / 1024)


def measure_many(count: int, *, workers: int) -> float:
    """Return the seconds that some workers take for many agreements, each with its own renderer."""
    html = agreement_html()
    turns = iter(range(count))
    lock = threading.Lock()

    def work(renderer: Renderer) -> None:
        while True:
            with lock:
                if next(turns, None) is None:
                    return
            renderer.render(html)

    renderers = [Renderer() for _ in range(workers)]
    for renderer in renderers:
        renderer.render(html)
    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, renderers))
    seconds = time.perf_counter() - began
    for renderer in renderers:
        renderer.close()
    return seconds


def agreement_html() -> str:
    """Return the HTML of an agreement of twenty lines as it is read before signing, two pages."""
    facts = _context()
    facts |= {"title": "赔偿和解协议书", "sections": fill(parse(BODY), values_of(facts))}
    context = validate_agreement_context(facts)
    with translation.override("zh-hans"):
        path = TEMPLATES["agreement"].paths["zh-hans"]
        return render_to_string(path, {**context, "language": "zh-hans"})


def _context() -> dict[str, Any]:
    total = sum((Decimal(amount) for _, amount in LINES), Decimal(0))
    return {
        "number": "AG-2026-000001",
        "case_number": "RD-2026-000001",
        "made_on": "",
        "place": "上海",
        "draft": True,
        "operator": {
            "name": "安居电器",
            "credit_code": "91310000MA1K000000",
            "address": "上海市闵行区安居路 88 号",
            "legal_representative": "陈立安",
            "contact": "400-820-0000",
        },
        "consumer": {
            "name": "周小华",
            "id_type": "",
            "id_number": "",
            "phone": "138 **** 5678",
            "address": "上海市徐汇区某路 1 号",
        },
        "agents": [],
        "mediator": None,
        "purchase": {
            "item": "K7 电热水壶 1.7 L",
            "bought_on": "2026-11-02",
            "price_shown": "¥299.00",
            "order_number": "A20261102001",
            "batch": "2609B",
        },
        "complaint": "烧水时水壶底座冒出白烟并有焦糊味，台面被烫出一块黑印。",
        "findings": "温控器触点粘连，自动断电失效，与使用方式无关。",
        "liability": "产品存在缺陷，由甲方承担全部责任。",
        "admits_liability": True,
        "lines": [
            {
                "label": label,
                "basis": "《消费者权益保护法》第五十二条",
                "formula": "",
                "amount": amount,
                "amount_shown": f"¥{amount}",
            }
            for label, amount in LINES
        ],
        "credits": [],
        "total": str(total),
        "total_shown": f"¥{total:,}",
        "total_capitals": f"人民币{to_capitals(total)}",
        "duties": [{"text": "上门取回水壶", "due_on": "2026-11-25"}],
        "performance": {
            "due_on": "2026-11-27",
            "method": "原路退回",
            "payee": "",
            "goods_return": "由甲方上门取件并承担运费",
            "invoice": "",
            "security": "",
            "instalments": [],
        },
        "penalty_rate": "0.05%",
        "grace_days": 0,
        "penalty_cap": "",
        "confidential": False,
        "arbitration": "",
        "extra_clauses": [],
        "copies": 2,
        "reading_time": "",
        "signatures": [_signature("operator", "安居电器"), _signature("consumer", "周小华")],
        "attachments": [],
        "proofs": [],
        "trail": [],
        "verify": None,
    }


def _signature(role: str, name: str) -> dict[str, Any]:
    return {
        "role": role,
        "name": name,
        "signed_at": "2026-11-22 14:08",
        "method": "校验码",
        "path": "",
        "width": 0,
        "height": 0,
    }
