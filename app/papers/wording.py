"""The written form of an official text: characters that print, Chinese punctuation (GB/T 15834), dates (GB/T 15835)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

import regex

_HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_FULL = "，。：；？！、（）《》〈〉“”‘’〔〕「」『』…—"
_CHINESE = re.compile(f"[{_HAN}{_FULL}]")
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Emoji_Modifier}|\p{Emoji}\uFE0F\u20E3?|[\uFE0F\u20E3]")
_UNPRINTED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_MARKS = str.maketrans(",:;?!", "，：；？！")
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}
_DATE = re.compile(r"(?<![A-Za-z0-9_./-])((?:19|20)\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?![A-Za-z0-9_/-]|\.[A-Za-z0-9_])")
_ZEROS = re.compile(r"(\d{4}年)0?(\d{1,2}月)(?:0?(\d{1,2}日))?")
_YEAR = re.compile(r"[\[［【(（〔]\s*((?:19|20)\d\d)\s*[\]］】)）〕]\s*(?=\d+\s*号)")
MOST_PASSES = 8
_ENDS = "。！？"
_CLOSERS = "”’」』）"


def printed(text: str) -> str:
    """The text as paper can show it: without controls, directions, private or unknown characters, and emoji.

    A tab becomes a space and every kind of line end a line feed; full-width digits and letters become plain ones.
    """
    lines = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", unicodedata.normalize("NFC", text)).replace("\t", " ")
    shown = "".join(sign for sign in _EMOJI.sub("", lines) if sign == "\n" or not _is_unprinted(sign))
    return shown.translate(_WIDE)


def unprinted(text: str) -> tuple[str, ...]:
    """The characters that `printed` leaves out, each once: emoji as they are, others as U+202E."""
    emoji = [sign for sign in _EMOJI.findall(text) if sign.strip("\ufe0f\u20e3")]
    hidden = [f"U+{ord(sign):04X}" for sign in _EMOJI.sub("", text) if sign not in "\t\n\r" and _is_unprinted(sign)]
    return tuple(dict.fromkeys((*emoji, *hidden)))


def written(text: str) -> str:
    """One paragraph's text with Chinese punctuation, brackets, quotes and dates; its end stays as it is."""
    said = re.sub(r"\s+", " ", printed(text)).strip()
    for _ in range(MOST_PASSES):
        before, said = said, _rewritten(said).strip()
        if said == before:
            break
    return said


def _rewritten(text: str) -> str:
    """One pass of all rules: what one of them makes Chinese may touch a mark that it has passed already."""
    said = text
    said = _YEAR.sub(r"〔\1〕", said)
    said = _DATE.sub(_dated, said)
    said = _ZEROS.sub(_without_zeros, said)
    said = _quoted(_bracketed(said))
    said = re.sub(r"\.{3,}|。{3,}|…+", "……", said)
    said = re.sub(rf"(?<=[{_HAN}])-{{2,}}(?=[{_HAN}])", "——", said)
    said = re.sub(r"\s*[,:;?!]\s*", lambda found: _marked(said, found), said)
    said = re.sub(rf"(?<=[{_HAN}”’）》])\.(?=[{_HAN}“‘《\s]|$)", "。", said)
    said = re.sub(rf"(?<=[{_HAN}{_FULL}])\s+(?=[{_HAN}{_FULL}])", "", said)
    return _once(said)


def ended(text: str, *, last: bool = True) -> str:
    """A paragraph with exactly one full stop at its end, where a mark that may stand there does not.

    `：` may always end a paragraph that leads to the next, and `；` one that is not the last of its list.
    """
    if not _CHINESE.search(text):
        return text
    said = re.sub(r"(?<=[^.])\.$", "", text).rstrip(" ，、" + ("；：" if last else "")) or text
    said = re.sub(rf"(?<=[{_ENDS}][{_CLOSERS}])。$", "", said)
    end = said.rstrip(_CLOSERS)[-1:]
    closed = end in _ENDS and not (said.endswith("）") and end == "。")
    return said if closed or said[-1] in "…：；" or said.endswith("……") else said + "。"


def unended(text: str) -> str:
    """A title, heading or name, without a mark at its end."""
    return text.rstrip(" ，。：；、,.:;")


def chinese_date(day: date) -> str:
    """2025年3月5日: no leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def listed(items: Iterable[str]) -> str:
    """Names one after the other, with 、 between them."""
    return "、".join(items)


def is_chinese(text: str) -> bool:
    """Whether a Chinese character or mark stands in the text."""
    return _CHINESE.search(text) is not None


def _is_unprinted(sign: str) -> bool:
    return unicodedata.category(sign) in _UNPRINTED


def _dated(found: re.Match[str]) -> str:
    try:
        return chinese_date(date(int(found[1]), int(found[3]), int(found[4])))
    except ValueError:
        return found[0]


def _without_zeros(found: re.Match[str]) -> str:
    return found[1] + found[2] + (found[3] or "")


def _marked(text: str, found: re.Match[str]) -> str:
    """A half-width mark that touches Chinese on either side is a Chinese mark."""
    around = text[max(found.start() - 1, 0) : found.start()] + text[found.end() : found.end() + 1]
    return found[0].strip().translate(_MARKS) if _CHINESE.search(around) else found[0]


def _bracketed(text: str) -> str:
    """Brackets that hold Chinese or touch it are full-width; each keeps its partner's kind."""
    signs, opened = list(text), []
    for at, sign in enumerate(text):
        if sign in "(（":
            opened.append(at)
        elif sign in ")）" and opened:
            start = opened.pop()
            around = text[max(start - 1, 0) : at + 2]
            if _CHINESE.search(around):
                signs[start], signs[at] = "（", "）"
    return "".join(signs)


def _quoted(text: str) -> str:
    """Straight double quotes in pairs, where the text is Chinese."""
    if text.count('"') % 2 or not _CHINESE.search(text):
        return text
    first, *rest = text.split('"')
    return first + "".join(("“" if at % 2 == 0 else "”") + part for at, part in enumerate(rest))


def _once(text: str) -> str:
    """No mark twice, and no weaker mark beside one that ends a sentence."""
    said = re.sub(r"([，。：；？！、])\1+", r"\1", text)
    said = re.sub(rf"[，、；：]+([{_ENDS}])", r"\1", said)
    return re.sub(rf"([{_ENDS}])[，、；。]+", r"\1", said)
