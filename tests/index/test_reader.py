"""From a file to a filing: encodings, the instruction of a prompt document, and the metadata beside or inside it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from index.filing import UnreadableFiling
from index.reader import read_filing, split_prompt
from tests.index.standins import filing_text

TEXT = filing_text(1).replace("Our customers", "“Our customers’ –").replace("The Company", "The Company®")
PROMPT = (
    "Prompt: Summarize the business model from the following text. Use only information from the following the text:"
)


def written(folder: Path, data: bytes | str, name: str = "concern.txt") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


# Encodings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode("utf-8"), id="utf-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="utf-8 with a mark"),
        pytest.param(TEXT.encode("utf-16"), id="utf-16"),
        pytest.param(b"\xfe\xff" + TEXT.encode("utf-16-be"), id="utf-16, big end first"),
        pytest.param(TEXT.encode("cp1252"), id="windows-1252"),
        pytest.param(TEXT.replace("\n", "\r\n").encode("utf-8"), id="line ends of windows"),
        pytest.param(TEXT.replace("\n", "\r").encode("cp1252"), id="line ends of old macs"),
    ],
)
def test_every_encoding_gives_the_same_text(tmp_path: Path, data: bytes) -> None:
    expected = read_filing(written(tmp_path, TEXT, "expected.txt"))
    filing = read_filing(written(tmp_path, data))
    assert "“Our customers’ –" in filing.text
    assert "®" in filing.text
    assert filing.text == expected.text
    assert filing.sha256 == hashlib.sha256(data).hexdigest()


def test_one_damaged_letter_does_not_turn_every_quotation_mark_into_three(tmp_path: Path) -> None:
    data = TEXT.encode()
    filing = read_filing(written(tmp_path, data + "The last word is cut: “".encode()[:-1]))
    assert "â€" not in filing.text
    assert "“Our customers’ –" in filing.text
    assert [note for note in filing.notes if "damaged" in note]


def test_windows_letters_are_not_taken_for_damaged_ones(tmp_path: Path) -> None:
    filing = read_filing(
        written(tmp_path, "Société Générale’s café – €5 “naïve”\n".encode("cp1252") + TEXT.encode("cp1252"))
    )
    assert filing.text.startswith("Société Générale’s café – €5 “naïve”")
    assert not [note for note in filing.notes if "damaged" in note]


# The prompt -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", ["\n\n", "\r\n\r\n", "\n \n", "\n\t \n"], ids=repr)
def test_the_instruction_of_a_prompt_document_is_cut_off(tmp_path: Path, blank: str) -> None:
    filing = read_filing(written(tmp_path, f"{PROMPT}{blank}{TEXT}"))
    assert filing.text == read_filing(written(tmp_path, TEXT, "expected.txt")).text
    assert "Prompt" not in filing.text
    assert [note for note in filing.notes if "instruction" in note]


def test_a_filing_without_an_instruction_keeps_its_first_paragraph(tmp_path: Path) -> None:
    text = read_filing(written(tmp_path, f"Smith Micro sells software to customers.\n\n{TEXT}")).text
    assert text.startswith("Smith Micro sells software to customers.")


@pytest.mark.parametrize(
    "raw",
    [
        "Prompt: Summarize.",  # nothing follows
        "Summarize Item 1.\nItem 1. Business\n\nWe sell.",  # what stands before the blank line is filing already
        "Products\n\nWe sell.",
        "",
    ],
)
def test_what_is_no_instruction_is_left_where_it_is(raw: str) -> None:
    assert split_prompt(raw) == ("", raw)


@pytest.mark.parametrize("seed", sorted(Path("seeds").glob("*.txt")), ids=lambda path: path.stem)
def test_a_seed_begins_with_its_item(seed: Path) -> None:
    filing = read_filing(seed)
    assert filing.text.startswith("Item 1. BUSINESS\n")
    assert (filing.id, filing.company, filing.ticker, filing.form) == (
        seed.stem,
        "Smith Micro Software, Inc.",
        "SMSI",
        "10-K",
    )
    assert filing.period_end == f"{filing.fiscal_year}-12-31"
    assert seed.stem.endswith(str(filing.fiscal_year))
    assert filing.source == seed.name


# Metadata -------------------------------------------------------------------------------------------------------------


def test_what_is_declared_beside_the_file_counts(tmp_path: Path) -> None:
    sidecar = '["concern.txt"]\nid = "my-id"\ncompany = "Concern"\nfiscal_year = 1999\nperiod_end = 1999-12-31\n'
    written(tmp_path, sidecar, "filings.toml")
    filing = read_filing(written(tmp_path, TEXT))
    assert (filing.id, filing.company, filing.fiscal_year, filing.period_end) == (
        "my-id",
        "Concern",
        1999,
        "1999-12-31",
    )


def test_a_sidecar_written_by_notepad_is_read(tmp_path: Path) -> None:
    written(tmp_path, b'\xef\xbb\xbf["concern.txt"]\r\nid = "my-id"\r\n', "filings.toml")
    assert read_filing(written(tmp_path, TEXT)).id == "my-id"


def test_what_is_not_declared_is_read_from_the_filing(tmp_path: Path) -> None:
    cover = (
        "UNITED STATES\nSECURITIES AND EXCHANGE COMMISSION\nFORM 10-K\nFor the fiscal year ended June 30, 2021\n\n"
        "ACME WIDGETS, INC.\n(Exact name of registrant as specified in its charter)\n\n"
    )
    filing = read_filing(written(tmp_path, cover + TEXT))
    assert (filing.company, filing.form, filing.fiscal_year) == ("ACME WIDGETS, INC.", "10-K", 2021)
    assert filing.period_end == "2021-06-30"
    assert filing.id == "acme-widgets-inc-10-k-fy2021"
    assert filing.notes


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("FORM 10-Q\nWe refer to our Form 10-K, our Form 10-K and our Form 10-K.\n", "10-Q"),
        ("This Annual Report on Form 10-K405 tells of our business. We file reports on Form 8-K.\n", "10-K405"),
        ("We file nothing.\n", ""),
    ],
)
def test_the_form_is_the_one_that_it_says_it_is(tmp_path: Path, text: str, form: str) -> None:
    assert read_filing(written(tmp_path, text + TEXT)).form == form


def test_a_text_that_names_nobody_goes_by_its_file(tmp_path: Path) -> None:
    filing = read_filing(written(tmp_path, "We sell.\n" + TEXT, "my_report.txt"))
    assert filing.company == "my report"
    assert not filing.names_its_company


def test_a_file_that_the_sidecar_does_not_name_is_read_for_itself(tmp_path: Path) -> None:
    written(tmp_path, '["other.txt"]\nid = "other"\n', "filings.toml")
    assert read_filing(written(tmp_path, TEXT)).id == "concern-fy2024"


@pytest.mark.parametrize(
    "sidecar",
    [
        "not toml at all",
        '["concern.txt"]\nid = ',
        '["concern.txt"]\nfiscal_year = "FY2020"\n',
        '["concern.txt"]\nfiscal_year = [1]\n',
        '["concern.txt"]\nperiod_end = "Dec 31, 2021"\n',
        '["concern.txt"]\nfiled_on = "soon"\n',
        '["concern.txt"]\nid = "../../etc/passwd"\n',
        '["concern.txt"]\nid = "a b"\n',
        '["concern.txt"]\nid = "' + "a" * 200 + '"\n',
        '"concern.txt" = 3\n',
        b"\xff\xfe\x00",
        b'["concern.txt"]\nid = "\xff"',
        "[" * 10_000,
    ],
    ids=lambda sidecar: repr(sidecar)[:40],
)
def test_a_malformed_sidecar_is_refused_in_one_sentence(tmp_path: Path, sidecar: str | bytes) -> None:
    written(tmp_path, sidecar, "filings.toml")
    with pytest.raises(UnreadableFiling) as refusal:
        read_filing(written(tmp_path, TEXT))
    message = str(refusal.value)
    assert message.startswith("concern.txt: ")
    assert "filings.toml" in message
    assert "\n" not in message
    assert any(word in message for word in ("mend", "change"))


def test_a_folder_that_is_called_like_a_sidecar_is_none(tmp_path: Path) -> None:
    (tmp_path / "filings.toml").mkdir()
    assert read_filing(written(tmp_path, TEXT)).id


def test_reading_is_a_function_of_the_bytes_and_the_name(tmp_path: Path) -> None:
    assert read_filing(written(tmp_path, TEXT)) == read_filing(written(tmp_path, TEXT))
