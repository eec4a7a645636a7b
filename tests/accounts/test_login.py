"""Staff log in with a password and, where set, a code; nobody signs up."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from accounts.states import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "secret-pass-1"


def log_in(client: Client, user: User, password: str = PASSWORD) -> int:
    data = {"login": user.username, "password": password}
    return client.post(reverse("account_login"), data)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def with_totp(user: User) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code_for(secret: str) -> str:
    return totp.format_hotp_value(
        totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time())))
    )


def test_password_opens_the_desk(client: Client) -> None:
    answer = log_in(client, make_user(Role.AGENT))
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert is_in(client)


def test_wrong_password_is_told_in_our_words(client: Client) -> None:
    answer = log_in(client, make_user(Role.AGENT), "wrong-pass-1")
    assert "用户名或密码不对，再看一下" in answer.content.decode()
    assert not is_in(client)


def test_deactivated_account_stays_outside(client: Client) -> None:
    log_in(client, make_user(Role.AGENT, is_active=False))
    assert not is_in(client)


def test_next_address_elsewhere_is_not_followed(client: Client) -> None:
    user = make_user(Role.AGENT)
    data = {"login": user.username, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post(reverse("account_login"), data)["Location"] == "/desk/"


def test_many_failures_close_the_door_for_a_while(client: Client, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/5m/key"}
    user = make_user(Role.AGENT)
    for _ in range(3):
        log_in(client, user, "wrong-pass-1")
    answer = log_in(client, user)
    assert "试的次数太多了" in answer.content.decode()
    assert not is_in(client)


def test_totp_is_asked_for_and_lets_in(client: Client) -> None:
    user = make_user(Role.AGENT)
    secret = with_totp(user)
    assert log_in(client, user)["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert is_in(client)


def test_wrong_code_does_not_let_in(client: Client) -> None:
    user = make_user(Role.AGENT)
    secret = with_totp(user)
    log_in(client, user)
    wrong = f"{(int(code_for(secret)) + 1) % 1_000_000:06d}"
    answer = client.post(reverse("mfa_authenticate"), {"code": wrong})
    assert "校验码不对" in answer.content.decode()
    assert not is_in(client)


def test_recovery_code_works_once(client: Client) -> None:
    user = make_user(Role.AGENT)
    with_totp(user)
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    code = kept.wrap().get_unused_codes()[0]
    for expected in (True, False):
        browser = Client()
        log_in(browser, user)
        browser.post(reverse("mfa_authenticate"), {"code": code})
        assert is_in(browser) is expected


def test_totp_is_set_up_after_the_password_was_given_again(client: Client) -> None:
    user = make_user(Role.AGENT)
    client.force_login(user)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.status_code == 302 and reverse("account_reauthenticate") in asked["Location"]
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert Authenticator.objects.filter(user=user).count() == 2
    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert codes.context["unused_codes"]


def test_nobody_signs_up() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_password_is_reset_by_mail(client: Client) -> None:
    user = make_user(Role.AGENT)
    client.post(reverse("account_reset_password"), {"email": user.email})
    [letter] = mail.outbox
    [link] = [word for word in letter.body.split() if "/password/reset/key/" in word]
    page = client.get(link.removeprefix("http://testserver"), follow=True)
    new = {"password1": "another-pass-2", "password2": "another-pass-2"}
    client.post(page.request["PATH_INFO"], new)
    log_in(client, user, "another-pass-2")
    assert is_in(client)


def test_reset_for_an_unknown_address_looks_alike_and_sends_nothing(client: Client) -> None:
    known = client.post(reverse("account_reset_password"), {"email": make_user().email})
    letters = len(mail.outbox)
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.test"})
    assert (unknown.status_code, unknown["Location"]) == (known.status_code, known["Location"])
    assert len(mail.outbox) == letters == 1


def test_passwords_that_differ_are_told_at_the_field(client: Client) -> None:
    user = make_user(Role.AGENT)
    client.force_login(user)
    data = {"oldpassword": PASSWORD, "password1": "another-pass-2", "password2": "another-pass-3"}
    answer = client.post(reverse("account_change_password"), data)
    assert "两次写的不一样" in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_log_out_ends_the_session(client: Client) -> None:
    client.force_login(make_user(Role.AGENT))
    client.post(reverse("account_logout"))
    assert not is_in(client)
