"""The monitor's pages: what they show and refuse, their files, and what they cost; who enters, see test_access."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from app import jobs
from app.cases import failing
from app.cases.models import Case
from app.errors import Refusal, words
from app.journal import entries_of
from app.people.models import Person
from app.web.pieces.csv_text import csv_text, defused
from tests.databases import counted
from tests.web import story
from tests.web.world import World

PAGES = ("/monitor", "/monitor/diagrams", "/monitor/incidents", "/monitor/overdue", "/monitor/rates", "/monitor/times")


@pytest.fixture
def late(world: World) -> World:
    """One opinion, unsigned, a fortnight later: the date for signing has passed."""
    story.begin(world)
    world.clock.move(story.at("2024-12-30T09:00"))
    jobs.sweep(world.database, world.clock.now())
    return world


def text_of(page: str) -> str:
    return re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_the_board_says_colour_in_words_and_numbers(late: World) -> None:
    page = late.as_("manager").get("/monitor").text
    figures = re.findall(r"<b>(\d+)</b><span>([^<]+)</span>", page)
    assert figures == [("1", "在办"), ("0", "本周到期"), ("1", "超期"), ("0", "异常")]
    assert "超期 8 个工作日" in page and "二级：报局领导" in page
    assert "P-03" in page and "本局内部时限，非法定期限" in page
    assert "2024-B-0001" in late.as_("head").get("/monitor?colour=level2").text
    assert "2024-B-0001" not in late.as_("head").get("/monitor?colour=green").text


@pytest.mark.parametrize(
    "query", ["colour=pink", "sort=secret", "from=yesterday", "to=2024-13-01", "from=2024-12-02&to=2024-12-01"]
)
def test_a_filter_that_makes_no_sense_is_refused_by_name(world: World, query: str) -> None:
    assert world.as_("manager").get(f"/monitor?{query}").status_code == 422
    for harmless in ("page=x", "page=-1", "page=99999999999999999999", "step=a", "step=a/b", "agency=%27--"):
        assert world.as_("manager").get(f"/monitor?{harmless}").status_code == 200, harmless


def test_the_notice_names_who_is_late(late: World) -> None:
    page = late.as_("leader").get("/monitor/overdue").text
    assert "通报" in page and "城市管理综合行政执法支队" in page and "超期 8 个工作日" in page
    assert "其中1个环节为二级超期" in page


def test_rates_show_both_numbers_and_their_formula(late: World) -> None:
    page = late.as_("manager").get("/monitor/rates?from=2024-01-01&to=2024-12-31").text
    assert "0.0%" in page and "0 / 1" in page and "期满未评价的分子、分母均不计" in page
    other_year = late.as_("manager").get("/monitor/rates?from=2023-01-01&to=2023-12-31").text
    assert "0 / 1" not in other_year


def test_the_diagram_and_its_table_say_the_same(late: World) -> None:
    page = late.as_("manager").get("/monitor/diagrams/agency_handling").text
    assert '"element": "agency_sign"' in page and '"count": 1' in page and '"late": 1' in page
    assert re.search(r'<a href="/monitor\?step=agency_handling/agency_sign#list">签收</a>', page)
    assert late.as_("manager").get("/monitor/diagrams/nothing").status_code == 404
    assert late.as_("manager").get("/monitor/diagrams/nothing/xml").status_code == 404
    assert b"<bpmn" in late.as_("manager").get("/monitor/diagrams/agency_handling/xml").data


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", " =1", "　＝1"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


def test_numbers_and_plain_texts_stay_as_they_are() -> None:
    assert [defused(cell) for cell in (-1, 1.5, None, "", "1-2", "关于=的意见")] == [
        -1,
        1.5,
        None,
        "",
        "1-2",
        "关于=的意见",
    ]
    assert csv_text(["a"], [["x,y"]]) == '\ufeffa\r\n"x,y"\r\n'


def test_the_list_as_a_file(world: World) -> None:
    story.begin(world, title="=HYPERLINK(1)关于检查的意见")
    answer = world.as_("manager").get("/monitor/cases.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf") and "attachment" in answer.headers["Content-Disposition"]
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (head[:2], len(rows)) == (["编号", "标题"], 1)
    assert rows[0][:2] == ["2024-B-0001", "'=HYPERLINK(1)关于检查的意见"]
    for report in ("overdue", "rates", "times"):
        assert world.as_("manager").get(f"/monitor/{report}.csv").data.startswith(b"\xef\xbb\xbf")


def stopped(world: World, times: int = 3) -> str:
    """A case whose next timer has failed so often."""
    ref = story.begin(world)
    with world.database.transaction() as db:
        case_id = db.query(Case.id).filter(Case.ref == ref).scalar()
        for _ in range(times):
            failing.fail(db, case_id, Refusal(words('"{value}" is no date.', value="x")), at=world.clock.now())
    return ref


def test_a_stopped_case_is_shown_in_words_and_goes_on_when_retried(world: World) -> None:
    ref = stopped(world)
    page = world.as_("manager").get("/monitor/incidents").text
    assert ref in page and "“x”不是日期" in page and "待人工重试" in page
    assert "“x”不是日期" in world.as_("clerk").get(f"/cases/{ref}").text
    assert "“x”不是日期" not in world.as_("sup1").get(f"/cases/{ref}").text
    sent = world.as_("manager").post("/monitor/incidents/retry", {"case": ref})
    assert sent.status_code == 303
    page = world.as_("manager").get("/monitor/incidents").text
    assert ref not in page and "已重试 1 件" in page
    with world.database.reading() as db:
        case = db.query(Case).filter(Case.ref == ref).one()
        last = [entry for entry in entries_of(db, case.id) if entry.kind == "case.retried"]
    assert (len(last), last[0].actor_id) == (1, world.people["manager"])


def test_what_is_due_fires_at_once_when_retried(world: World) -> None:
    ref = stopped(world)
    world.clock.move(world.clock.now() + timedelta(days=14))
    jobs.sweep(world.database, world.clock.now())
    assert '"overdue"' not in status_of(world, ref)
    world.as_("head").post("/monitor/incidents/retry", {"shown": ref})
    with world.database.reading() as db:
        case = db.query(Case).filter(Case.ref == ref).one()
        fired = [entry for entry in entries_of(db, case.id) if entry.kind == "timer.fired"]
    assert fired and case.incident is None


def status_of(world: World, ref: str) -> str:
    with world.database.reading() as db:
        return str(db.query(Case.status).filter(Case.ref == ref).scalar())


def test_only_managers_retry_and_only_their_own(world: World) -> None:
    ref = stopped(world)
    for who in ("clerk", "sup1", "urban_leader", "admin", "stranger"):
        assert world.as_(who).post("/monitor/incidents/retry", {"case": ref}).status_code == 403, who
    assert world.as_("manager").post("/monitor/incidents/retry", {"case": "nothing"}).status_code == 409
    assert world.as_("manager").post("/monitor/incidents/retry").status_code == 409


def test_a_case_of_another_bureau_cannot_be_retried(world: World) -> None:
    ref = stopped(world)
    with world.database.transaction() as db:
        other = db.query(Case.bureau_id).filter(Case.ref == ref).scalar()
        stranger = world.people["stranger"]
        bureau = db.query(Person.bureau_id).filter(Person.id == stranger).scalar()
        db.execute(update(Case).where(Case.ref == ref).values(bureau_id=bureau))
    assert other != bureau
    assert world.as_("manager").post("/monitor/incidents/retry", {"case": ref}).status_code == 409


@pytest.mark.parametrize("address", PAGES)
def test_english_pages_hold_no_chinese_but_names(late: World, address: str) -> None:
    browser = late.as_("manager")
    browser.client.set_cookie("language", "en")
    page = re.sub(r"<svg.*?</svg>", "", text_of(browser.get(address).text), flags=re.DOTALL)
    names = "中文 督 督办 北碚区司法局 马知远 关于占道经营检查程序的意见 城市管理综合行政执法支队 市场监督管理局"
    names += " 交通运输综合行政执法支队"
    assert set(re.findall(r"[一-鿿]+", page)) - set(names.split()) == set()


@pytest.mark.parametrize("address", PAGES)
def test_each_page_costs_the_same_with_one_case_and_with_twenty(world: World, address: str) -> None:
    costs = []
    for many in (1, 19):
        for _ in range(many):
            story.begin(world)
        world.as_("manager").get(address)
        with counted(world.database) as seen:
            world.as_("manager").get(address)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 11, seen
