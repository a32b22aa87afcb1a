"""Chapters as a Word document with real footnotes: the few parts of Office Open XML that one needs, written by hand.

The same chapters make the same bytes: no part holds a time. Words go in as text, with what XML cannot hold left out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from html import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ui.exports import Chapter, Note

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WORDS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PARTS = ("styles", "settings", "footnotes")
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{TYPE}.document.main+xml"/>'
    + "".join(f'<Override PartName="/word/{part}.xml" ContentType="{TYPE}.{part}+xml"/>' for part in PARTS)
    + "</Types>"
)
ROOT = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
OF_DOCUMENT = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{part}" Target="{part}.xml"/>'
        for number, part in enumerate(PARTS, start=1)
    )
    + "</Relationships>"
)
# Footnotes -1 and 0 are the lines that Word draws between the text and its footnotes.
SETTINGS = (
    f'<w:settings {WORDS}><w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr></w:settings>'
)
SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)
STYLES = (
    f"<w:styles {WORDS}>"
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Georgia" w:hAnsi="Georgia" w:cs="Georgia"/>'
    '<w:sz w:val="22"/><w:lang w:val="en-US"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="160" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
    "</w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>'
    '<w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="0"/></w:pPr>'
    '<w:rPr><w:b/><w:sz w:val="30"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Remark"><w:name w:val="Remark"/><w:basedOn w:val="Normal"/>'
    '<w:rPr><w:i/><w:color w:val="595959"/><w:sz w:val="20"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="FootnoteText"><w:name w:val="footnote text"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:spacing w:after="60" w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="18"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>'
    '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    "</w:styles>"
)
RAISED = '<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'


def as_word(chapters: Sequence[Chapter]) -> bytes:
    """One document; Word counts its footnotes through all chapters."""
    body: list[str] = []
    notes: list[str] = []
    for chapter in chapters:
        body.extend(_chapter(chapter, notes))
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT,
        "word/_rels/document.xml.rels": OF_DOCUMENT,
        "word/document.xml": f"<w:document {WORDS}><w:body>{''.join(body)}<w:sectPr/></w:body></w:document>",
        "word/footnotes.xml": f"<w:footnotes {WORDS}>{SEPARATORS}{''.join(notes)}</w:footnotes>",
        "word/settings.xml": SETTINGS,
        "word/styles.xml": STYLES,
    }
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, HEAD + part)
    return content.getvalue()


def _chapter(chapter: Chapter, notes: list[str]) -> Iterator[str]:
    """Its paragraphs; its footnotes are added to those that there are."""
    by_number = {note.number: note for note in chapter.notes}
    ids: dict[int, int] = {}  # of those that were referred to
    yield _paragraph(_run(chapter.title), "Heading1")
    for paragraph in chapter.paragraphs:
        runs = [_run(f"{paragraph.label}. ", "<w:rPr><w:b/></w:rPr>")] if paragraph.label else []
        for place, (text, numbers) in enumerate(paragraph.sentences):
            runs.append(_run(f" {text}" if place else text))
            for mark, number in enumerate(numbers):
                if mark:
                    runs.append(_run(", ", RAISED))
                if number in ids:
                    runs.append(_same_again(ids[number]))
                else:
                    ids[number] = len(notes) + 1
                    notes.append(_note(ids[number], by_number[number]))
                    runs.append(_reference(ids[number]))
        yield _paragraph("".join(runs))
    for remark in chapter.remarks:
        yield _paragraph(_run(remark), "Remark")


def _reference(note: int) -> str:
    """Where a footnote is referred to for the first time."""
    return (
        f'<w:bookmarkStart w:id="{note}" w:name="_Note{note}"/>'
        f'<w:r>{RAISED}<w:footnoteReference w:id="{note}"/></w:r><w:bookmarkEnd w:id="{note}"/>'
    )


def _same_again(note: int) -> str:
    """The number once more: Word takes a footnote for another one wherever it is referred to."""
    return f'<w:fldSimple w:instr=" NOTEREF _Note{note} \\f \\h ">{_run(str(note), RAISED)}</w:fldSimple>'


def _note(number: int, note: Note) -> str:
    words = _run(f" “{note.quote}” ") + _run(note.place, "<w:rPr><w:i/></w:rPr>")
    mark = f"<w:r>{RAISED}<w:footnoteRef/></w:r>"
    return f'<w:footnote w:id="{number}">{_paragraph(mark + words, "FootnoteText")}</w:footnote>'


def _paragraph(runs: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{runs}</w:p>"


def _run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(NOT_IN_XML.sub("", text))}</w:t></w:r>'
