"""Make templates/report-party.docx: the stock report in the Party's document style, an ordinary Word file.

Page, fonts, header block, headings, signature and annexes are those of guidance 05-HD/VPTW. What a report
fills in stands in content controls, with a sentence in brackets for what will come there; all the rest is the
office's to edit in Word. Looks are paragraph styles throughout: LibreOffice takes the formatting of its own
away from a control's text. Run without arguments; the same bytes come out every time.
"""

from __future__ import annotations

import itertools
import zipfile
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

TARGET = Path(__file__).parent.parent / "templates" / "report-party.docx"

FONT = "Times New Roman"
NBSP = "\u00a0"
BLANK = NBSP * 6  # room for the clerk's pen
PAGE_SHORT, PAGE_LONG = 11906, 16838  # A4 in twentieths of a point, as all lengths here
TOP, BOTTOM, LEFT, RIGHT, HEADER = 1134, 1134, 1701, 850, 567  # 20, 20, 30, 15, 10 mm
TEXT_WIDTH = PAGE_SHORT - LEFT - RIGHT

SECTIONS = {
    "direction": "công tác lãnh đạo, chỉ đạo",
    "training": "tập huấn, bồi dưỡng",
    "press": "báo chí",
    "grassroots": "thông tin cơ sở",
    "community": "trang, nhóm cộng đồng",
    "corrections": "thông tin đính chính",
    "contest": "cuộc thi",
    "budget": "kinh phí",
}

_RUNNING = (
    '<w:spacing w:before="120" w:after="0" w:line="360" w:lineRule="exact"/>'
    '<w:ind w:firstLine="567"/><w:jc w:val="both"/>'
)
_CENTRED = '<w:jc w:val="center"/>'
_STYLES = {  # id: name, paragraph properties, size in points, marks: b(old) i(talic) c(apitals) u(nderlined)
    "BodyText": ("Body Text", _RUNNING, 14, ""),
    "Heading1": ("heading 1", f'<w:keepNext/>{_RUNNING}<w:outlineLvl w:val="0"/>', 14, "b"),
    "Heading2": ("heading 2", f'<w:keepNext/>{_RUNNING}<w:outlineLvl w:val="1"/>', 14, "b"),
    "Caption": ("caption", f'<w:keepNext/><w:spacing w:before="120" w:after="60"/>{_CENTRED}', 13, "b"),
    "Header": ("header", _CENTRED, 14, ""),
    "Superior": ("Cơ quan cấp trên", _CENTRED, 14, "c"),
    "Issuer": ("Cơ quan ban hành", _CENTRED, 14, "bc"),
    "Party": ("Tiêu đề Đảng", _CENTRED, 15, "b"),
    "Number": ("Số ký hiệu", _CENTRED, 14, ""),
    "Date": ("Địa danh, ngày tháng", _CENTRED, 14, "i"),
    "DocumentType": ("Tên loại văn bản", f'<w:spacing w:before="240"/>{_CENTRED}', 16, "b"),
    "Subject": ("Trích yếu", _CENTRED, 14, "b"),
    "RecipientsLabel": ("Nơi nhận", "<w:keepNext/>", 14, "u"),
    "Recipients": ("Danh sách nơi nhận", "", 12, ""),
    "SigningFor": ("Thể thức đề ký", f"<w:keepNext/>{_CENTRED}", 14, "bc"),
    "Post": ("Chức vụ", f"<w:keepNext/>{_CENTRED}", 14, "c"),
    "Signatory": ("Người ký", f'<w:spacing w:before="1500"/>{_CENTRED}', 14, "b"),
    "Annex": ("Phụ lục", f"<w:keepNext/>{_CENTRED}", 14, "b"),
    "AnnexReference": ("Kèm theo", f'<w:keepNext/><w:spacing w:after="120"/>{_CENTRED}', 14, "i"),
}
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PACKAGE_TYPE = "application/vnd.openxmlformats-package."
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def run(text: str) -> str:
    """A run of text."""
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(style: str, *runs: str) -> str:
    """A paragraph in one of the styles."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{"".join(runs)}</w:p>'


def rule(indent: int) -> str:
    """A drawn line across its cell, `indent` in from both edges."""
    return (
        '<w:p><w:pPr><w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
        f'<w:spacing w:line="40" w:lineRule="exact"/><w:ind w:left="{indent}" w:right="{indent}"/>'
        "</w:pPr></w:p>"
    )


class Controls:
    """Content controls, each with a number of its own."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def inline(self, tag: str, placeholder: str) -> str:
        """A plain-text control within a line."""
        return self._control(tag, run(f"[{placeholder}]"), "<w:text/>")

    def block(self, tag: str, placeholder: str, style: str = "BodyText") -> str:
        """A control for paragraphs, a table or a chart."""
        return self._control(tag, paragraph(style, run(f"[{placeholder}]")))

    def _control(self, tag: str, content: str, kind: str = "") -> str:
        names = f'<w:alias w:val="{tag}"/><w:tag w:val="{tag}"/><w:id w:val="{next(self._numbers)}"/>'
        return f"<w:sdt><w:sdtPr>{names}{kind}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def columns(left: int, *rows: tuple[str, str]) -> str:
    """A borderless table of two columns, the first `left` wide."""
    widths = (left, TEXT_WIDTH - left)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = ""
    for row in rows:
        cells = (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>'
            for width, content in zip(widths, row, strict=True)
        )
        lines += f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"
    margins = '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"
    )


