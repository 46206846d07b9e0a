"""The server's half of the cases that the browser runs too (frontend/test/agreement.test.mjs)."""

import json
from datetime import date
from pathlib import Path

import pytest

from app.errors import Invalid
from app.forms import Form, read, validate
from app.forms.shown import is_empty

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))
FORMS: dict[str, Form] = {
    name: read(json.dumps(schema).encode(), f"{name}.form") for name, schema in CASES["forms"].items()
}
FUNCTIONS = {"today": lambda: date.fromisoformat(CASES["now"][:10])}


@pytest.mark.parametrize("case", CASES["cases"], ids=[case["name"] for case in CASES["cases"]])
def test_server_finds_what_the_browser_finds(case):
    try:
        validate(FORMS[case["form"]], case["sent"], case.get("facts", {}), functions=FUNCTIONS)
        wrong = []
    except Invalid as refused:
        wrong = sorted(str(finding.field) for finding in refused.findings)
    assert wrong == case["wrong"]


HIDDEN = [
    (case, key)
    for case in CASES["cases"]
    for key in sorted(case["typed"].keys() - case["sent"].keys())
    if not is_empty(case["typed"][key])
]


@pytest.mark.parametrize(("case", "key"), HIDDEN, ids=[f"{case['name']}: {key}" for case, key in HIDDEN])
def test_a_hidden_field_is_refused_when_it_is_sent(case, key):
    sent = {**case["sent"], key: case["typed"][key]}
    with pytest.raises(Invalid) as refused:
        validate(FORMS[case["form"]], sent, case.get("facts", {}), functions=FUNCTIONS)
    assert key in refused.value.fields or case["wrong"]
