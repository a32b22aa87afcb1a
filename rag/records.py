"""What must outlive a session, in the library's own database: shares, conversations, feedback, and the audit trail.

Each write is one transaction: what was acknowledged is there after a kill. Nothing here depends on a filing's staying
in the library, and nothing here holds a key: what is written down are answers, and they never had one.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from index.database import Database
from index.folding import fold
from rag import record_tables as tables
from rag.answer import Answer, Citation
from rag.audit_trail import AuditTrail
from rag.forgetting import Bounds, forget_old
from rag.kept import (
    AnyTurn,
    Conversation,
    ConversationEntry,
    Feedback,
    KeptFiling,
    Library,
    Shared,
    UnusableRecords,
    citations_of,
    now,
)
from rag.packing import (
    feedback_of,
    listing_values,
    listings_of,
    packed,
    packed_filing,
    turn_values,
    turns_of,
    unpacked,
    unpacked_filing,
)
from rag.record_settings import RecordSettings
from rag.record_tables import RecordDatabase, storable

log = logging.getLogger(__name__)
ID_BYTES = 24  # of chance in the id of a share: nobody guesses one
LONGEST_REASON = 4000  # characters


class Records:
    """Shares, conversations, feedback and the audit trail of one library."""

    def __init__(
        self, database: Database, data_dir: Path, library: Library, settings: RecordSettings | None = None
    ) -> None:
        self._database = RecordDatabase(database, data_dir)
        self._library = library
        settings = settings or RecordSettings()
        self._share_bytes = settings.share_bytes
        self.trail = AuditTrail(self._database, settings)

    # Shares -----------------------------------------------------------------------------------------------------------

    def share(self, conversation: Sequence[AnyTurn]) -> str:
        """Keep a conversation for whoever has its id, with the filings that it cites.

        The same conversation again gets another id: so taking one link back leaves the other ones open, and an id
        tells nobody whether something was shared.
        """
        if not conversation:
            raise ValueError("There is nothing to share yet: ask something first.")
        kept = self.sources(citations_of(conversation))
        searched = {one for turn in conversation if turn.answer for one in turn.answer.searched}
        listed = [one for one in self._library.filings() if one.id in searched] + [one.filing for one in kept]
        share_id = token_urlsafe(ID_BYTES)
        turns = [turn_values(turn) for turn in conversation]
        content = packed({"turns": turns, "filings": listing_values(listed)})
        # In one order for everybody: two who share the same filings at once wait for one another, not in a ring.
        rows = sorted((*packed_filing(one), one.filing.id) for one in kept)
        with self._database.writing("It could not be shared") as connection:
            for digest, text, filing_id in rows:
                row = {"sha256": digest, "filing_id": filing_id, "content": text}
                # An update that changes nothing holds the row until this transaction ends: no unshare takes it away.
                put = self._database.insert_or(tables.kept_filings).values(**row)
                connection.execute(put.on_conflict_do_update(index_elements=["sha256"], set_={"filing_id": filing_id}))
            connection.execute(insert(tables.shares).values(id=share_id, at=now(), content=content))
            if rows:
                linked = [{"share_id": share_id, "sha256": digest} for digest, _, _ in rows]
                connection.execute(insert(tables.share_filings), linked)
            self._must_have_room(connection)
        return share_id

    def _must_have_room(self, connection: Connection) -> None:
        """No older share makes room for a new one: somebody may have its link. What is raised undoes all of it."""
        sizes = (select(func.coalesce(func.sum(func.length(one.c.content)), 0)) for one in tables.SHARED)
        if sum(int(connection.scalar(size) or 0) for size in sizes) > self._share_bytes:
            raise UnusableRecords(
                f"It could not be shared: links fill the {self._share_bytes / 1e6:,.0f} MB that are set aside for them "
                "(FOOTNOTE_SHARE_BYTES). Take one back that nobody needs, or ask whoever looks after this library."
            )

    def shared(self, share_id: str) -> Shared | None:
        """The conversation as it was shared; None where there is none of this id, or no longer."""
        share_id = storable(share_id)
        share_filings, kept_filings = tables.share_filings, tables.kept_filings
        with self._database.reading("The share cannot be opened") as connection:
            row = connection.execute(select(tables.shares).where(tables.shares.c.id == share_id)).one_or_none()
            texts = connection.execute(
                select(kept_filings.c.sha256, kept_filings.c.content)
                .join(share_filings, share_filings.c.sha256 == kept_filings.c.sha256)
                .where(share_filings.c.share_id == share_id)
                .order_by(kept_filings.c.filing_id)
            ).all()
        if row is None:
            return None
        what = "This share"
        values = unpacked(row.content, what)
        turns = turns_of(values.get("turns"), what)
        kept = tuple(filing for text in texts if (filing := self._readable(text.content, text.sha256)))
        return Shared(row.id, row.at, turns, listings_of(values.get("filings"), what), kept)

    def unshare(self, share_id: str) -> bool:
        """Take a share back, with the texts that no other one cites; whether there was one."""
        share_id = storable(share_id)
        share_filings, kept_filings = tables.share_filings, tables.kept_filings
        with self._database.writing("The share could not be taken back") as connection:
            connection.execute(delete(share_filings).where(share_filings.c.share_id == share_id))
            gone = connection.execute(delete(tables.shares).where(tables.shares.c.id == share_id)).rowcount > 0
            connection.execute(delete(kept_filings).where(kept_filings.c.sha256.not_in(select(share_filings.c.sha256))))
        return gone

    def sources(self, citations: Sequence[Citation]) -> list[KeptFiling]:
        """The filings that these words stand in, to the letter: in the library, or kept from an earlier share."""
        found: list[KeptFiling] = []
        for filing_id in dict.fromkeys(citation.filing_id for citation in citations):
            missing = [citation for citation in citations if citation.filing_id == filing_id]
            for filing in self._candidates(filing_id):
                held = [citation for citation in missing if filing.holds(citation)]
                if held:
                    found.append(filing)
                    missing = [citation for citation in missing if citation not in held]
                if not missing:
                    break
        return found

    def _candidates(self, filing_id: str) -> Iterator[KeptFiling]:
        try:
            yield self._library.whole(filing_id)
        except KeyError:
            log.info("%s is no longer in the library", filing_id)
        kept_filings = tables.kept_filings
        with self._database.reading("The filings that were kept cannot be read") as connection:
            rows = connection.execute(select(kept_filings).where(kept_filings.c.filing_id == filing_id)).all()
        yield from (filing for row in rows if (filing := self._readable(row.content, row.sha256)))

    def _readable(self, content: bytes, digest: str) -> KeptFiling | None:
        """A kept filing; without it the footnotes still keep their words, so a damaged one keeps nobody out."""
        try:
            return unpacked_filing(content, digest, "A filing that was kept")
        except UnusableRecords as problem:
            log.warning("%s", problem)
            return None

    # Conversations ----------------------------------------------------------------------------------------------------

    def keep(self, owner: str, conversation_id: str, title: str, turns: Sequence[AnyTurn]) -> None:
        """Keep somebody's conversation as it is now; it takes the place of what was kept of it before.

        The same again changes nothing: to look at a conversation does not make it newer.
        """
        mine = {"owner": _key(owner), "id": storable(conversation_id)}
        texts = [title, *(text for turn in turns for text in (turn.title, turn.answer.text if turn.answer else ""))]
        row = {
            "title": storable(title),
            "at": now(),
            "turns": len(turns),
            "words": storable(fold(" ".join(texts))),
            "content": packed({"title": title, "turns": [turn_values(turn) for turn in turns]}),
        }
        put = self._database.insert_or(tables.conversations).values(**mine, **row)
        with self._database.writing("The conversation could not be kept") as connection:
            is_new = tables.conversations.c.content != row["content"]
            connection.execute(put.on_conflict_do_update(index_elements=["owner", "id"], set_=row, where=is_new))

    def conversations(self, owner: str, matching: str = "") -> list[ConversationEntry]:
        """Somebody's conversations, newest first; only those with all of these words in their titles or answers."""
        kept = tables.conversations.c
        wanted = select(kept.id, kept.title, kept.at, kept.turns).where(kept.owner == _key(owner))
        for word in storable(fold(matching)).split():
            wanted = wanted.where(kept.words.contains(word, autoescape=True))
        with self._database.reading("The conversations cannot be listed") as connection:
            return [ConversationEntry(*row) for row in connection.execute(wanted.order_by(kept.at.desc(), kept.id))]

    def conversation(self, owner: str, conversation_id: str) -> Conversation | None:
        """One of somebody's own conversations, whole; None where they have none of this id."""
        with self._database.reading("The conversation cannot be opened") as connection:
            row = connection.execute(
                select(tables.conversations).where(*self._of(owner, conversation_id))
            ).one_or_none()
        if row is None:
            return None
        what = "This conversation"
        turns = turns_of(unpacked(row.content, what).get("turns"), what)
        return Conversation(row.id, row.title, row.at, turns)

    def forget(self, owner: str, conversation_id: str) -> bool:
        """Take one of somebody's own conversations away; whether there was one."""
        with self._database.writing("The conversation could not be removed") as connection:
            gone = connection.execute(delete(tables.conversations).where(*self._of(owner, conversation_id)))
            return gone.rowcount > 0

    def _of(self, owner: str, conversation_id: str) -> tuple[Any, Any]:
        return tables.conversations.c.owner == _key(owner), tables.conversations.c.id == storable(conversation_id)

    def forget_old(self, bounds: Bounds, at: datetime) -> int:
        """Forget conversations, links and thumbs that are old or too many; how many that were."""
        return forget_old(self._database, bounds, at)

    # Feedback ---------------------------------------------------------------------------------------------------------

    def note_feedback(self, answer: Answer, thumb: str, reason: str = "") -> None:
        """Write down what somebody thinks of an answer: 'up' or 'down', and why."""
        if thumb not in ("up", "down"):
            raise ValueError(f"A thumb is up or down, not {thumb!r}.")
        if len(reason) > LONGEST_REASON:
            raise ValueError(f"A reason may have {LONGEST_REASON:,} characters, not {len(reason):,}.")
        row = {"at": now(), "thumb": thumb, "reason": storable(reason)}
        with self._database.writing("The feedback could not be kept") as connection:
            connection.execute(insert(tables.feedback).values(**row, content=packed({"answer": answer.to_dict()})))

    def feedback(self) -> list[Feedback]:
        """All that was thought of answers, newest first."""
        with self._database.reading("The feedback cannot be read") as connection:
            rows = connection.execute(select(tables.feedback).order_by(tables.feedback.c.number.desc())).all()
        return [feedback_of(row.number, row.at, row.thumb, row.reason, row.content) for row in rows]


def _key(owner: str) -> str:
    """An owner as the database knows them: a browser's cookie opens conversations, so it is kept nowhere."""
    if not owner:  # all who have no key would read one another's words
        raise ValueError("A conversation is kept for somebody, and nobody was named.")
    return hashlib.sha256(owner.encode("utf-8", "replace")).hexdigest()
