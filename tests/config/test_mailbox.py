"""The development mailbox shows what was sent, and exists nowhere else."""

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse

from accounts.states import Role
from config.mailbox import FOLDER_BACKEND, kept_messages
from config.sms import FolderBackend
from tests.factories import make_user


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = FOLDER_BACKEND
    settings.EMAIL_FILE_PATH = settings.MAIL_FOLDER = tmp_path
    return tmp_path


def test_a_kept_mail_is_read_back(folder):
    EmailMessage(subject="校验码", body="你的校验码是 123456。", to=["zhou@example.test"]).send()
    (message,) = kept_messages(folder)
    assert (message.kind, message.to, message.subject) == ("mail", "zhou@example.test", "校验码")
    assert "123456" in message.body


def test_a_kept_sms_is_read_back(folder):
    FolderBackend().send(to="+8613812345678", text="校验码 654321", key="code:1")
    (message,) = kept_messages(folder)
    assert (message.kind, message.to, message.body) == ("sms", "+8613812345678", "校验码 654321")


def test_a_missing_folder_is_empty(tmp_path):
    assert kept_messages(tmp_path / "none") == []


@pytest.fixture
def administrator(client):
    client.force_login(make_user(Role.ADMINISTRATOR))
    return client


@pytest.mark.django_db
def test_the_page_is_for_administrators_alone(client, folder):
    EmailMessage(subject="校验码", body="你的校验码是 123456。", to=["zhou@example.test"]).send()
    visitor = client.get(reverse("mailbox"))
    assert visitor.status_code == 302 and "login" in visitor.url
    client.force_login(make_user(Role.AGENT, Role.MANAGER))
    page = client.get(reverse("mailbox"))
    assert (page.status_code, "123456" in page.content.decode()) == (403, False)


@pytest.mark.django_db
def test_the_desk_leads_an_administrator_there(administrator, folder):
    desk = administrator.get(reverse("desk")).content.decode()
    assert f'href="{reverse("mailbox")}"' in desk
    assert f'href="{reverse("admin:index")}"' in desk


@pytest.mark.django_db
def test_the_page_lists_messages_and_escapes_them(administrator, folder):
    EmailMessage(subject="<b>粗</b>", body="看 https://example.test/x", to=["a@b.test"]).send()
    page = administrator.get(reverse("mailbox")).content.decode()
    assert "&lt;b&gt;粗&lt;/b&gt;" in page
    assert 'href="https://example.test/x"' in page


@pytest.mark.django_db
def test_the_page_is_not_there_in_production(administrator, folder, settings):
    settings.PRODUCTION = True
    assert administrator.get(reverse("mailbox")).status_code == 404


@pytest.mark.django_db
def test_the_page_is_not_there_when_mail_leaves(administrator, folder, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert administrator.get(reverse("mailbox")).status_code == 404
