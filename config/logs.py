"""Logging: one JSON object a line, with anything that could name a person taken out."""

import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# E-mail addresses, phone numbers, identity numbers and secret links; the last look like the ids of
# tasks, which tell nothing and stay.
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+"
    rf"|(?<![\w-])(?!{UUID}(?![\w-]))(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{{22,}}(?![\w-])"
    r"|(?<![\d.])(?:\+?86)?1\d{10}(?!\d)"
    r"|(?<![\d.])\d{17}[\dXx](?!\d)"
)
MASK = "[removed]"
ROW = re.compile(
    r"(DETAIL:)[\s\S]*?(?=\n(?:CONTEXT|HINT|SCHEMA NAME|TABLE NAME|\n)|\nTraceback|\Z)"
)


def without_personal_data(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Mask what looks like a person's contact, identity number or secret in every text value.

    What PostgreSQL adds to an error as its detail is the row itself, and goes as a whole.
    """
    return {
        key: PERSONAL.sub(MASK, ROW.sub(rf"\1 {MASK}", value)) if isinstance(value, str) else value
        for key, value in event.items()
    }


# What our own messages carry beside their words. Others' extras hold requests, and stay out.
CARRIED = [
    "case", "chat", "dead", "error", "evidence", "fault", "file", "item", "job", "kind", "mail",
    "outbox", "problem", "quarantined", "reason", "row", "seconds", "since", "task", "timer",
]  # fmt: skip
SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_config(*, level: str) -> dict[str, Any]:
    """Give the logging configuration: everything to standard error, as JSON."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*SHARED, structlog.stdlib.ExtraAdder(allow=CARRIED)],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    without_personal_data,
                    structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        # `request` and its values (addresses, form fields) are never logged, only the message.
        "loggers": {
            "django.server": {"handlers": ["stderr"], "level": level, "propagate": False},
            # Sweeps run every few seconds: only what goes wrong is worth a line.
            "celery": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
            # aiosmtpd: every line of a talk, addresses and all.
            "mail": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
        },
    }


def configure(config: dict[str, Any]) -> None:
    """Set up standard logging and structlog alike."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