def letterhead(controls: Controls) -> str:
    """Issuer, the Party's name with its rule, number, place and date."""
    left = paragraph("Superior", controls.inline("issuer.superior", "Cơ quan cấp trên"))
    left += paragraph("Issuer", controls.inline("issuer.name", "Cơ quan ban hành"))
    left += paragraph("Number", run("*"))
    right = paragraph("Party", run("ĐẢNG CỘNG SẢN VIỆT NAM")) + rule(370)
    number = paragraph("Number", run(f"Số{BLANK}"), controls.inline("issuer.number_suffix", "-BC/CƠ QUAN"))
    day = run(f", ngày{BLANK}tháng{BLANK}năm{NBSP}")
    date = paragraph(
        "Date", controls.inline("issuer.place", "Địa danh"), day, controls.inline("period.year", "năm")
    )
    return columns(4365, (left, right), (number, date))


def title(controls: Controls) -> str:
    """The type of document, its subject, and the dashes below."""
    subject = paragraph("Subject", controls.inline("title", "Trích yếu nội dung báo cáo"))
    return paragraph("DocumentType", run("BÁO CÁO")) + subject + paragraph("Number", run("-----"))


def results(controls: Controls) -> str:
    """Part I: where the annexes are, a chapter for each section of the form, the results worth naming."""
    annexes = (
        "Số liệu tổng hợp toàn tỉnh tại Phụ lục I; số liệu theo đơn vị tại Phụ lục II; danh sách hội nghị,"
        " lớp tập huấn tại Phụ lục III; tình hình gửi báo cáo của các đơn vị tại Phụ lục IV."
    )
    said = paragraph("Heading1", run("I- TÌNH HÌNH VÀ KẾT QUẢ THỰC HIỆN"))
    said += paragraph("BodyText", run(annexes))
    for number, (code, subject) in enumerate(SECTIONS.items(), 1):
        name = controls.inline(f"section:{code}", f"Tên mục: {subject}")
        said += paragraph("Heading2", run(f"{number}. "), name)
        said += controls.block(f"sentences:{code}", f"Các câu nêu kết quả {subject}, so sánh với kỳ trước")
        if code == "press":
            said += controls.block("chart:press", "Biểu đồ tin, bài theo loại hình báo chí", "Caption")
        said += controls.block(f"table:{code}", f"Bảng số liệu {subject}", "Caption")
    said += paragraph("Heading2", run(f"{len(SECTIONS) + 1}. Một số kết quả nổi bật"))
    return said + controls.block("text:results", "Kết quả nổi bật do các đơn vị nêu")


def assessment_and_tasks(controls: Controls) -> str:
    """Parts II to IV."""
    period = controls.inline("next_period", "KỲ TỚI")
    return "".join(
        (
            paragraph("Heading1", run("II- ĐÁNH GIÁ CHUNG")),
            paragraph("Heading2", run("1. Ưu điểm")),
            controls.block("text:strengths", "Ưu điểm"),
            paragraph("Heading2", run("2. Hạn chế, khó khăn và nguyên nhân")),
            controls.block("text:limits", "Hạn chế, khó khăn"),
            paragraph("BodyText", run("Nguyên nhân:")),
            controls.block("text:causes", "Nguyên nhân của hạn chế, khó khăn"),
            paragraph("Heading1", run("III- NHIỆM VỤ TRỌNG TÂM "), period),
            controls.block("text:tasks", "Nhiệm vụ trọng tâm kỳ tới"),
            paragraph("Heading1", run("IV- ĐỀ XUẤT, KIẾN NGHỊ")),
            controls.block("text:recommendations", "Đề xuất, kiến nghị"),
        )
    )


def signature(controls: Controls) -> str:
    """Recipients on the left; for whom, as what and who signs on the right."""
    left = paragraph("RecipientsLabel", run("Nơi nhận:"))
    left += controls.block("issuer.recipients", "Danh sách nơi nhận", "Recipients")
    right = paragraph("SigningFor", controls.inline("issuer.signing_for", "T/M CƠ QUAN"))
    right += paragraph("Post", controls.inline("issuer.post", "Chức vụ"))
    right += paragraph("Signatory", controls.inline("issuer.signatory", "Họ và tên"))
    return paragraph("Number") + columns(4677, (left, right))


