"""Settings are refused early, with a sentence that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.settings import create_secret, find_city, load_settings, require_secret
from warehouse.errors import ConfigError

MINIMAL = 'name = "Teststadt"\nags = "01001000"\n'
GOOD = "aZ3kL9mQ2xV7bN4cT8wR1yU6pS5dF0gH-jK_"


def _city(folder: Path, text: str = MINIMAL) -> Path:
    (folder / "portal.toml").write_text(text, encoding="utf-8")
    return folder


def _problem(folder: Path, text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_settings(_city(folder, text), {})
    return caught.value


def test_a_minimal_city_listens_on_this_machine_only(tmp_path: Path) -> None:
    settings = load_settings(_city(tmp_path), {})
    assert (settings.web.host, settings.web.port, settings.web.https) == ("127.0.0.1", 8050, False)
    assert settings.ledger_url == f"sqlite:///{tmp_path}/var/ledger.sqlite"


def test_an_unknown_key_is_refused_with_line_and_suggestion(tmp_path: Path) -> None:
    error = _problem(tmp_path, MINIMAL + '[web]\nhots = "127.0.0.1"\n')
    assert str(error.where).endswith("portal.toml:4")
    assert "host" in str(error.next_step)


def test_another_host_without_a_proxy_that_speaks_https_is_refused(tmp_path: Path) -> None:
    assert "behind_proxy" in str(_problem(tmp_path, MINIMAL + '[web]\nhost = "0.0.0.0"\n'))
    half = MINIMAL + '[web]\nhost = "0.0.0.0"\nbehind_proxy = true\npublic_url = "http://portal.example"\n'
    assert "https" in str(_problem(tmp_path, half))


def test_another_host_behind_https_is_accepted(tmp_path: Path) -> None:
    text = MINIMAL + '[web]\nhost = "0.0.0.0"\nbehind_proxy = true\npublic_url = "https://portal.example/"\n'
    web = load_settings(_city(tmp_path, text), {}).web
    assert web.https and web.public_url == "https://portal.example"


@pytest.mark.parametrize("at", ["02:00", "02:30", "02:59"])
def test_a_night_inside_the_clock_change_is_refused_with_the_reason(tmp_path: Path, at: str) -> None:
    assert "October" in str(_problem(tmp_path, MINIMAL + f'[night]\nat = "{at}"\n'))


@pytest.mark.parametrize("at", ["01:59", "03:00", "03:15", "23:45"])
def test_other_times_of_the_night_are_accepted(tmp_path: Path, at: str) -> None:
    assert (
        load_settings(_city(tmp_path, MINIMAL + f'[night]\nat = "{at}"\n'), {}).night.at.isoformat()[:5] == at
    )


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "short",
        "x" * 64,
        "please-change-this-secret-key-before-going-live-0815",
        "passwortpasswortpasswortpasswort123",
    ],
)
def test_a_missing_short_or_known_secret_is_refused_with_instruction(tmp_path: Path, secret: str) -> None:
    settings = load_settings(_city(tmp_path), {"ISEK_SECRET": secret})
    with pytest.raises(ConfigError) as caught:
        require_secret(settings)
    assert caught.value.code == "weak_secret"
    assert "secrets" in str(caught.value.next_step)


def test_no_secret_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="fehlt"):
        require_secret(load_settings(_city(tmp_path), {}))


def test_a_generated_secret_is_private_kept_and_good_enough(tmp_path: Path) -> None:
    path = create_secret(_city(tmp_path))
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_text(encoding="ascii")
    create_secret(tmp_path)
    assert path.read_text(encoding="ascii") == before
    assert require_secret(load_settings(tmp_path, {})) == before.strip()


def test_a_secret_from_the_environment_wins(tmp_path: Path) -> None:
    create_secret(_city(tmp_path))
    assert require_secret(load_settings(tmp_path, {"ISEK_SECRET": GOOD})) == GOOD


def test_the_ledger_address_may_hold_a_secret_reference(tmp_path: Path) -> None:
    text = MINIMAL + '[stores]\nledger_url = "postgresql+psycopg://isek:${LEDGER_PASSWORD}@db/isek"\n'
    settings = load_settings(_city(tmp_path, text), {"LEDGER_PASSWORD": "pw"})
    assert settings.ledger_url == "postgresql+psycopg://isek:pw@db/isek"
    assert "pw" not in repr(settings.secrets)
    with pytest.raises(ConfigError, match="LEDGER_PASSWORD"):
        _ = load_settings(tmp_path, {}).ledger_url


def test_secrets_come_from_the_file_and_the_environment_wins(tmp_path: Path) -> None:
    _city(tmp_path)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secrets.env").write_text('# Zugänge\nBAU_URL="sqlite:///a"\nX=1\n', encoding="utf-8")
    assert load_settings(tmp_path, {"X": "2"}).plain_secrets() == {"BAU_URL": "sqlite:///a", "X": "2"}


def test_leitkennzahlen_may_be_bare_ids_or_tables(tmp_path: Path) -> None:
    text = (
        'leitkennzahlen = ["a", {metric = "b", where = {procedure = "wohngeld"}, cockpit = "start"}]\n'
        + MINIMAL
    )
    figures = load_settings(_city(tmp_path, text), {}).leitkennzahlen
    assert [f.metric for f in figures] == ["a", "b"]
    assert figures[1].where == {"procedure": "wohngeld"}


def test_the_city_is_found_by_option_then_environment_then_folder(tmp_path: Path) -> None:
    assert find_city(str(tmp_path), {"ISEK_CITY": "/elsewhere"}) == tmp_path
    assert find_city(None, {"ISEK_CITY": str(tmp_path)}) == tmp_path
    assert find_city(None, {}) == Path.cwd()


def test_a_folder_without_portal_toml_is_no_city(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path, {})
    assert caught.value.code == "no_city"


MAIL = (
    MINIMAL
    + '[mail]\nhost = "mail.stadt.example"\nsender = "portal@stadt.example"\n'
    + 'operators = ["it@stadt.example"]\n'
)


def test_mail_is_encrypted_and_finds_its_port_unless_told_otherwise(tmp_path: Path) -> None:
    mail = load_settings(_city(tmp_path, MAIL), {}).mail
    assert mail and (mail.security, mail.server_port) == ("starttls", 587)
    text = MAIL + 'security = "tls"\n[mail.owners]\n"FD 63" = "bau@stadt.example"\n'
    mail = load_settings(_city(tmp_path, text), {}).mail
    assert mail and (mail.server_port, mail.owners) == (465, {"FD 63": "bau@stadt.example"})


def test_mail_without_encryption_goes_to_this_machine_only(tmp_path: Path) -> None:
    assert "security = „none“ geht nur" in str(_problem(tmp_path, MAIL + 'security = "none"\n'))
    local = MAIL.replace("mail.stadt.example", "localhost") + 'security = "none"\n'
    assert load_settings(_city(tmp_path, local), {}).mail


@pytest.mark.parametrize("written", ['"sesam-öffne-dich"', "4711", '["sesam"]', '"${MAIL_PASSWORD}x"'])
def test_a_mail_password_in_the_file_is_refused_and_not_repeated(tmp_path: Path, written: str) -> None:
    error = _problem(tmp_path, MAIL + f'user = "portal"\npassword = {written}\n')
    assert "password steht nie in portal.toml" in str(error)
    assert "sesam" not in str(error) and "4711" not in str(error)


def test_the_mail_password_comes_from_the_secrets(tmp_path: Path) -> None:
    city = _city(tmp_path, MAIL + 'user = "portal"\npassword = "${MAIL_PASSWORD}"\n')
    assert load_settings(city, {"MAIL_PASSWORD": "sesam"}).mail_password == "sesam"
    with pytest.raises(ConfigError, match=r"\$\{MAIL_PASSWORD\} fehlt"):
        _ = load_settings(city, {}).mail_password
    assert "gehören zusammen" in str(_problem(tmp_path, MAIL + 'user = "portal"\n'))


@pytest.mark.parametrize(
    "address",
    ["it", "it@", "it@stadt.example\\nBcc: x@y.example", "a@b.example, c@d.example", "it@stadt..example"],
)
def test_a_mail_address_that_could_begin_another_header_is_refused(tmp_path: Path, address: str) -> None:
    error = _problem(tmp_path, MAIL.replace("it@stadt.example", address))
    assert "operators" in str(error) and "portal.toml:6" in str(error.where)


@pytest.mark.parametrize(
    ("host", "kept"),
    [
        ("Fachverfahren.Stadt.local", "fachverfahren.stadt.local"),
        ("10.20.0.0/16", "10.20.0.0/16"),
        ("192.168.1.7", "192.168.1.7"),
        ("fd00::/8", "fd00::/8"),
    ],
)
def test_internal_hosts_are_names_addresses_or_networks(tmp_path: Path, host: str, kept: str) -> None:
    text = MINIMAL + f'[night]\ninternal_hosts = ["{host}"]\n'
    assert load_settings(_city(tmp_path, text), {}).night.internal_hosts == (kept,)


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("https://fv.local", "weder ein Rechnername"),
        ("fv.local:8443", "weder ein Rechnername"),
        ("2130706433", "weder ein Rechnername"),
        ("0x7f000001", "weder ein Rechnername"),
        ("0.0.0.0/0", "nie erlaubt"),
        ("::/0", "nie erlaubt"),
        ("169.254.169.254", "nie erlaubt"),
        ("169.0.0.0/8", "nie erlaubt"),
    ],
)
def test_an_internal_host_that_would_open_everything_is_refused(tmp_path: Path, host: str, said: str) -> None:
    assert said in str(_problem(tmp_path, MINIMAL + f'[night]\ninternal_hosts = ["{host}"]\n'))


def test_limits_of_the_night_have_bounds(tmp_path: Path) -> None:
    assert "mindestens 128" in str(_problem(tmp_path, MINIMAL + "[night]\nsource_memory_mb = 1\n"))
    assert "mindestens 1" in str(_problem(tmp_path, MINIMAL + "[stores]\nlanding_days = 0\n"))
    assert "höchstens 20" in str(_problem(tmp_path, MINIMAL + "[stores]\npreflight_factor = 100\n"))


@pytest.mark.parametrize("folder", ["dashboard/templates/city", "dashboard/demo/city"])
def test_the_settings_that_come_with_the_portal_are_valid(tmp_path: Path, folder: str) -> None:
    text = (Path(__file__).parents[2] / folder / "portal.toml").read_text(encoding="utf-8")
    assert load_settings(_city(tmp_path, text), {}).mail is None
    commented = [line.removeprefix("# ") for line in text.splitlines()]
    first = next(n for n, line in enumerate(commented) if line.startswith("[mail]"))
    mail = [line for line in commented[first:] if "=" in line or line.startswith("[mail")]
    end = next(n for n, line in enumerate(mail) if line.startswith('"FD')) + 1
    written = load_settings(_city(tmp_path, MINIMAL + "\n".join(mail[:end]) + "\n"), {"MAIL_PASSWORD": "x"})
    assert written.mail and written.mail.owners
