"""What expressions read is given: in diagrams, forms, acts, papers and tables; each fault with its place."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from app.assembly import OPERATIONS
from app.config import ROOT
from app.definitions import library
from app.definitions.reading import check_reading
from app.errors import Finding
from app.operations.giving import RESULTS, gives
from tests.builders import bpmn, choice, flow, form, lane, small_pack, task, text

UNKNOWN, NEVER = "feel.unknown", "feel.value"


def shipped(pack: str, *changes: tuple[str, str, str]) -> list[tuple[str, str | None, str | None]]:
    """What is wrong with a shipped pack after these changes of a file's text."""
    files = library.read_folder(ROOT, pack)
    for file, old, new in changes:
        assert old.encode() in files[file], (file, old)
        files[file] = files[file].replace(old.encode(), new.encode(), 1)
    return said(check_reading(library.parse(files)))


def said(findings: Iterable[Finding]) -> list[tuple[str, str | None, str | None]]:
    return [(one.rule, one.file and one.file.rpartition("/")[2], one.element) for one in findings]


@pytest.mark.parametrize("pack", ["wuhan_2021", "beibei_2024"])
def test_the_shipped_packs_read_what_is_given(pack: str) -> None:
    assert shipped(pack) == []


B, HANDLING = "processes/opinion_beibei.bpmn", "processes/agency_handling.bpmn"


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "element"),
    [
        # a condition: a text that the form does not offer, a name that nobody gives, a result that no rule gives
        (HANDLING, 'agency_approve_outcome = "return"', 'agency_approve_outcome = "retrun"', NEVER,
         "f_approved__investigate_and_draft"),
        (HANDLING, "=agency_approve_outcome", "=agency_aprove_outcome", UNKNOWN, "f_approved__investigate_and_draft"),
        (B, '=opinion_route = "agency"', '=opinion_route = "agencyy"', NEVER, "f_route_taken__copy_bureau"),
        (B, '=adoption_next = "track_measures"', '=adoption_next = "track"', NEVER, "f_next_taken__record_measure"),
        # what is given only later, on every way
        (B, '=opinion_route = "review"', "=response_due != null", UNKNOWN, "f_route_taken__by_supervisor"),
        # mappings into and out of a call, into a message, out of one
        (B, 'name="reply_to" value="=author"', 'name="reply_to" value="=auhtor"', UNKNOWN, "agency_stage"),
        (B, 'name="answer_due" value="=answer_due"', 'name="answer_due" value="=answer_date"', UNKNOWN, "agency_stage"),
        (B, 'name="route" value="=route"', 'name="route" value="=rute"', UNKNOWN, "request_review"),
        (HANDLING, 'name="extended_to" value="=extended_to"', 'name="extended_to" value="=extendet_to"', UNKNOWN,
         "extension_decided"),
        # timers, deadlines, parameters, keys, statuses, holders, titles
        (HANDLING, "=end of day(sign_due)", "=end of day(sign_duee)", UNKNOWN, "sign_remind_at"),
        (HANDLING, 'duban:due="=answer_due"', 'duban:due="=answer_du"', UNKNOWN, "assign_handler"),
        (HANDLING, 'name="to" value="=agency"', 'name="to" value="=agencies"', UNKNOWN, "remind_sign"),
        (HANDLING, 'opinion_no + "/"', 'opinon_no + "/"', UNKNOWN, "extension_decided"),
        (HANDLING, 'if role = "co"', 'if rolle = "co"', UNKNOWN, "agency_sign"),
        (HANDLING, 'duban:person="=handler"', 'duban:person="=handlers"', UNKNOWN, "investigate_and_draft"),
        (B, 'duban:title="=title"', 'duban:title="=titel"', UNKNOWN, "opinion_beibei"),
        (B, 'duban:party="=author"', 'duban:party="=writer"', UNKNOWN, "opinion_beibei"),
        # forms: a field that is hidden, a rule
        ("forms/opinion_beibei/submit_opinion.form", '=subject = \\"enforcement_supervision\\"',
         '=subject = \\"enforcement_superwision\\"', NEVER, None),
        ("forms/opinion_beibei/submit_opinion.form", "=subject = ", "=subjekt = ", UNKNOWN, None),
        ("forms/agency_answer/urge_agency.form", "=new_date != null", "=new_dat != null", UNKNOWN, "rules[1]"),
        # acts: when, key, payload
        ("pack.yaml", "status = \"overdue\"", "status = \"overdu\"", NEVER, "escalate"),
        ("pack.yaml", "author_active = false and", "author_aktive = false and", UNKNOWN, "review_ex_officio"),
        ("pack.yaml", "key: =opinion_no", "key: =opinion_number", UNKNOWN, "escalate"),
        ("pack.yaml", "opinion_suggestion: =suggestion", "opinion_suggestion: =sugestion", UNKNOWN, "escalate"),
        ("pack.yaml", "=settings.clock_stop = true", "=settings.clok_stop = true", UNKNOWN, "stop_clock"),
        ("pack.yaml", '=route = "bureau"', '=route = "burau"', NEVER, "author"),
        ("pack.yaml", "=by_bureau = false", "=by_buro = false", UNKNOWN, "extension"),
        # papers: a paragraph, a field, a title
        ("pack.yaml", "{{ opinion_no }}", "{{ opinion_nr }}", UNKNOWN, None),
        ("pack.yaml", "publicity_end: =publicity_end", "publicity_end: =publicity_until", UNKNOWN, None),
    ],
)  # fmt: skip
def test_a_slip_is_an_error_at_its_place(file: str, old: str, new: str, rule: str, element: str | None) -> None:
    found = shipped("beibei_2024", (file, old, new))
    assert (rule, file.rpartition("/")[2]) in {(one, place) for one, place, _ in found}, found
    assert element is None or element in {at for _, _, at in found}, found


