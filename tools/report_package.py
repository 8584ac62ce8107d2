"""A report's Word package: styles, settings, fonts, theme, properties, and the .docx that holds them."""

from __future__ import annotations

import zipfile
from io import BytesIO

from reportctl.core.language import current_language
from reportctl.word.table_looks import DENSE, PARAGRAPHS, TABLE
from tools.report_styles import Face, ReportStyle
from tools.report_words import in_its_language

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_FONT = "Times New Roman"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PACKAGE_TYPE = "application/vnd.openxmlformats-package."
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CENTRED = '<w:jc w:val="center"/>'
_HELD = "<w:keepNext/>"
# Styles that Word itself has, by its own names for them.
_WORDS_OWN = {"BodyText", "Heading1", "Heading2", "Heading3", "Caption", "Header"}
_LOCALES = {"vi": "vi-VN", "en": "en-GB"}


def twips(millimetres: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(millimetres * 1440 / 25.4)


def _running(style: ReportStyle) -> str:
    """The properties of a paragraph of running text."""
    text = style.running_text
    line = round(text.line * (20 if text.line_rule == "exact" else 240))
    space = f'w:before="{text.before * 20}" w:after="0" w:line="{line}" w:lineRule="{text.line_rule}"'
    return f'<w:spacing {space}/><w:ind w:firstLine="{twips(text.first_line)}"/><w:jc w:val="both"/>'


def _paragraph_styles(style: ReportStyle) -> list[tuple[str, str, str, Face]]:
    """Each style's id, the name Word shows, paragraph properties, letters."""
    running = _running(style)
    number = f'<w:spacing w:before="{style.above_number * 20}"/>{_CENTRED}'
    caption = f'{_HELD}<w:spacing w:before="120" w:after="60"/>{_CENTRED}'
    annexed = f'{_HELD}<w:spacing w:after="120"/>{_CENTRED}'
    return [
        ("BodyText", "Body Text", running, style.text),
        ("Heading1", "heading 1", f'{_HELD}{running}<w:outlineLvl w:val="0"/>', style.heading),
        ("Heading2", "heading 2", f'{_HELD}{running}<w:outlineLvl w:val="1"/>', style.heading),
        ("Heading3", "heading 3", f'{_HELD}{running}<w:outlineLvl w:val="2"/>', style.text),
        ("Caption", "caption", caption, style.caption),
        ("Header", "header", _CENTRED, style.page_number),
        ("Superior", "Cơ quan cấp trên", _CENTRED, style.superior),
        ("Issuer", "Cơ quan ban hành", _CENTRED, style.issuer),
        *((banner.code, banner.name, _CENTRED, banner.face) for banner in style.banners),
        ("Number", "Số ký hiệu", number, style.number),
        ("Date", "Địa danh, ngày tháng", number, style.date),
        ("DocumentType", "Tên loại văn bản", f'<w:spacing w:before="240"/>{_CENTRED}', style.document_type),
        ("Subject", "Trích yếu", _CENTRED, style.subject),
        ("Separator", "Dòng ngăn cách", f"{_HELD}{_CENTRED}", style.text),
        ("End", "Lời kết", f"{_HELD}<w:keepLines/>{running}", style.text),
        ("RecipientsLabel", "Nơi nhận", _HELD, style.recipients_label),
        ("Recipients", "Danh sách nơi nhận", "", style.recipients),
        ("SigningFor", "Thể thức đề ký", f"{_HELD}{_CENTRED}", style.authority),
        ("Post", "Chức vụ", f"{_HELD}{_CENTRED}", style.post),
        ("Signatory", "Người ký", f'<w:spacing w:before="1500"/>{_CENTRED}', style.signatory),
        ("Annex", "Phụ lục", f'{_HELD}{_CENTRED}<w:outlineLvl w:val="0"/>', style.annex),
        ("AnnexReference", "Kèm theo", annexed, style.annex_reference),
        *(
            (f"Table{code}{small}", PARAGRAPHS[kind] + end, f"{space}{side}", Face(size, marks))
            for small, end, size, space in (
                ("", "", 11, '<w:spacing w:before="20" w:after="20"/>'),
                ("Small", DENSE, 9, '<w:spacing w:before="4" w:after="4"/>'),
            )
            for code, kind, side, marks in (
                ("Head", "head", _CENTRED, "b"),
                ("Words", "left", "", ""),
                ("Figures", "right", '<w:jc w:val="right"/>', ""),
                ("Signs", "center", _CENTRED, ""),
            )
        ),
        ("TableNote", PARAGRAPHS["note"], '<w:spacing w:before="40"/><w:jc w:val="both"/>', Face(11, "i")),
        ("UnitTexts", "Lời của đơn vị", '<w:spacing w:after="20"/><w:jc w:val="both"/>', Face(10)),
    ]


def styles(style: ReportStyle) -> str:
    """Times New Roman, black, in the document's language; then every style of the report."""
    language = _LOCALES[current_language()]
    fonts = "".join(f' w:{slot}="{_FONT}"' for slot in ("ascii", "hAnsi", "eastAsia", "cs"))
    said = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts{fonts}/><w:color w:val="000000"/>{_face(style.text)}'
        f'<w:lang w:val="{language}" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:widowControl/><w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
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
    for code, name, properties, face in _paragraph_styles(style):
        if code not in _WORDS_OWN and not code.startswith("Table"):  # by whose names a table finds them
            name = in_its_language(name)
        said += f'<w:style w:type="paragraph" w:styleId="{code}"><w:name w:val="{name}"/>'
        follows = '<w:next w:val="BodyText"/>' if code.startswith("Heading") else ""
        said += f'<w:basedOn w:val="Normal"/>{follows}<w:qFormat/><w:pPr>{properties}</w:pPr>'
        said += f"<w:rPr>{_face(face)}</w:rPr></w:style>"
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    said += f'<w:style w:type="table" w:customStyle="1" w:styleId="ReportTable"><w:name w:val="{TABLE}"/>'
    said += (
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{edges}</w:tblBorders></w:tblPr></w:style>'
    )
    return f"<w:styles {WORD}>{said}</w:styles>"


def _face(face: Face) -> str:
    names = {"b": "<w:b/><w:bCs/>", "i": "<w:i/><w:iCs/>", "c": "<w:caps/>"}
    said = "".join(names[mark] for mark in face.marks if mark in names)
    said += f'<w:sz w:val="{face.size * 2}"/><w:szCs w:val="{face.size * 2}"/>'
    return said + ('<w:u w:val="single"/>' if "u" in face.marks else "")


def settings() -> str:
    """Word 2013's layout; the document's language; a line broken by hand is not stretched."""
    signs = {"vi": (",", ";"), "en": (".", ",")}
    decimal, between = signs[current_language()]
    mode = 'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"'
    return (
        f'<w:settings {WORD}><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:doNotExpandShiftReturn/>'
        f'<w:compatSetting {mode}/></w:compat><w:themeFontLang w:val="{_LOCALES[current_language()]}"/>'
        f'<w:decimalSymbol w:val="{decimal}"/><w:listSeparator w:val="{between}"/></w:settings>'
    )


def fonts() -> str:
    """The one font."""
    said = '<w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/>'
    return f'<w:fonts {WORD}><w:font w:name="{_FONT}">{said}</w:font></w:fonts>'


def theme() -> str:
    """Black, white and grey, and the one font, for what people draw in the document."""
    shades = {"dk1": "000000", "lt1": "FFFFFF", "dk2": "404040", "lt2": "E7E6E6"}
    accents = ("404040", "BFBFBF", "808080", "262626", "A6A6A6", "595959")
    shades |= {f"accent{number}": shade for number, shade in enumerate(accents, 1)}
    shades |= {"hlink": "000000", "folHlink": "000000"}
    colours = "".join(f'<a:{name}><a:srgbClr val="{shade}"/></a:{name}>' for name, shade in shades.items())
    font = f'<a:latin typeface="{_FONT}"/><a:ea typeface="{_FONT}"/><a:cs typeface="{_FONT}"/>'
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


def core(title: str) -> str:
    """Document properties; a filling writes its own dates."""
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:{name}>'
        for name in ("created", "modified")
    )
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>'
        f"{title}</dc:title>"
        "<dc:subject>{{period}}</dc:subject><dc:creator>{{issuer.name}}</dc:creator>"
        f"<dc:language>{_LOCALES[current_language()]}</dc:language>{dates}</cp:coreProperties>"
    )


