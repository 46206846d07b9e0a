import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.papers.wording import ended, printed, unended, unprinted, written


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("区城管局:请办理", "区城管局：请办理"),
        ("ID:张三", "ID：张三"),
        ("时间10:30到场", "时间10:30到场"),
        ("联系电话:023-68281234, 王五", "联系电话：023-68281234，王五"),
        ("合计1,200元,已付", "合计1,200元，已付"),
        ("属实;应当改正?改正!", "属实；应当改正？改正！"),
        ("根据办法(试行)办理", "根据办法（试行）办理"),
        ("第(3)项", "第（3）项"),
        ("见 f(x) of it", "见 f(x) of it"),
        ("(P-05)号", "（P-05）号"),
        ("see (a) and b", "see (a) and b"),
        ("北碚司监督[2025]12号", "北碚司监督〔2025〕12号"),
        ("武司监聘(2025) 3号", "武司监聘〔2025〕3号"),
        ('称"情况属实"。', "称“情况属实”。"),
        ("情况属实.请核", "情况属实。请核"),
        ("版本2.5", "版本2.5"),
        ("于2025-03-05答复", "于2025年3月5日答复"),
        ("于2025/3/5前", "于2025年3月5日前"),
        ("于2025年03月05日", "于2025年3月5日"),
        ("于2025年12月25日", "于2025年12月25日"),
        ("于2025年03月", "于2025年3月"),
        ("编号2025-13-45", "编号2025-13-45"),
        ("编号2025-B-0001", "编号2025-B-0001"),
        ("编号2025-01-01-7", "编号2025-01-01-7"),
        ("属实。。", "属实。"),
        ("属实，。请核", "属实。请核"),
        ("属实！。", "属实！"),
        ("等等...", "等等……"),
        ("司法局  行政 执法", "司法局行政执法"),
        ("共１２人", "共12人"),
        ("https://example.org/a:b", "https://example.org/a:b"),
    ],
)
def test_texts_are_written_as_an_office_writes_them(given: str, said: str) -> None:
    assert written(given) == said


@pytest.mark.parametrize(
    ("given", "shown", "dropped"),
    [
        ("已收到😀👍🏽", "已收到", ("😀", "👍", "🏽")),
        ("国旗🇨🇳", "国旗", ("🇨", "🇳")),
        ("注意⚠️事项1️⃣", "注意事项", ("⚠️", "1️⃣")),
        ("文\u202e反\u2066转", "文反转", ("U+202E", "U+2066")),
        ("零\u200b宽\ufeff", "零宽", ("U+200B", "U+FEFF")),
        ("控\x07制\x00", "控制", ("U+0007", "U+0000")),
        ("私\ue000用", "私用", ("U+E000",)),
        ("二〇二五①℃㎡№※★■√", "二〇二五①℃㎡№※★■√", ()),
        ("䶮㛃𠅤赟喆翀婠燊祎", "䶮㛃𠅤赟喆翀婠燊祎", ()),
        ("一\r\n二\u2028三", "一\n二\n三", ("U+2028",)),
    ],
)
def test_paper_prints_no_emoji_direction_or_control_and_says_which(
    given: str, shown: str, dropped: tuple[str, ...]
) -> None:
    assert printed(given) == shown
    assert unprinted(given) == tuple(sign for sign in dropped if sign != "U+2028")


@pytest.mark.parametrize(
    ("given", "last", "said"),
    [
        ("要求：立即改正", True, "要求：立即改正。"),
        ("属实。", True, "属实。"),
        ("属实.", True, "属实。"),
        ("属实，", True, "属实。"),
        ("（本局内部时限，非法定期限）", True, "（本局内部时限，非法定期限）。"),
        ("他说：“属实。”", True, "他说：“属实。”"),
        ("他说：“属实。”。", True, "他说：“属实。”"),
        ("是否属实？", True, "是否属实？"),
        ("现函告如下：", False, "现函告如下："),
        ("现函告如下：", True, "现函告如下。"),
        ("一是改正；", False, "一是改正；"),
        ("一是改正；", True, "一是改正。"),
        ("依据《办法》", True, "依据《办法》。"),
        ("情况如此……", True, "情况如此……"),
        ("OK", True, "OK"),
        ("办理WTO", True, "办理WTO。"),
    ],
)
def test_a_paragraph_ends_with_one_full_stop(given: str, last: bool, said: str) -> None:
    assert ended(given, last=last) == said
    assert ended(said, last=last) == said


def test_a_title_ends_without_a_mark() -> None:
    assert unended("责令纠正通知书。") == "责令纠正通知书"


@given(st.text(alphabet="甲乙国，。：；？！（）()\"'.,:;!?…—-/ 2025年03月号〔〕[]ab\u202e😀\n", max_size=30))
def test_writing_what_is_written_changes_nothing(text: str) -> None:
    said = written(text)
    assert written(said) == said
    assert ended(ended(said)) == ended(said)