def test_a_table_whose_output_is_misspelt_does_not_go_with_the_diagram() -> None:
    found = shipped(
        "beibei_2024",
        ("processes/opinion_route.dmn", '"agency", "review"', '"review"'),
        ("processes/opinion_route.dmn", '>"agency"<', '>"agencyy"<'),
    )
    assert (NEVER, "opinion_beibei.bpmn", "f_route_taken__copy_bureau") in found


def test_a_fault_says_words_field_line_and_position() -> None:
    files = library.read_folder(ROOT, "beibei_2024")
    files[HANDLING] = files[HANDLING].replace(b'outcome = "return"</', b'outcome = "retrun"</', 1)
    one = next(found for found in check_reading(library.parse(files)) if found.rule == NEVER)
    assert "retrun" in str(one.words) and "approve, return" in str(one.words)
    assert one.severity == "error" and one.line and one.field == "conditionExpression" and one.position == 25


def diagram(middle: str, flows: str, *, attributes: str = 'duban:starts="supervisor"', outside: str = "") -> bytes:
    """A supervisor's process: `write`, then what is given."""
    body = "<bpmn:startEvent id='start'/>" + task("write") + middle + flow("start", "write") + flows
    tasks = ["write", *(["check"] if 'id="check"' in middle else [])]
    lanes = lane("supervisor", *tasks, attributes='duban:person="=author"')
    return bpmn("loop", f"<bpmn:laneSet id='l'>{lanes}</bpmn:laneSet>{body}", attributes=attributes, outside=outside)


def small(process: bytes, **files: bytes) -> list[tuple[str, str | None, str | None]]:
    found = check_reading(library.parse({**small_pack(), "processes/loop.bpmn": process, **files}))
    return said(one for one in found if one.severity == "error")


ASK = "<bpmn:exclusiveGateway id='g' default='g_end'/><bpmn:endEvent id='end'/><bpmn:endEvent id='other'/>"


def asked(condition: str, before: str = "", flows: str = "", attributes: str = 'duban:starts="supervisor"') -> bytes:
    last = flows or flow("write", "g")
    return diagram(before + ASK, last + flow("g", "end") + flow("g", "other", condition), attributes=attributes)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ('=title = "x"', []),
        ('=regulation = "W"', []),
        ('=regulation = "V"', [NEVER]),
        ('=author = "x" and started_on != null', []),
        ("=note != null", [UNKNOWN]),  # of a form that does not come before
        ("=secret != null", [UNKNOWN]),  # personal answers never reach the diagram
        ("=some x in [1] satisfies x > y", [UNKNOWN]),
        ("=count([{a: 1}][a = 1]) > 0", []),  # in a filter, a name may be the element's
        ("=write_outcome = null", [UNKNOWN]),
        ('=title in ("a", "b")', []),
    ],
)
def test_what_a_condition_may_read(condition: str, found: list[str]) -> None:
    assert [rule for rule, _, _ in small(asked(condition))] == found