def annexes(controls: Controls) -> str:
    """The four annexes, each a landscape section whose pages are numbered from 1."""
    by_unit = {f"table:units:{code}": f"Số liệu {said} theo đơn vị" for code, said in SECTIONS.items()}
    events = {"table:list:conferences": "Danh sách hội nghị", "table:list:classes": "Danh sách lớp tập huấn"}
    parts = {
        "TỔNG HỢP SỐ LIỆU TOÀN TỈNH": {"table:province": "Bảng tổng hợp số liệu toàn tỉnh"},
        "SỐ LIỆU THEO ĐƠN VỊ": by_unit,
        "DANH SÁCH HỘI NGHỊ, LỚP TẬP HUẤN": events,
        "TÌNH HÌNH GỬI BÁO CÁO CỦA CÁC ĐƠN VỊ": {"table:reporting": "Đơn vị đã báo cáo và thời gian gửi"},
    }
    said = ""
    for numeral, (name, tables) in zip(("I", "II", "III", "IV"), parts.items(), strict=True):
        said += section_end(annex=numeral != "I")
        said += paragraph("Annex", run(f"Phụ lục {numeral}")) + paragraph("Annex", run(name))
        said += paragraph(
            "AnnexReference",
            run(f"(Kèm theo Báo cáo số{BLANK}"),
            controls.inline("issuer.number_suffix", "-BC/CƠ QUAN"),
            run(f" ngày{BLANK}tháng{BLANK}năm{NBSP}"),
            controls.inline("period.year", "năm"),
            run(" của "),
            controls.inline("issuer.name", "Cơ quan ban hành"),
            run(")"),
        )
        said += "".join(controls.block(tag, text, "Caption") for tag, text in tables.items())
    return said


def section(annex: bool) -> str:
    """A section's page set-up: the report's, which names the headers, or an annex's."""
    wide, high = (PAGE_LONG, PAGE_SHORT) if annex else (PAGE_SHORT, PAGE_LONG)
    headers = "".join(
        f'<w:headerReference w:type="{kind}" r:id="{kind}"/>' for kind in ("default", "first") if not annex
    )
    turned = ' w:orient="landscape"' if annex else ""
    start = '<w:pgNumType w:start="1"/>' if annex else ""
    return (
        f'<w:sectPr>{headers}<w:type w:val="nextPage"/><w:pgSz w:w="{wide}" w:h="{high}"{turned}/>'
        f'<w:pgMar w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}" w:header="{HEADER}"'
        f' w:footer="{HEADER}" w:gutter="0"/>{start}<w:titlePg/></w:sectPr>'
    )


def section_end(annex: bool) -> str:
    """The paragraph that ends a section, too small to start a page of its own."""
    small = '<w:spacing w:line="20" w:lineRule="exact"/><w:rPr><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr>'
    return f"<w:p><w:pPr>{small}{section(annex)}</w:pPr></w:p>"


def document() -> str:
    """The body of the report."""
    controls = Controls()
    body = letterhead(controls) + title(controls)
    body += controls.block("lead", "Đoạn mở đầu: căn cứ, số đơn vị đã báo cáo")
    body += results(controls) + assessment_and_tasks(controls) + signature(controls) + annexes(controls)
    return f'<w:document {_W} xmlns:r="{_OFFICE}"><w:body>{body}{section(annex=True)}</w:body></w:document>'


def header(numbered: bool) -> str:
    """The page number, centred in the top margin; nothing on a first page."""
    pieces = (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>2</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    field = "".join(f"<w:r>{piece}</w:r>" for piece in pieces if numbered)
    return f"<w:hdr {_W}>{paragraph('Header', field)}</w:hdr>"


def styles() -> str:
    """Times New Roman 14, black, in Vietnamese; then every style of the report."""
    fonts = "".join(f' w:{slot}="{FONT}"' for slot in ("ascii", "hAnsi", "eastAsia", "cs"))
    said = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts{fonts}/><w:color w:val="000000"/><w:sz w:val="28"/>'
        '<w:szCs w:val="28"/><w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        "</w:docDefaults>"
    )
    margins = '<w:left w:w="108" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>'
    table = f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
    for kind, code, name, look in (
        ("paragraph", "Normal", "Normal", ""),
        ("character", "DefaultParagraphFont", "Default Paragraph Font", ""),
        ("table", "TableNormal", "Normal Table", table),
        ("numbering", "NoList", "No List", ""),
    ):
        start = f'<w:style w:type="{kind}" w:default="1" w:styleId="{code}">'
        said += f'{start}<w:name w:val="{name}"/>{look}</w:style>'
    for code, (name, properties, size, marks) in _STYLES.items():
        said += f'<w:style w:type="paragraph" w:styleId="{code}"><w:name w:val="{name}"/>'
        said += f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{properties}</w:pPr>'
        said += f"<w:rPr>{_look(size, marks)}</w:rPr></w:style>"
    return f"<w:styles {_W}>{said}</w:styles>"


