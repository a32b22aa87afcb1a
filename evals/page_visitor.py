"""A visitor of the page without a browser, cheap enough for many at once: what he sees, and what he does."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Self

from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.WidgetStates_pb2 import WidgetState

from evals.browsing import Browser, PageLost, put_file
from evals.page_wire import PageWire, connected, plain
from ui.intake import STAGES

IN_BAR = "Filings"  # the label of the chips that stand in the bar
EVENTS = "$$STREAMLIT_INTERNAL_KEY_{}__events"  # the widget that takes what is pressed in a component


@dataclass(frozen=True)
class Card:
    """An answer as the visitor sees it."""

    element_id: str
    data: dict[str, Any]

    @property
    def title(self) -> str:
        return str(self.data["title"])

    @property
    def is_whole(self) -> bool:
        return not self.data["working"]

    @property
    def text(self) -> str:
        """Every sentence, or the words of the refusal."""
        sentences = [one["text"] for paragraph in self.data["paragraphs"] for one in paragraph["sentences"]]
        return " ".join(sentences) or str(self.data["refusal"])

    @property
    def problem(self) -> str:
        return str(self.data["problem"])


class Visitor(PageWire):
    """One session of the page."""

    _before = 0  # cards, when the last question was typed

    @classmethod
    async def arrive(
        cls, address: str, owner: str = "", query: str = "", seconds: float = 60, browser: Browser | None = None
    ) -> Self:
        """Open the page, and wait until it is drawn and the library is open; `owner` is what a browser would keep."""
        browser = browser or Browser()
        await asyncio.to_thread(browser.ask, "GET", address, "/_stcore/health")
        visitor = cls(await connected(address, browser, seconds), address, browser, query)
        await visitor._send()
        await visitor.until(lambda it: it.runs > 0, "the first run", seconds)
        if owner:
            await visitor.tell_who(owner)
        return visitor

    async def tell_who(self, owner: str) -> None:
        """As a browser does once the page is drawn."""
        component = self._first("bidi_component", lambda one: one.component_name.endswith("visitor"))
        await self._send(WidgetState(id=component.id, json_value=json.dumps({"id": owner})))

    # What is on the page ----------------------------------------------------------------------------------------------

    @property
    def cards(self) -> list[Card]:
        """The answers from the top to the bottom."""
        components = [one for one in self._all("bidi_component") if one.component_name.endswith("answer")]
        return [Card(one.id, json.loads(one.json)) for one in components]

    @property
    def can_ask(self) -> bool:
        return bool(self._all("chat_input"))

    @property
    def can_add(self) -> bool:
        return bool(self._all("file_uploader"))

    @property
    def buttons(self) -> list[str]:
        return [plain(one.label) for one in self._all("button")]

    @property
    def chips(self) -> list[str]:
        """The filings that can be chosen; with several companies, with the company's name."""
        return [name for group in self._choices for name in _named(group).values()]

    @property
    def _choices(self) -> list[Any]:
        """The chips of every filing once: a company's own, which is chosen, stand in the bar a second time."""
        groups = [group for group in self._all("button_group") if group.options]
        return [group for group in groups if group.label != IN_BAR] or groups

    def outcome_of(self, name: str) -> str:
        """The line that says what became of a file; '' as long as it is on its way."""
        about = [line for line in self.words if line.startswith(name)]
        return next(
            (line for line in about if not line.startswith(tuple(f"{name}: {on}" for on in STAGES.values()))), ""
        )

    # What the visitor does --------------------------------------------------------------------------------------------

    async def ask(self, question: str, seconds: float = 60) -> Card:
        """Type a question, and wait for the whole answer."""
        await self.type_question(question)
        return await self.answer(question, seconds)

    async def type_question(self, question: str) -> None:
        state = WidgetState(id=self._first("chat_input").id)
        state.chat_input_value.data = question
        self._before = len(self.cards)
        await self._send(state)

    async def answer(self, question: str, seconds: float = 60) -> Card:
        """The card that came since the question was typed, whole; the caller looks whose it is."""

        def last(it: Self) -> Card | None:
            return cards[-1] if len(cards := it.cards) > it._before and cards[-1].is_whole else None

        return await self.until(last, f"the answer to {question!r}", seconds)

    async def choose(self, *chips: str) -> None:
        """Talk about these filings only, named as the page shows them."""
        runs = self.runs
        wanted = [name for name in self.chips if name.endswith(chips)]
        if len(wanted) != len(chips):
            raise PageLost(f"of {chips}, the page offers {wanted} among {self.chips}")
        states = []
        for group in self._choices:
            state = WidgetState(id=group.id)
            state.string_array_value.data.extend(option for option, name in _named(group).items() if name in wanted)
            states.append(state)
        await self._send(*states)
        await self.until(lambda it: it.runs > runs, "the filings to be chosen")

    async def press(self, label: str) -> None:
        await self._send(
            WidgetState(id=self._first("button", lambda one: plain(one.label) == label).id, trigger_value=True)
        )

    async def deed(self, card: Card, **deed: Any) -> None:
        """Press something on a card: share it, judge it."""
        pressed = json.dumps([{"event": "deed", "value": deed}])
        await self._send(WidgetState(id=EVENTS.format(card.element_id), json_trigger_value=pressed))

    async def upload(self, name: str, content: bytes) -> None:
        """Put a file into the form for filings and send it; what became of it is told on the page later."""
        urls = await self.address_to_upload(name)
        await asyncio.to_thread(put_file, self.browser, self.address, urls.upload_url, name, content)
        field = self._first("file_uploader")
        info = UploadedFileInfo(name=name, size=len(content), file_id=urls.file_id, file_urls=urls)
        held = WidgetState(id=field.id, file_uploader_state_value=FileUploaderState(uploaded_file_info=[info]))
        button = self._first("button", lambda one: one.form_id == field.form_id and one.is_form_submitter)
        await self._send(held, WidgetState(id=button.id, trigger_value=True))


def _named(group: Any) -> dict[str, str]:
    """The options of a group of chips, as the page holds them, and what a visitor calls each."""
    company = "" if group.label == IN_BAR else f"{plain(group.label)} "
    return {option.content: f"{company}{plain(option.content).removeprefix(company)}" for option in group.options}