def test_what_is_given_from_outside_is_declared() -> None:
    assert small(asked("=weather = 1")) == [(UNKNOWN, "loop.bpmn", "g_other")]
    declared = asked("=weather = 1", attributes='duban:starts="supervisor" duban:given="wind weather"')
    assert small(declared) == []


def test_both_branches_of_a_parallel_block_are_known_where_they_meet() -> None:
    note = "<bpmn:serviceTask id='{0}' name='n' duban:operation='note'><bpmn:extensionElements><duban:parameter "
    note += "name='{0}' value='{1}'/></bpmn:extensionElements></bpmn:serviceTask>"
    nodes = (
        "<bpmn:parallelGateway id='p'/><bpmn:parallelGateway id='j'/>" + note.format("a", "x") + note.format("b", "=a")
    )
    flows = flow("write", "p") + flow("p", "a") + flow("p", "b") + flow("a", "j") + flow("b", "j") + flow("j", "g")
    assert small(asked('=a = "x" and b != null', nodes, flows)) == [(UNKNOWN, "loop.bpmn", "b")]
    assert small(asked('=a = "y"', nodes.replace("=a", "z"), flows)) == [(NEVER, "loop.bpmn", "g_other")]


def test_an_item_is_known_inside_and_the_result_after() -> None:
    many = "<bpmn:subProcess id='each' name='e'><bpmn:multiInstanceLoopCharacteristics duban:collection='{0}' "
    many += "duban:item='one' duban:output='=one' duban:result='all'/><bpmn:startEvent id='s'/>"
    many += "<bpmn:serviceTask id='n' name='n' duban:operation='note'><bpmn:extensionElements><duban:parameter "
    many += "name='kept' value='=one'/></bpmn:extensionElements></bpmn:serviceTask><bpmn:endEvent id='e'/>"
    many += flow("s", "n") + flow("n", "e") + "</bpmn:subProcess>"
    flows = flow("write", "each") + flow("each", "g")
    assert small(asked("=all != null", many.format("=[title]"), flows)) == []
    assert small(asked("=all != null", many.format("=[titles]"), flows)) == [(UNKNOWN, "loop.bpmn", "each")]
    assert small(asked("=kept != null or one = 1", many.format("=[title]"), flows))[0][0] == UNKNOWN


def test_a_boundary_event_knows_what_was_written_inside_so_far() -> None:
    inside = "<bpmn:subProcess id='sub' name='s'><bpmn:startEvent id='s'/>" + task("check") + "<bpmn:endEvent id='e'/>"
    inside += flow("s", "check") + flow("check", "e") + "</bpmn:subProcess>"
    event = "<bpmn:boundaryEvent id='b' attachedToRef='sub' cancelActivity='true'><bpmn:timerEventDefinition>"
    event += "<bpmn:timeDate>=date(title)</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    flows = flow("write", "sub") + flow("sub", "end") + flow("b", "g")
    assert small(asked("=note != null", inside + event, flows)) == []
    assert small(asked("=note != null", inside + event.replace("(title)", "(day)"), flows)) == [
        (UNKNOWN, "loop.bpmn", "b")
    ]


def test_outcomes_that_no_flow_tells_apart_are_a_warning() -> None:
    two, three = (form(choice("outcome", "go", "back", *more)) for more in ((), ("stop",)))
    process = asked('=write_outcome = "back"')
    assert small(process, **{"forms/loop/write.form": two}) == []
    files = {**small_pack(), "processes/loop.bpmn": process, "forms/loop/write.form": three}
    found = list(check_reading(library.parse(files)))
    assert [(one.rule, one.severity, one.element) for one in found] == [("outcome.unread", "warning", "write")]
    assert "go, stop" in str(found[0].words)


def test_a_form_reads_its_own_fields_and_what_the_case_knows() -> None:
    hidden = {**text("note", required=False), "conditional": {"hide": "=title = null and started_on != null"}}
    assert small(asked("=title = null"), **{"forms/loop/write.form": form(text("title"), hidden)}) == []
    wrong = {**hidden, "conditional": {"hide": "=tittle = null"}}
    found = small(asked("=title = null"), **{"forms/loop/write.form": form(text("title"), wrong)})
    assert found == [(UNKNOWN, "write.form", "note")]


def test_each_operation_says_what_it_gives() -> None:
    assert set(OPERATIONS) == set(RESULTS)
    assert gives("issue_paper", {"code": "DOC-16"}) == {"doc_16_no", "doc_16_on"}
    assert gives("note", {"a": "1", "b": "=c"}) == {"=a", "=b"}
    assert gives("unknown", {}) == frozenset()
