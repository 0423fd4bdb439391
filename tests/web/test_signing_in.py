"""Signing in with a password and a second factor; and how often somebody may try."""

import re

import pytest

PASSWORD = "a long enough password"
HALF_MINUTE = 60_000_000
"""The clock stands still, so that no code runs out in the middle."""


def log_in(client, name="alice", password=PASSWORD):
    return client.post("/accounts/login/", {"login": f"{name}@example.org", "password": password})


def code_of(secret):
    from allauth.mfa.totp.internal import auth

    return auth.format_hotp_value(auth.hotp_value(secret, HALF_MINUTE))


def test_a_second_factor_is_asked_for_once_it_is_set_up(world, at, monkeypatch):
    from allauth.mfa.totp.internal import auth
    from django.core.cache import cache

    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([HALF_MINUTE]))

    from interlocal.web.actions import people

    token = people.invite(role="editor", by=world.alice, organisation=world.town)
    ida = at()
    ida.get(f"/invitations/{token}/")
    made = {"name": "Ida", "email": "ida@example.org", "password1": PASSWORD}
    assert ida.post("/accounts/signup/", made)["location"] == f"/invitations/{token}/"
    assert ida.post(f"/invitations/{token}/")["location"] == "/cases/"

    setting_up = "/accounts/2fa/totp/activate/"
    asked = ida.get(setting_up)["location"]  # who finds her screen open does not set it up for her
    assert "Confirm" in ida.get(asked).content.decode()
    assert ida.post(asked, {"password": PASSWORD})["location"] == setting_up
    page = ida.get(setting_up).content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]*value="(\w+)"', page).group(1)
    assert "This needs mending" in ida.post(setting_up, {"code": "000000"}).content.decode()
    done = ida.post(setting_up, {"code": code_of(secret)})
    assert done["location"] == "/accounts/2fa/recovery-codes/"
    spare = re.findall(r"\b[0-9a-f]{8}\b", ida.get(done["location"]).content.decode())
    assert len(spare) == 10

    cache.clear()  # as if the code's half minute were over
    again = at()
    assert log_in(again, "ida")["location"].startswith("/accounts/2fa/authenticate/")
    assert again.get(world.url).status_code == 302
    wrong = again.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "This needs mending" in wrong.content.decode()
    assert again.get(world.url).status_code == 302
    used = code_of(secret)
    assert again.post("/accounts/2fa/authenticate/", {"code": used})["location"] == "/"
    assert again.get(world.url).status_code == 200

    # Who looked over her shoulder comes too late: a code opens once. So does a spare one.
    for code, opens in ((used, False), (spare[0], True), (spare[0], False)):
        third = at()
        log_in(third, "ida")
        third.post("/accounts/2fa/authenticate/", {"code": code})
        assert (third.get(world.url).status_code == 200) is opens, code


def test_after_five_wrong_passwords_the_right_one_has_to_wait_too(world, at):
    from django.core.cache import cache

    for _ in range(5):
        assert "not correct" in log_in(at(), password="a guess that is wrong").content.decode()
    refused = log_in(at())
    assert refused.status_code == 200
    assert "Too many failed login attempts" in refused.content.decode()
    assert log_in(at(), "bob").status_code == 302  # only that account waits, so far
    cache.clear()
    assert log_in(at()).status_code == 302


@pytest.mark.parametrize(
    ("path", "tries"),
    [("/invitations/guess-{}/", 30), ("/answer/guess-{}/", 60), ("/calendar/guess-{}.ics", 60)],
)
def test_links_cannot_be_guessed_at_will(world, at, path, tries):
    found = [at().get(path.format(n)).status_code for n in range(tries + 1)]
    assert set(found[:-1]) == {404}
    assert found[-1] == 429
    # Who asks from elsewhere is not held up; and nobody gets round by saying so themselves.
    assert at().get(path.format("x"), REMOTE_ADDR="192.0.2.9").status_code == 404
    assert at().get(path.format("x"), headers={"x-forwarded-for": "192.0.2.10"}).status_code == 429


def test_a_refusal_for_too_many_tries_is_a_page_in_our_layout(world, at):
    for n in range(30):
        at().get(f"/invitations/{n}/")
    page = at().get("/invitations/x/").content.decode()
    assert 'class="top"' in page
    assert "<h1>" in page


def test_who_asks_for_a_new_password_learns_nothing_of_who_has_an_account(world, at, settings_of_mail):
    from django.core import mail

    answers = [at().post("/accounts/password/reset/", {"email": f"{name}@example.org"}) for name in ("alice", "nobody")]  # fmt: skip
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0]["location"] == answers[1]["location"]
    assert len(mail.outbox) == 2  # each is told by mail alone, also that there is no account


@pytest.fixture
def settings_of_mail(db):
    from django.core import mail

    mail.outbox = []
