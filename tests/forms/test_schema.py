"""Reading forms: what a Form says, and everything that is refused, all at once."""

import pytest

from app.errors import Invalid
from app.forms import Said, read

from .builders import REQUIRED, component, form, option, source


def findings(*components, **duban):
    with pytest.raises(Invalid) as refused:
        form(*components, **duban)
    return refused.value.findings


def rules(*components, **duban):
    return [finding.rule for finding in findings(*components, **duban)]


def test_a_form_says_its_fields_and_what_it_reads():
    read_form = form(
        component("select", "outcome", values=[option("accept"), option("return")], **REQUIRED),
        component("textarea", "reason", conditional={"hide": '=outcome = "accept" or level > 2'}),
        component("textfield", "card", properties={"type": "idcard", "personal": "true", "readers": "bureau"}),
        component("textfield", "handler", properties={"type": "person:agency_handler@agency", "clause": "B-14"}),
        component("textfield", "opinion_no", disabled=True),
        component("dynamiclist", "members", components=[component("textfield", "name")]),
        readers="bureau agency",
        submit={"zh": "提交答复", "en": "Send the answer"},
        rules=[
            {"when": "=count(members) < least", "field": "members", "clause": "P-33", "zh": "人少", "en": "Too few"}
        ],
    )
    fields = {field.key: field for field in read_form.fields}
    assert read_form.key == "task"
    assert read_form.reads == {"level", "least", "opinion_no"}
    assert fields["name"].path == ("members", "name")
    assert fields["card"].personal and fields["card"].readers == ("bureau",)
    assert fields["reason"].readers == ("bureau", "agency")
    assert (fields["handler"].type, fields["handler"].source) == ("person", "agency_handler@agency")
    assert fields["handler"].clause == "B-14"
    assert fields["outcome"].options[0].said == Said("选项accept", "option accept")
    assert read_form.submit_words == {"zh": "提交答复", "en": "Send the answer"}
    assert fields["opinion_no"].shown and "opinion_no" not in read_form.own


def test_every_fault_is_found_at_once():
    found = rules(
        component("html", "page"),
        component("textfield", "twice"),
        component("textfield", "twice"),
        component("textfield", "bad", conditional={"hide": "=1 +"}),
        {"type": "textfield", "key": "bare"},
        component("textfield", "pattern", validate={"pattern": "(a)\\1"}),
    )
    assert found == ["form.component", "form.duplicate", "form.feel", "form.label", "form.english", "form.pattern"]


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        (component("textfield", "x", properties={"en": ""}), "form.english"),
        (component("radio", "x", values=[]), "form.option"),
        (component("radio", "x", values=[{"value": "a", "label": "甲"}]), "form.english"),
        (component("radio", "x", values=[option("a"), option("a")]), "form.option"),
        (component("textfield", "x", description="说明"), "form.english"),
        (component("textfield", "x", properties={"type": "magic"}), "form.component"),
        (component("textfield", "bad key"), "form.key"),
        (component("textfield", "x", conditional={"hide": "true"}), "form.feel"),
        (component("number", "x", validate={"max": "many"}), "form.limit"),
        (component("textfield", "outcome", properties={"sample": "accept"}), "form.sample"),
        (component("group", "x", path="inner", components=[]), "form.component"),
        ({"type": "text", "id": "t", "text": "只有中文"}, "form.english"),
        ({"type": "text", "id": "t", "text": "{{#if a}}", "properties": {"en": "x"}}, "form.text"),
    ],
)
def test_each_fault(bad, rule):
    assert rule in rules(bad)


def test_a_condition_may_not_call_what_a_browser_lacks():
    hide = {"hide": '=is working day("2026-11-21")'}
    assert rules(component("textfield", "x", conditional=hide)) == ["form.function"]
    rule = {"when": '=not(is working day("2026-11-21"))', "field": "x", "zh": "休", "en": "off"}
    assert form(component("textfield", "x"), rules=[rule]).rules[0].when.calls == {"is working day"}


def test_a_rule_needs_feel_words_and_a_field_that_is_there():
    found = rules(component("textfield", "x"), rules=[{"when": "always", "field": "y", "zh": "错"}])
    assert found == ["form.rule", "form.english", "form.rule"]


def test_a_fault_has_its_line():
    text = source(component("textfield", "a"), {"type": "textfield", "key": "later"}).replace(b"},", b"},\n")
    with pytest.raises(Invalid) as refused:
        read(text, "a.form")
    assert {finding.element for finding in refused.value.findings} == {"later"}
    assert all(finding.line and finding.line > 1 for finding in refused.value.findings)


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b'{"components": 1}', b"[" * 100_000])
def test_what_is_no_form_is_refused(data):
    with pytest.raises(Invalid) as refused:
        read(data, "bad.form")
    assert refused.value.findings[0].rule == "form.json"


def test_texts_may_show_facts():
    shown = {"type": "text", "id": "t", "text": "标题:{{title}}", "properties": {"en": "Title: {{title}}"}}
    assert form(shown).reads == {"title"}