def package(document: str, headers: dict[str, str], style: ReportStyle, title: str = "{{title}}") -> bytes:
    """The .docx of a document and its headers ("default", "first"), with the `title` in its properties; the
    same bytes every time."""
    theme_type = "application/vnd.openxmlformats-officedocument.theme+xml"
    core_type = f"{_PACKAGE_TYPE}core-properties+xml"
    parts = (  # name, content type, the document's relation to it (id, type), text
        ("word/document.xml", f"{_WORD_TYPE}document.main+xml", None, document),
        ("word/styles.xml", f"{_WORD_TYPE}styles+xml", ("styles", "styles"), styles(style)),
        ("word/settings.xml", f"{_WORD_TYPE}settings+xml", ("settings", "settings"), settings()),
        ("word/fontTable.xml", f"{_WORD_TYPE}fontTable+xml", ("fonts", "fontTable"), fonts()),
        ("word/theme/theme1.xml", theme_type, ("theme", "theme"), theme()),
        *(
            (f"word/header{number}.xml", f"{_WORD_TYPE}header+xml", (kind, "header"), text)
            for number, (kind, text) in enumerate(headers.items(), 1)
        ),
        ("docProps/core.xml", core_type, None, core(title)),
    )
    types = f'<Default Extension="rels" ContentType="{_PACKAGE_TYPE}relationships+xml"/>'
    types += '<Default Extension="xml" ContentType="application/xml"/>'
    types += "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind, _, _ in parts)
    inner = [
        (relation[0], f"{OFFICE}/{relation[1]}", name.removeprefix("word/"))
        for name, _, relation, _ in parts
        if relation
    ]
    outer = [
        ("document", f"{OFFICE}/officeDocument", "word/document.xml"),
        ("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ]
    return _zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{types}</Types>',
            "_rels/.rels": _relations(outer),
            "word/_rels/document.xml.rels": _relations(inner),
            **{name: text for name, _, _, text in parts},
        }
    )


def _relations(relations: list[tuple[str, str, str]]) -> str:
    said = "".join(
        f'<Relationship Id="{code}" Type="{kind}" Target="{target}"/>' for code, kind, target in relations
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{said}</Relationships>'


def _zipped(files: dict[str, str]) -> bytes:
    """The files in the order given, undated."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(entry, _HEAD + text)
    return buffer.getvalue()
