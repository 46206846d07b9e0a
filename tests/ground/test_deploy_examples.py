"""The examples in deploy/ keep what they must not tell: no query in a log, no password among the processes."""

from __future__ import annotations

import re

from app.config import ROOT

DEPLOY = ROOT / "deploy"


def test_the_proxys_log_has_the_path_and_no_query() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    (form,) = re.findall(r"^log_format duban (.*?);", text, re.M | re.S)
    assert "$uri" in form
    assert not set(re.findall(r"\$\w+", form)) & {"$request", "$request_uri", "$args", "$query_string", "$http_referer"}
    assert re.findall(r"^\s*access_log\s+(.*);", text, re.M) == ["/var/log/nginx/duban.log duban"]


def test_the_backups_password_is_no_argument() -> None:
    lines = (DEPLOY / "backup.sh").read_text().splitlines()
    (dump,) = [line for line in lines if line.startswith("pg_dump")]
    assert "--no-password" in dump and "URL" not in dump and "PASSWORD" not in dump
    assert any("PGPASSFILE" in line for line in lines if line.startswith("#"))


def test_the_services_keep_the_data_folder_from_others() -> None:
    for unit in DEPLOY.glob("*.service"):
        text = unit.read_text()
        assert ("StateDirectory=" in text) == ("StateDirectoryMode=0750" in text), unit.name
