"""Work that takes long has workers of its own, so that a mail or a clock never waits for it."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from config.celery import app
from launcher.places import places
from launcher.run import commands

CHECKOUT = Path(__file__).resolve().parents[2]
QUEUES = {"prompt", "slow"}


def queue_of(task: str) -> str:
    return app.amqp.router.route({}, task)["queue"].name


@pytest.mark.parametrize(
    ("task", "queue"),
    [
        ("complaints.tasks.handle_mail", "prompt"),
        ("complaints.tasks.sweep_clocks", "prompt"),
        ("complaints.tasks.deliver_outbox", "prompt"),
        ("documents.tasks.render_document", "slow"),
        ("complaints.tasks.work_imports", "slow"),
        ("complaints.tasks.work_bulk", "slow"),
    ],
)
def test_what_takes_long_is_kept_apart(task: str, queue: str) -> None:
    assert queue_of(task) == queue


def test_every_task_that_is_named_exists() -> None:
    app.loader.import_default_modules()

    named = set(settings.CELERY_TASK_ROUTES)
    named |= {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named <= set(app.tasks)


def test_every_queue_has_a_worker_in_either_way_to_run() -> None:
    compose = (CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8")
    ours = [line for line in commands(places(), 8000).values() if "worker" in line]

    assert set(app.amqp.queues) == QUEUES
    assert set(re.findall(r"worker, --queues, (\w+)", compose)) == QUEUES
    assert {line[line.index("--queues") + 1] for line in ours} == QUEUES


def test_a_worker_without_a_choice_serves_both() -> None:
    assert set(app.amqp.queues.consume_from) == QUEUES
