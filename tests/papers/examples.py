"""Papers to render: one of each form, with every part that a paper may have, and long enough for a second page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import yaml

from app.papers.composing import composed
from app.papers.content import Form, PaperContent, Paragraph
from app.papers.earlier import form_of, level_of

ROOT = Path(__file__).resolve().parents[2]

RARE = "䶮㛃𠅤赟喆翀婠燊祎"
TEXT = (
    "经查，你单位对辖区内夜间施工噪声扰民的投诉举报未依法及时处置，违反了《中华人民共和国噪声污染防治法》第八十三条、"
    "《重庆市行政执法监督条例》第二十二条的规定，现将有关情况函告并请你单位按照下列要求办理"
)
DOCUMENT = PaperContent(
    form="document",
    code="DOC-20",
    issuer="重庆市北碚区司法局",
    title="关于责令区城市管理局纠正夜间施工噪声执法不履职问题的通知书",
    title_en="correction order",
    number="北碚司责纠〔2026〕12号",
    addressees=("区城市管理局", "区市场监督管理局"),
    paragraphs=(
        Paragraph(TEXT),
        Paragraph("一、审查情况", 1),
        Paragraph(TEXT * 2),
        Paragraph(f"（一）事实：监督员{RARE}反映，12345 热线（Hotline）接到 37 件投诉", 2),
        Paragraph("1.要求", 3),
        Paragraph(TEXT * 3),
        Paragraph("二、依据", 1),
        Paragraph(TEXT * 3),
    ),
    attachments=("监督意见书", "现场检查笔录及照片（共12页）以及相关的行政执法文书材料目录清单一览"),
    copies=("区政府办公室", "区监察委员会", "区人大监察和法制委员会", "重庆市司法局行政执法监督处"),
    signer="李敏",
    contact="联系人：王五，联系电话：023-68281234",
    signed_on=date(2026, 3, 5),
    sealed=True,
)
BY_FORM: dict[Form, PaperContent] = {
    "document": DOCUMENT,
    "letter": replace(DOCUMENT, form="letter", title="转办函", number="北碚司监转〔2026〕3号"),
    "notice": replace(DOCUMENT, form="notice", title="说明理由告知书", copies=(), attachments=()),
    "personal": replace(
        DOCUMENT, form="personal", issuer="陈志强", title="监督意见书", signer=None, copies=(), sealed=False
    ),
    "sheet": replace(
        DOCUMENT,
        form="sheet",
        title="资格审查表",
        addressees=(),
        paragraphs=(Paragraph(f"姓名：龚{RARE[0]}"), Paragraph(f"审查意见：{TEXT * 4}"), Paragraph(TEXT * 3)),
        rows=(("序号", "事项", "结论"), ("1", "年龄", "符合"), ("2", f"无犯罪记录证明{RARE[1]}", "已核")),
        copies=(),
    ),
}


def shipped() -> dict[str, PaperContent]:
    """Every paper kind of both packs, its values told apart by their expressions' length."""
    found = {}
    for pack in ("wuhan_2021", "beibei_2024"):
        text = (ROOT / "processes" / pack / "pack.yaml").read_text()
        for code, template in yaml.safe_load(text)["papers"].items():
            title = template.get("title", template["zh"])
            said = template["zh"] if title.startswith("=") else title
            body = [re.sub(r"\{\{.*?\}\}", "某某事项", line) for line in template.get("body", ())]
            found[f"{pack}/{code}"] = composed(
                PaperContent(
                    form=template.get("form") or form_of(said, template.get("from", "bureau")),
                    code=code,
                    issuer=DOCUMENT.issuer,
                    title=said,
                    number=re.sub(r"\{code\}", "城管", template["number"]).format(year=2026, seq=7),
                    addressees=DOCUMENT.addressees,
                    paragraphs=tuple(Paragraph(line + TEXT, level_of(line)) for line in body),
                    copies=("区监察委员会",),
                    signed_on=DOCUMENT.signed_on,
                    sealed=template.get("from") != "author",
                )
            )
    return found


SHIPPED = shipped()
PAPERS: dict[str, PaperContent] = {**BY_FORM, **SHIPPED}
