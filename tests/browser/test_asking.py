"""A conversation: the first visit to a footnote in the reader, follow-ups, and what can be done with an answer."""

from __future__ import annotations

from playwright.sync_api import expect

from rag.assistant import Assistant
from tests.browser.visitor import QUESTION, Visit, Visitors, until


def test_a_first_question_leads_to_the_filings_own_words(visit: Visit) -> None:
    card = visit.ask(QUESTION)
    expect(card.locator(".prose")).to_contain_text("$65.2 million")
    references = card.locator(".prose .reference")
    count = references.count()
    references.last.click()
    visit.sees_cited("$65.2 million")
    expect(card.locator(".reference.active")).to_have_count(1)
    expect(visit.reader.locator(".stepping")).to_contain_text(f"footnote {count} of {count}")
    visit.keep_picture("answer")
    visit.press("Previous footnote")
    expect(visit.reader.locator(".stepping")).to_contain_text(f"footnote {count - 1} of {count}")
    expect(card.locator(".reference.active")).to_have_text(str(count - 1))
    visit.sees_cited("underwritten follow-on public offering")
    visit.press("Next footnote")
    visit.sees_cited("$65.2 million")


def test_a_footnote_shows_its_words_under_the_pointer(visit: Visit) -> None:
    card = visit.ask(QUESTION)
    hint = card.get_by_role("tooltip")
    expect(hint).to_be_hidden()
    card.locator(".prose .reference").last.hover()
    expect(hint).to_contain_text("$65.2 million")
    expect(hint).to_contain_text("10-K FY2021 · Item 1")
    visit.page.mouse.move(5, 500)
    expect(hint).to_be_hidden()


def test_a_footnote_of_another_filing_opens_that_filing(visit: Visit) -> None:
    visit.choose("10-K FY2017")  # beside FY2021, the latest, which the reader shows
    expect(visit.reader.locator("header strong")).to_contain_text("10-K FY2021")
    visit.summarise("Products", answers=2)
    first = visit.turns.first
    expect(first.locator("h2")).to_have_text("Products, 10-K FY2017")
    quote = first.locator(".source q").first.text_content() or ""
    visit.press_footnote(first, 1)
    expect(visit.reader.locator("header strong")).to_contain_text("10-K FY2017")
    visit.sees_cited(quote.strip("“”")[:60])
    visit.press_footnote(visit.turns.last, 1)
    expect(visit.reader.locator("header strong")).to_contain_text("10-K FY2021")
    expect(visit.cited.first).to_be_in_viewport()


def test_a_summary_tells_facet_by_facet(visit: Visit) -> None:
    card = visit.summarise()
    expect(card.locator("h3").first).to_have_text("Sources of revenue")
    visit.press_footnote(card, 1)
    visit.sees_cited("one reportable operating segment")
    visit.keep_picture("summary")


def test_a_follow_up_knows_what_was_spoken_of(visit: Visit) -> None:
    visit.ask(QUESTION)
    second = visit.ask("What did it cost?", answers=2)
    expect(second.locator(".prose")).to_contain_text("$66 million")
    visit.press_footnote(second, 1)
    visit.sees_cited("$66 million")
    assert [card.locator("h2").text_content() for card in visit.turns.all()] == [QUESTION, "What did it cost?"]


def test_a_refusal_offers_to_search_all_filings(visit: Visit) -> None:
    card = visit.ask("What is the melting point of tungsten?")
    expect(card.locator(".silence")).to_contain_text("not say")
    visit.press("Search all 3 filings")
    visit.answered(2)
    expect(visit.page.locator("article .silence")).to_have_count(2)


def test_a_question_is_edited_and_asked_again(visit: Visit) -> None:
    card = visit.ask("How many people does the company employ?")
    card.get_by_role("button", name="Edit and ask again").click()
    field = card.get_by_role("textbox", name="The question")
    expect(field).to_be_focused()
    field.press("Escape")
    expect(card.locator("h2")).to_have_text("How many people does the company employ?")
    card.get_by_role("button", name="Edit and ask again").click()
    field.fill("Who are the competitors?")
    field.press("Enter")
    expect(visit.answered(2).locator("h2")).to_have_text("Who are the competitors?")


def test_an_answer_is_given_again_in_its_place(visit: Visit) -> None:
    visit.ask(QUESTION)
    visit.ask("Who are the competitors?", answers=2)
    first = visit.turns.first
    before = first.locator(".prose").text_content()
    first.get_by_role("button", name="Answer again").click()
    # It goes away while it is made anew; a fast machine may be done before the browser looks.
    visit.answered(2)
    expect(first.locator(".prose")).to_have_text(before or "")
    expect(visit.turns.last.locator("h2")).to_have_text("Who are the competitors?")


def test_a_thumb_and_its_reason_are_kept(visit: Visit, library: Assistant) -> None:
    card = visit.ask("Who are the competitors?")
    card.get_by_role("button", name="Something is wrong").click()
    reason = card.get_by_role("textbox", name="What was wrong")
    reason.fill("It leaves out <b>the largest</b> one.")
    card.get_by_role("button", name="Send").click()
    expect(reason).to_be_hidden()
    expect(card.get_by_text("Noted. Thank you.")).to_be_visible()
    expect(card.get_by_role("button", name="Something is wrong")).to_have_attribute("aria-pressed", "true")
    until(lambda: [one.reason for one in library.records.feedback()[:1]] == ["It leaves out <b>the largest</b> one."])
    assert library.records.feedback()[0].thumb == "down"


def test_what_was_wrong_is_written_where_it_can_be_seen(visit: Visit) -> None:
    """The box for questions lies over the end of a long answer, and would hide the field."""
    card = visit.summarise()
    card.get_by_role("button", name="Something is wrong").click()
    reason = card.get_by_role("textbox", name="What was wrong")
    expect(reason).to_be_focused()
    field, foot = reason.bounding_box(), visit.page.get_by_test_id("stBottomBlockContainer").bounding_box()
    assert field is not None
    assert foot is not None
    assert field["y"] + field["height"] <= foot["y"]


def test_an_answer_is_copied_with_its_footnotes(visit: Visit) -> None:
    card = visit.ask(QUESTION)
    card.get_by_role("button", name="Copy the answer").click()
    expect(card.get_by_text("Copied.")).to_be_visible()
    copied = visit.clipboard()
    assert copied.startswith(QUESTION)
    assert "[2] “The offering closed on March 15, 2021" in copied
    assert "Smith Micro Software, Inc. 10-K FY2021 · Item 1" in copied


def test_a_new_conversation_starts_from_nothing(visit: Visit) -> None:
    visit.ask(QUESTION)
    visit.press("New")
    expect(visit.page.get_by_role("heading", name="Ask what a company says about itself")).to_be_visible()
    expect(visit.turns).to_have_count(0)


def test_two_visitors_never_see_each_others_words(visitors: Visitors, visit: Visit) -> None:
    other = visitors.come()
    visit.ask("Who are the competitors?")
    other.ask("How many people does the company employ?")
    for one, foreign in ((visit, "How many people"), (other, "competitors")):
        one.reload()
        expect(one.turns).to_have_count(0)
        popover = one.open_popover("Earlier")
        expect(popover.get_by_role("button", name="Forget")).to_have_count(1)
        expect(popover).not_to_contain_text(foreign)
