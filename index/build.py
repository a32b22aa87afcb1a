"""The conductor of the index: a file in, a filing whole in library, Chroma and full text, or nothing at all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from index.chunk import split_passages
from index.embed import Encoder, SentenceEncoder, embed_missing, vector_key
from index.filing import (
    Filing,
    IngestReport,
    Outcome,
    ParsedFiling,
    Passage,
    Progress,
    UnreadableFiling,
    UnusableLibrary,
    Vectors,
    shown_name,
)
from index.lexical import WordIndex
from index.library import Library
from index.problems import first_line, must_have_room, storage_problem
from index.reader import read_filing
from index.sections import split_sections
from index.sentences import sentences
from index.settings import IndexSettings
from index.store import PassageStore, StoreError, StoreState
from index.tokens import count_all

log = logging.getLogger(__name__)
SUMMARISED = ("1", "")  # the items whose every sentence a summary looks at; '' in texts without items
MOST_RECENT = 20_000  # vectors of questions and of sentences from other items, kept in memory
OnProgress = Callable[[Progress], None]


class FilingIndex:
    """All that is known of the filings: the library, and the two indexes that are derived from it."""

    def __init__(self, settings: IndexSettings, encoder: Encoder | None = None) -> None:
        self.settings = settings
        folder = Path(settings.embedding_model) if settings.embedding_model else None
        self.encoder = encoder or SentenceEncoder(folder, settings.embed_batch)
        self._recent: dict[str, Vectors] = {}
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            self._writer = FileLock(settings.data_dir / "writer.lock", timeout=settings.lock_seconds)
            self.library = Library(settings.data_dir / "library.db")
            self.words = WordIndex(self.library.engine)
            self.store = PassageStore(settings.data_dir / "chroma", self.encoder.name)
            self._must_be_of_this_model()
        except (OSError, SQLAlchemyError) as error:
            raise UnusableLibrary(
                f"The library cannot be opened: {storage_problem(settings.data_dir, error)}."
            ) from error
        self.repair()

    def close(self) -> None:
        self.store.close()
        self.library.close()

    @property
    def ready(self) -> bool:
        """Whether a question can be embedded at once; the model takes seconds to load."""
        return not isinstance(self.encoder, SentenceEncoder) or self.encoder.ready

    # Reading in -------------------------------------------------------------------------------------------------------

    def parse(self, path: Path) -> ParsedFiling:
        """What is understood of a file; nothing is stored."""
        filing = read_filing(path)
        found = split_sections(filing.text, filing.form, filing.period_end)
        return ParsedFiling(replace(filing, notes=filing.notes + found.notes), found.sections)

    def ingest(self, paths: Sequence[Path], on_progress: OnProgress | None = None) -> IngestReport:
        """Take files in, one after the other: each is added whole, known already, or refused with a reason."""
        tell = on_progress or (lambda progress: None)
        outcomes = []
        for path in paths:
            outcomes.append(self._take_in(path, tell))
            tell(Progress(shown_name(path), "done"))
        return IngestReport(tuple(outcomes))

    def _take_in(self, path: Path, tell: OnProgress) -> Outcome:
        try:
            tell(Progress(shown_name(path), "read"))
            parsed = self.parse(path)
            known = self.library.holds(parsed.filing.sha256)
            if known:
                return Outcome(path, known, "unchanged")
            must_have_room(path, self.settings.data_dir, self.settings.least_free_bytes)
            passages, keyed = self._embedded(parsed, tell)
            with self._writing():
                # Another program may have taken the same file in while this one embedded it.
                known = self.library.holds(parsed.filing.sha256)
                if known:
                    return Outcome(path, known, "unchanged")
                tell(Progress(shown_name(path), "store"))
                filing_id = self._add(parsed, passages, keyed)
            return Outcome(path, filing_id, "added")
        except UnreadableFiling as refusal:
            problem = str(refusal)
        except Timeout:
            problem = (
                f"{shown_name(path)} was not taken in: another program is taking in filings; try again when it is done."
            )
        except (SQLAlchemyError, StoreError, OSError) as error:
            log.warning("taking in failed", exc_info=error)
            problem = f"{shown_name(path)} was not taken in: {storage_problem(self.settings.data_dir, error)}."
        except Exception as error:  # a defect of ours: the other files are still taken in
            log.exception("taking in failed")
            problem = (
                f"{shown_name(path)} was not taken in: Footnote failed on it ({first_line(error)}); please report it."
            )
        return Outcome(path, None, "refused", problem)

    def _embedded(self, parsed: ParsedFiling, tell: OnProgress) -> tuple[list[Passage], dict[str, Vectors]]:
        """The passages, and the vectors of their texts; a summary will ask for those of its sentences too."""
        passages = split_passages(parsed.filing, parsed.sections, count_all)
        texts = [passage.embedded_text for passage in passages]
        texts += [text for passage in passages if passage.item in SUMMARISED for text in sentences(passage.text)]
        keyed = self.library.vectors(vector_key(self.encoder.name, text) for text in texts)
        for fresh, done, total in embed_missing(self.encoder, texts, keyed):
            self.library.keep_vectors(fresh)  # after a kill these are not embedded again
            keyed |= fresh
            tell(Progress(parsed.filing.source, "embed", done, total))
        return passages, keyed

    def _add(self, parsed: ParsedFiling, passages: list[Passage], keyed: dict[str, Vectors]) -> str:
        filing = self._with_free_id(parsed.filing)
        passages = [replace(passage, id=f"{filing.id}:{passage.order}", filing_id=filing.id) for passage in passages]
        keys = [vector_key(self.encoder.name, passage.embedded_text) for passage in passages]
        self.store.begin()
        self.store.add(passages, np.stack([keyed[key] for key in keys]))
        with self.library.writing() as connection:  # what makes the filing visible comes last
            self.words.add(connection, passages)
            self.library.add(connection, filing, parsed.sections, list(zip(passages, keys, strict=True)))
        self._finish()
        return filing.id

    def _finish(self) -> None:
        """The library has the change, so it is done: where Chroma can't be brought up to it, that is mended later."""
        try:
            self.store.finish(self.library.generation())
        except (StoreError, OSError, SQLAlchemyError) as error:
            log.warning("the index will be mended at the next start", exc_info=error)

    def remove(self, filing_id: str) -> None:
        """Take a filing out of the library and of both indexes."""
        self.library.filing(filing_id)
        with self._writing():
            self.store.begin()
            with self.library.writing() as connection:
                self.words.remove(connection, filing_id)
                self.library.remove(connection, filing_id)
            try:
                self.store.remove(filing_id)
            except StoreError:
                self._mend_after_failure()
            else:
                self._finish()

    # Searching --------------------------------------------------------------------------------------------------------

    def nearest(self, vector: Vectors, filing_ids: Sequence[str], k: int) -> list[tuple[str, float]]:
        """(passage id, cosine) of the nearest passages of these filings; the library tells where Chroma can't."""
        state = self.store.state()
        if self._store_is_whole():
            try:
                found = self.store.query(vector, filing_ids, k)
                # Its search is approximate, and may find fewer than there are.
                if len(found) >= min(k, self.library.count_passages(filing_ids)):
                    return self._by_cosine(vector, self.library.vector_keys(found), k)
            except StoreError as error:
                log.warning("Chroma failed and is made anew", exc_info=error)
                self._mend_store(state)
        else:
            self._mend_store(state)
        scope = set(filing_ids)
        rows = self.library.passage_keys().items()
        return self._by_cosine(vector, {one: key for one, (filing_id, key) in rows if filing_id in scope}, k)

    def _by_cosine(self, vector: Vectors, keys: dict[str, str], k: int) -> list[tuple[str, float]]:
        """Best first, from the library's own vectors: so the order is the same whether Chroma was asked or not."""
        held = self.library.vectors(keys.values())
        cosines = [(passage_id, float(held[key] @ vector)) for passage_id, key in keys.items()]
        return sorted(cosines, key=lambda row: (-round(row[1], 6), row[0]))[:k]

    def matching(self, words: Sequence[str], filing_ids: Sequence[str], k: int) -> list[tuple[str, float]]:
        """(passage id, score) of the passages of these filings with any of the words, best first."""
        return self.words.search(words, filing_ids, k)

    def passages_named(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        return self.library.passages_named(passage_ids)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One vector a text, from the library where it has them."""
        names = [vector_key(self.encoder.name, text) for text in texts]
        keyed = {name: self._recent[name] for name in names if name in self._recent}
        keyed |= self.library.vectors(name for name in names if name not in keyed)
        for fresh, _, _ in embed_missing(self.encoder, texts, keyed):
            keyed |= fresh
            if len(self._recent) > MOST_RECENT:
                self._recent.clear()
            self._recent |= fresh
        return np.stack([keyed[name] for name in names])

    # Staying whole ----------------------------------------------------------------------------------------------------

    def repair(self) -> None:
        """Make Chroma anew from the library where it does not hold the same filings; nothing is embedded."""
        state = self.store.state()
        if not self._store_is_whole():
            self._mend_store(state)

    def _store_is_whole(self) -> bool:
        """Whether Chroma is as the last writer left it, and nothing has been lost from it since."""
        if not self.store.fits(self.library.generation()):
            return False
        try:
            return self.store.count() == self.library.count_passages()
        except StoreError as error:
            log.warning("Chroma does not open", exc_info=error)
            return False

    def _mend_store(self, broken: StoreState) -> None:
        """Make the store anew, unless a writer is at work or somebody else has mended what was found broken."""
        try:
            with self._writer.acquire(timeout=0):
                if self.store.state() == broken:
                    self.store.rebuild(self._rows(), self.library.generation())
        except Timeout:
            log.info("a writer is at work: the index is left to it")
        except (StoreError, OSError, SQLAlchemyError) as error:
            log.warning("the index could not be made anew", exc_info=error)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time, over all processes; what a killed one left behind is mended first."""
        with self._writer:
            self._rebuild_if_needed()
            try:
                yield
            except BaseException:
                self._mend_after_failure()
                raise

    def _rebuild_if_needed(self) -> None:
        if not self._store_is_whole():
            self.store.rebuild(self._rows(), self.library.generation())

    def _mend_after_failure(self) -> None:
        try:
            self._rebuild_if_needed()
        except (StoreError, OSError, SQLAlchemyError) as error:
            log.warning("the index will be mended at the next start", exc_info=error)

    def _rows(self) -> Iterator[tuple[str, str, Vectors]]:
        keys = self.library.passage_keys()
        listed = list(keys.items())
        for start in range(0, len(listed), 1000):
            part = listed[start : start + 1000]
            vectors = self.library.vectors(key for _, (_, key) in part)
            for passage_id, (filing_id, key) in part:
                yield passage_id, filing_id, vectors[key]

    def _with_free_id(self, filing: Filing) -> Filing:
        """Another filing may have the same name: then this one gets its fingerprint behind it, and neither is lost."""
        taken = {other.id for other in self.library.filings()}
        return replace(filing, id=f"{filing.id}-{filing.sha256[:8]}") if filing.id in taken else filing

    def _must_be_of_this_model(self) -> None:
        """Vectors of one model mean nothing to another: a question would find anything."""
        first = self.library.first_passage()
        if first and first[1] != vector_key(self.encoder.name, first[0].embedded_text):
            raise UnusableLibrary(
                f"The filings in {self.settings.data_dir} were embedded with another model than {self.encoder.name}; "
                "set FOOTNOTE_EMBEDDING_MODEL back, or take them in again in another FOOTNOTE_DATA_DIR."
            )