def _look(size: int, marks: str) -> str:
    names = {"b": "<w:b/><w:bCs/>", "i": "<w:i/><w:iCs/>", "c": "<w:caps/>"}
    said = "".join(names[mark] for mark in marks if mark in names)
    said += f'<w:sz w:val="{size * 2}"/><w:szCs w:val="{size * 2}"/>'
    return said + ('<w:u w:val="single"/>' if "u" in marks else "")


def settings() -> str:
    """Word 2013's layout; Vietnamese; a line broken by hand is not stretched."""
    mode = 'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"'
    return (
        f'<w:settings {_W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:doNotExpandShiftReturn/>'
        f'<w:compatSetting {mode}/></w:compat><w:themeFontLang w:val="vi-VN"/>'
        '<w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
    )


def fonts() -> str:
    """The one font."""
    said = '<w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/>'
    return f'<w:fonts {_W}><w:font w:name="{FONT}">{said}</w:font></w:fonts>'


def theme() -> str:
    """Black, white and grey, and the one font, for what people draw in the document."""
    shades = {"dk1": "000000", "lt1": "FFFFFF", "dk2": "404040", "lt2": "E7E6E6"}
    accents = ("404040", "BFBFBF", "808080", "262626", "A6A6A6", "595959")
    shades |= {f"accent{number}": shade for number, shade in enumerate(accents, 1)}
    shades |= {"hlink": "000000", "folHlink": "000000"}
    colours = "".join(f'<a:{name}><a:srgbClr val="{shade}"/></a:{name}>' for name, shade in shades.items())
    font = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{fill}</a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Report">'
        f'<a:themeElements><a:clrScheme name="Report">{colours}</a:clrScheme><a:fontScheme name="Report">'
        f"<a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Report"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def core() -> str:
    """Document properties; a filling writes its own dates."""
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:{name}>'
        for name in ("created", "modified")
    )
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>Báo cáo</dc:title>'
        f"<dc:language>vi-VN</dc:language>{dates}</cp:coreProperties>"
    )


def build() -> bytes:
    """The template as a .docx package, its entries in fixed order and without dates."""
    theme_type = "application/vnd.openxmlformats-officedocument.theme+xml"
    core_type = f"{_PACKAGE_TYPE}core-properties+xml"
    parts = (  # name, content type, the document's relation to it (id, type), text
        ("word/document.xml", f"{_WORD_TYPE}document.main+xml", None, document()),
        ("word/styles.xml", f"{_WORD_TYPE}styles+xml", ("styles", "styles"), styles()),
        ("word/settings.xml", f"{_WORD_TYPE}settings+xml", ("settings", "settings"), settings()),
        ("word/fontTable.xml", f"{_WORD_TYPE}fontTable+xml", ("fonts", "fontTable"), fonts()),
        ("word/theme/theme1.xml", theme_type, ("theme", "theme"), theme()),
        ("word/header1.xml", f"{_WORD_TYPE}header+xml", ("default", "header"), header(numbered=True)),
        ("word/header2.xml", f"{_WORD_TYPE}header+xml", ("first", "header"), header(numbered=False)),
        ("docProps/core.xml", core_type, None, core()),
    )
    types = f'<Default Extension="rels" ContentType="{_PACKAGE_TYPE}relationships+xml"/>'
    types += '<Default Extension="xml" ContentType="application/xml"/>'
    types += "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind, _, _ in parts)
    inner = [
        (relation[0], f"{_OFFICE}/{relation[1]}", name.removeprefix("word/"))
        for name, _, relation, _ in parts
        if relation
    ]
    outer = [
        ("document", f"{_OFFICE}/officeDocument", "word/document.xml"),
        ("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ]
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{types}</Types>',
        "_rels/.rels": _relations(outer),
        "word/_rels/document.xml.rels": _relations(inner),
        **{name: text for name, _, _, text in parts},
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            package.writestr(entry, _HEAD + text)
    return buffer.getvalue()


def _relations(relations: list[tuple[str, str, str]]) -> str:
    said = "".join(
        f'<Relationship Id="{code}" Type="{kind}" Target="{target}"/>' for code, kind, target in relations
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{said}</Relationships>'


if __name__ == "__main__":
    TARGET.write_bytes(build())
