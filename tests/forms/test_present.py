"""The form as a browser gets it, and the samples that rehearsals ask for."""

import json

from app.forms import opening, present, samples, validate
from app.forms.idcard import birth_date, check_sign, is_valid

from .builders import FUNCTIONS, REQUIRED, component, form, option

AGENCY = {"type": "organisation", "en.description": "Which", "sample": "market"}
FORM = form(
    component("radio", "outcome", values=[option("accept"), option("return")], **REQUIRED),
    component("textfield", "agency", description="哪个机关", properties=AGENCY, **REQUIRED),
    component("select", "people", properties={"type": "persons:team"}),
    component("textfield", "sign", properties={"type": "signature"}, **REQUIRED),
    component("filepicker", "proof", properties={"personal": "true"}, **REQUIRED),
    component("datetime", "day", subtype="date", dateLabel="日期", **REQUIRED),
    component("textarea", "why", validate={"required": True, "minLength": 20}),
    component("checkbox", "truthful", **REQUIRED),
    component("radio", "level", values=[option("low"), option("high")], properties={"sample": "low"}, **REQUIRED),
    component("textarea", "more", conditional={"hide": '=level != "low"'}, **REQUIRED),
    component("number", "people_count", validate={"required": True, "min": 2}),
    component("textfield", "no", disabled=True),
    {"type": "button", "key": "go", "label": "提交"},
    intro={"zh": "请先阅读。", "en": "Please read first."},
    readers="bureau",
)  # fmt: skip
CHOICES = {"agency": [{"value": "market", "label": "区市场监管局"}], "people": [{"value": "head", "label": "周宁"}]}
FACTS = {"no": "2026-B-0001", "secret": "x"}


def shown(language):
    schema = present(FORM, language=language, choices=CHOICES, facts=FACTS)
    return schema, {component.get("key"): component for component in schema["components"]}


def test_chinese():
    schema, by_key = shown("zh")
    assert schema["components"][0]["text"] == "请先阅读。"
    assert by_key["outcome"]["values"] == [
        {"value": "accept", "label": "选项accept"},
        {"value": "return", "label": "选项return"},
    ]
    assert (by_key["agency"]["type"], by_key["agency"]["values"]) == ("select", CHOICES["agency"])
    assert (by_key["people"]["type"], by_key["people"]["values"]) == ("checklist", CHOICES["people"])
    assert by_key["sign"]["type"] == "textfield" and by_key["sign"]["properties"] == {"type": "signature"}
    assert by_key["proof"]["properties"] == {"type": "file"}
    assert by_key["no"]["disabled"] and by_key["no"]["defaultValue"] == "2026-B-0001"
    assert "go" not in by_key


def test_english_and_none_of_our_own_keys():
    schema, by_key = shown("en")
    assert by_key["agency"]["label"] == "agency" and by_key["agency"]["description"] == "Which"
    assert by_key["day"]["label"] == by_key["day"]["dateLabel"] == "day"
    assert by_key["outcome"]["values"][0]["label"] == "option accept"
    told = json.dumps(schema)
    assert 'duban"' not in told and "sample" not in told and "personal" not in told and "readers" not in told
    assert shown("zh")[1]["agency"]["label"] == "字段agency"


def test_the_page_gets_the_facts_that_the_form_reads_and_the_draft_of_its_fields():
    assert opening(FORM, FACTS, {"why": "草稿", "is_admin": True}) == {"no": "2026-B-0001", "why": "草稿"}


def test_samples_are_neutral_and_pass_but_decide_nothing():
    found = samples(FORM, FACTS, FUNCTIONS)
    assert "outcome" not in found and "people" not in found
    assert found["level"] == "low" and found["more"] and len(found["why"]) == 20
    assert found["day"] == "2026-11-21" and found["truthful"] is True and found["people_count"] == 2
    answers = {**found, "outcome": "accept"}
    offered = {"agency": ["market"]}
    assert validate(FORM, answers, FACTS, functions=FUNCTIONS, choices=offered)["agency"] == "market"


def test_samples_leave_what_is_given_and_what_is_hidden():
    found = samples(FORM, FACTS, FUNCTIONS, {"level": "high", "why": ""})
    assert found.keys().isdisjoint({"level", "more", "why"})


def test_identity_numbers_of_any_place_with_the_right_check_sign():
    for first in ("83000019800101001", "90000019800101001"):
        assert is_valid(first + check_sign(first))
        assert not is_valid(first + ("1" if check_sign(first) != "1" else "2"))
    assert birth_date("11010519491331002X") is None


def test_a_sample_of_a_signature_is_a_signature():
    signed = form(component("textfield", "sign", properties={"type": "signature", "sample": "true"}, **REQUIRED))
    assert samples(signed, {}, FUNCTIONS) == {"sign": True}
