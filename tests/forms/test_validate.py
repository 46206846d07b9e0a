"""Validating answers: each fault has its field, its clause and its words; what is right comes back clean."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.forms import validate

from .builders import FUNCTIONS, REQUIRED, component, form, option

ALL = form(
    component(
        "textfield", "title", validate={"required": True, "minLength": 2, "maxLength": 5}, properties={"clause": "B-9"}
    ),
    component("textarea", "facts"),
    component("number", "score", decimalDigits=1, validate={"min": 0, "max": 10}),
    component("checkbox", "truthful"),
    component("radio", "route", values=[option("bureau"), option(1)]),
    component("checklist", "means", values=[option("phone"), option("visit")]),
    component("datetime", "day", subtype="date"),
    component("textfield", "agency", properties={"type": "organisation"}),
    component("textfield", "team", properties={"type": "persons:investigation_team"}),
    component("textfield", "card", properties={"type": "idcard"}),
    component("textfield", "signature", properties={"type": "signature"}),
    component("textfield", "evidence", properties={"type": "file"}),
    component("textfield", "phone", validate={"validationType": "phone"}),
    component("textfield", "code", validate={"pattern": "^[A-Z]{2}$", "patternErrorMessage": "两个字母"}),
    component("textfield", "extra", conditional={"hide": "=route = 1 or route = null"}),
    component("dynamiclist", "rows", components=[component("textfield", "name", **REQUIRED)]),
    component("textfield", "number_shown", disabled=True),
)
CHOICES = {"agency": ["market"], "team": ["head", "clerk"], "evidence": ["f1", "f2"]}


def check(answers, facts=None, of=ALL, choices=CHOICES):
    return validate(of, answers, facts or {}, functions=FUNCTIONS, choices=choices)


def fault(**answers):
    with pytest.raises(Invalid) as refused:
        check({"title": "标题", **answers})
    (finding,) = refused.value.findings
    return finding


def test_clean_answers():
    answers = {
        "title": " 标题\u3000", "facts": "", "score": 9.5, "truthful": False, "route": 1, "means": ["visit"],
        "day": "2026-11-21", "agency": "market", "team": ["head"], "card": "11010519491231002x",
        "signature": {"name": " 李敏 ", "password": "secret"}, "evidence": "f1", "phone": "+86 13800000000",
        "code": "AB", "rows": [{"name": "甲"}],
    }  # fmt: skip
    assert check(answers) == {
        **answers,
        "title": "标题",
        "facts": None,
        "card": "11010519491231002X",
        "signature": {"name": "李敏"},
        "evidence": ["f1"],
    }


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("title", "一", "At least 2 characters."),
        ("title", "一二三四五六", "At most 5 characters."),
        ("title", "𠅤𠅤𠅤𠅤𠅤𠅤", "At most 5 characters."),
        ("title", " \u200b\u3000", "This field is required."),
        ("title", None, "This field is required."),
        ("title", 7, "This must be a text."),
        ("title", ["a"], "This must be a text."),
        ("title", "a\x00b", "This holds signs that cannot be kept."),
        ("title", "a\ud800", "This holds signs that cannot be kept."),
        ("facts", "长" * 20_001, "At most 20000 characters."),
        ("score", "9", "This must be a number."),
        ("score", True, "This must be a number."),
        ("score", float("nan"), "This must be a number."),
        ("score", float("inf"), "This number is too large."),
        ("score", 10**400, "This number is too large."),
        ("score", -1, "Not less than 0."),
        ("score", 11, "Not more than 10."),
        ("score", 1.25, "At most 1 decimal places."),
        ("truthful", "true", "This must be yes or no."),
        ("truthful", 1, "This must be yes or no."),
        ("route", "agency", "This is not among the choices."),
        ("route", True, "This is not among the choices."),
        ("route", {"a": 1}, "This is not among the choices."),
        ("means", "phone", "This must be a list of choices."),
        ("means", ["fax"], "This is not among the choices."),
        ("means", ["phone", "phone"], "One choice is given twice."),
        ("day", "2026-02-30", "This is no date."),
        ("day", "0026-11-20", "The year must lie between 1900 and 2100."),
        ("day", "2101-01-01", "The year must lie between 1900 and 2100."),
        ("title", "a\u202eb", "This holds line breaks or invisible characters. Type it anew on one line."),
        ("title", "a\nb", "This holds line breaks or invisible characters. Type it anew on one line."),
        ("title", "a\u2028b", "This holds line breaks or invisible characters. Type it anew on one line."),
        ("title", "a\u200db", "This holds line breaks or invisible characters. Type it anew on one line."),
        ("day", "20261121", "This is no date."),
        ("day", 20261121, "This is no date."),
        ("agency", "urban", "This is not among the choices."),
        ("team", ["sup1"], "This is not among the choices."),
        ("card", "110105194912310021", "This identity number is not right; check each digit."),
        ("card", "11010519490230002X", "This identity number is not right; check each digit."),
        ("signature", {"name": "李敏"}, "Type your password to sign."),
        ("signature", "李敏", "A signature is the signer's name and password."),
        ("signature", {"name": "李敏", "password": "x", "by": "y"}, "A signature is the signer's name and password."),
        ("evidence", ["other"], "This file was not uploaded here."),
        ("evidence", [1], "This must be a list of files."),
        ("evidence", ["f1"] * 21, "At most 20 files."),
        ("phone", "12", "This is no telephone number."),
        ("code", "ab", "两个字母"),
        ("extra", "x", "This field is not asked for here."),
        ("rows", {"name": "甲"}, "This must be a list of rows."),
        ("rows", ["甲"], "This must be a list of rows."),
        ("rows", [{"name": "甲"}] * 201, "At most 200 rows."),
        ("number_shown", "x", "The form has no such field."),
        ("is_admin", True, "The form has no such field."),
    ],
)  # fmt: skip
def test_each_fault(key, value, said):
    finding = fault(**{key: value})
    assert (finding.field, str(finding.words)) == (key, said)


def test_a_fault_has_the_clause_of_its_field():
    assert fault(title="").clause == "B-9"


def test_all_faults_at_once_and_rows_by_their_place():
    with pytest.raises(Invalid) as refused:
        check({"score": 11, "rows": [{"name": "甲"}, {"name": " ", "bogus": 1}]})
    assert [(finding.field, finding.element) for finding in refused.value.findings] == [
        ("title", None),
        ("score", None),
        ("name", "rows.1.name"),
        ("bogus", "rows.1.bogus"),
    ]


def test_an_organisation_that_nobody_offered_is_refused():
    with pytest.raises(Invalid):
        check({"title": "标题", "agency": "market"}, choices={})


def test_a_hidden_field_may_come_empty_and_is_absent():
    assert check({"title": "标题", "route": 1, "extra": ""}) == {"title": "标题", "route": 1}
    assert check({"title": "标题", "route": "bureau", "extra": "x"})["extra"] == "x"


RULED = form(
    component("radio", "adoption", values=[option("adopted"), option("not_adopted")], **REQUIRED),
    component("textarea", "reason"),
    rules=[
        {
            "when": '=adoption = "not_adopted" and (reason = null or string length(reason) < least)',
            "field": "reason",
            "clause": "B-14",
            "zh": "须写明理由",
            "en": "Give the reasons",
        }
    ],
)


def test_a_rule_of_the_form_refuses_with_its_clause_and_words():
    with pytest.raises(Invalid) as refused:
        check({"adoption": "not_adopted", "reason": "  "}, {"least": 3}, of=RULED)
    (finding,) = refused.value.findings
    assert (finding.field, finding.clause, str(finding.words)) == ("reason", "B-14", "Give the reasons")
    assert finding.words.params["said"].in_language("zh") == "须写明理由"
    assert refused.value.clauses == ("B-14",)


def test_a_rule_reads_the_facts_and_the_cleaned_answers():
    given_now = {"adoption": "not_adopted", "reason": " 三个字 "}
    assert check(given_now, {"least": 3}, of=RULED)["reason"] == "三个字"
    with pytest.raises(Invalid):
        check(given_now, {"least": 4}, of=RULED)


def test_required_by_feel_reads_today():
    dated = form(component("textfield", "why", validate={"required": '=today() > date("2026-11-20")'}))
    with pytest.raises(Invalid):
        check({}, of=dated)


@pytest.mark.parametrize("answers", [None, [], "x", 1, True])
def test_answers_that_are_no_object(answers):
    with pytest.raises(Invalid):
        check(answers)


def test_answers_that_lie_too_deep():
    deep = []
    for _ in range(5_000):
        deep = [deep]
    with pytest.raises(Invalid):
        check({"title": deep})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from([field.key for field in ALL.fields] + ["this", "parent", "i", "__class__", ""])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(KEYS, JSON | st.sampled_from(["market", "bureau", "2026-11-21", True])))
def test_any_json_is_cleaned_or_refused(answers):
    try:
        cleaned = check(answers)
    except Invalid as refused:
        assert refused.findings and all(str(finding) for finding in refused.findings)
    else:
        assert cleaned.keys() <= {field.path[0] for field in ALL.fields} - {"number_shown"}


@settings(deadline=None)
@given(st.text())
def test_what_was_cleaned_once_stays(text):
    try:
        once = check({"title": "标题", "facts": text})
    except Invalid:
        return
    assert check(once) == once
