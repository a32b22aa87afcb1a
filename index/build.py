"""The conductor of the index: a file in, a filing that can be asked by its words at once, and by meaning soon after."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock

import numpy as np
from filelock import Timeout
from sqlalchemy.exc import SQLAlchemyError

from index.chunk import split_passages
from index.collection import Store, StoreError, StoreGone
from index.database import open_database
from index.embed import Encoder, SentenceEncoder, embed_missing, missing_texts, vector_key
from index.embedding_model import EmbeddingModel, encoder_of
from index.filing import (
    EmbeddingsFailed,
    Filing,
    IngestReport,
    Outcome,
    ParsedFiling,
    Passage,
    Progress,
    Section,
    Standing,
    UnreadableFiling,
    UnusableLibrary,
    Vectors,
    shown_name,
)
from index.kept_vectors import KeptVectors
from index.lexical import open_words
from index.library import Library
from index.meaning import MeaningIndex
from index.problems import first_line, must_have_room, storage_problem
from index.reader import read_filing
from index.sections import split_sections
from index.sentences import sentences
from index.settings import IndexSettings
from index.store import PassageStore
from index.tokens import count_all

log = logging.getLogger(__name__)
SUMMARISED = ("1", "")  # the items whose every sentence a summary looks at; '' in texts without items
MOST_RECENT = 20_000  # vectors of questions and of sentences from other items, kept in memory
LONGEST_WAIT = 60.0  # seconds; then the one who waits embeds for himself
OnProgress = Callable[[Progress], None]
Split = Callable[[Filing, Sequence[Section]], Sequence[Passage]]


def parse_file(path: Path) -> ParsedFiling:
    """What is understood of a file; nothing is stored."""
    filing = read_filing(path)
    found = split_sections(filing.text, filing.form, filing.period_end)
    return ParsedFiling(replace(filing, notes=filing.notes + found.notes), found.sections)


def passages_of(filing: Filing, sections: Sequence[Section]) -> list[Passage]:
    return split_passages(filing, sections, count_all)


def _wanted(passages: Sequence[Passage]) -> tuple[list[str], list[str]]:
    """The texts that a filing needs vectors of: those that a summary asks for first, then all its passages."""
    summarised = [passage for passage in passages if passage.item in SUMMARISED]
    every_sentence = [text for passage in summarised for text in sentences(passage.text)]
    first = [passage.embedded_text for passage in summarised] + every_sentence
    return first, [passage.embedded_text for passage in passages]


class FilingIndex:
    """All that is known of the filings: the library, and the two indexes that are derived from it."""

    def __init__(self, settings: IndexSettings, encoder: Encoder | None = None, rebuild: bool = False) -> None:
        """`rebuild`: make both indexes anew, and embed all that another model has embedded with this one."""
        self.settings = settings
        self.encoder = encoder or encoder_of(settings)
        self._recent: dict[str, Vectors] = {}
        self._embedding = Lock()
        self._at_work: dict[str, Event] = {}  # filings being embedded; set once what a summary asks for is done
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            database = open_database(settings.database_url.get_secret_value(), settings.data_dir)
            self._writer = database.writer_lock(settings.lock_seconds)
            self.library = Library(database)
            self.kept_vectors = KeptVectors(database)
            self.words = open_words(database)
            self.store = _open_store(settings, self.encoder.name, self.library)
            self._meaning = MeaningIndex(self.library, self.kept_vectors, self.store, self._writer)
            self._model = EmbeddingModel(self.library, self.kept_vectors, self.encoder, settings.data_dir)
            if rebuild:
                with self._writer:
                    self._model.takes_over()
            self._model.must_be_the_librarys(self.store.state().model)
            if rebuild or not self.words.is_of_this_make():
                self._rebuild_words()
        except (OSError, SQLAlchemyError) as error:
            raise UnusableLibrary(
                f"The library cannot be opened: {storage_problem(settings.data_dir, error)}."
            ) from error
        if rebuild:
            self._meaning.rebuild()
        else:
            self._meaning.repair_what_shows()

    def close(self) -> None:
        self.store.close()
        self.library.close()

    @property
    def ready(self) -> bool:
        """Whether a question can be embedded at once; the model takes seconds to load."""
        return not isinstance(self.encoder, SentenceEncoder) or self.encoder.ready

    def begin_loading(self) -> None:
        """Load what embeds whole filings, beside whatever is done meanwhile: it takes seconds."""
        if isinstance(self.encoder, SentenceEncoder):
            self.encoder.begin_loading()

    def repair(self) -> None:
        """Bring Chroma into step with the library; nothing is embedded."""
        self._meaning.repair()

    def rebuild(self) -> None:
        """Make both indexes anew from what the library holds; nothing is embedded."""
        self._rebuild_words()
        self._meaning.rebuild()

    def _rebuild_words(self) -> None:
        with self._writer:
            self.words.rebuild(lambda: (self.library.passages(one.id) for one in self.library.filings()))

    def standing(self) -> Standing:
        """What there is, counted anew."""
        filings, unfinished = len(self.library.filings()), len(self.library.unfinished())
        by_word, is_whole = self.words.count(), self._meaning.is_whole()
        return Standing(filings, self.library.count_passages(), unfinished, by_word, is_whole)

    # Reading in -------------------------------------------------------------------------------------------------------

    def parse(self, path: Path) -> ParsedFiling:
        return parse_file(path)

    def ingest(self, paths: Sequence[Path], on_progress: OnProgress | None = None) -> IngestReport:
        """Take files in: each is added, known already, or refused with a reason.

        All are read before any is embedded, so that all can be asked by their words as early as can be.
        """
        tell = on_progress or _silently
        outcomes = []
        for path in paths:
            outcomes.append(self.take_in(path, tell))
            if outcomes[-1].status != "added":
                tell(Progress(shown_name(path), "done"))
        try:
            problems = self.embed_unfinished(tell)
        except SQLAlchemyError as error:  # the library went away; what it lists is embedded with the next file
            log.warning("nothing could be embedded: %s", self.reason(error))
            problems = {}
        return IngestReport(tuple(replace(one, problem=problems.get(one.filing_id, one.problem)) for one in outcomes))

    def embed_unfinished(self, on_progress: OnProgress | None = None) -> dict[str | None, str]:
        """Embed what is listed and not yet embedded, new or left by a kill; what went wrong, by the filing's id."""
        tell = on_progress or _silently
        listed = {filing_id: self.finish(filing_id, tell) for filing_id in self.library.unfinished()}
        return {filing_id: problem for filing_id, problem in listed.items() if problem}

    def finish(self, filing_id: str, tell: OnProgress) -> str:
        """Embed what is missing of a filing, and let Chroma have all of it; what went wrong, as a sentence."""
        with self._embedding:  # one at a time: what another thread has finished meanwhile is left alone
            return self._problem_of_embedding(filing_id, tell) if filing_id in self.library.unfinished() else ""

    def _problem_of_embedding(self, filing_id: str, tell: OnProgress) -> str:
        source = filing_id
        self._at_work[filing_id] = Event()
        try:
            source = self.library.filing(filing_id).source
            self._embed(filing_id, source, tell)
        except KeyError:
            log.info("%s was removed before it was embedded", filing_id)
        except Exception as error:
            return (
                f"{source} was taken in, and can be asked by its words but not by meaning: {self.reason(error)}. "
                "The rest is made up when the next file is taken in, or the page is started."
            )
        finally:
            self._at_work.pop(filing_id).set()
            tell(Progress(source, "done", filing_id=filing_id))
        return ""

    def await_business(self, filing_id: str) -> None:
        """Wait for what a summary asks for, should it be under way: embedded twice at once, it would take longer."""
        at_work = self._at_work.get(filing_id)
        if at_work:
            at_work.wait(LONGEST_WAIT)

    def take_in(
        self,
        path: Path,
        tell: OnProgress,
        parse: Callable[[Path], ParsedFiling] = parse_file,
        split: Split = passages_of,
    ) -> Outcome:
        """List a file, so that it can be asked by its words; `parse` and `split` may have been done elsewhere."""
        try:
            tell(Progress(shown_name(path), "read"))
            parsed = parse(path)
            known = self.library.holds(parsed.filing.sha256)
            if known:
                return Outcome(path, known, "unchanged")
            self.begin_loading()
            must_have_room(path, self.settings.data_dir, self.settings.least_free_bytes)
            with self._meaning.writing():
                # Another program may have taken the same file in while this one read it.
                known = self.library.holds(parsed.filing.sha256)
                if known:
                    return Outcome(path, known, "unchanged")
                filing_id = self._list(parsed, split)
            tell(Progress(shown_name(path), "listed", filing_id=filing_id))
            return Outcome(path, filing_id, "added")
        except UnreadableFiling as refusal:
            return Outcome(path, None, "refused", str(refusal))
        except Exception as error:  # the other files are still taken in
            return Outcome(path, None, "refused", f"{shown_name(path)} was not taken in: {self.reason(error)}.")

    def _list(self, parsed: ParsedFiling, split: Split) -> str:
        """Text, sections, passages and words in one transaction: from then on the filing is there."""
        filing = self._with_free_id(parsed.filing)
        self._add(filing, parsed.sections, split(filing, parsed.sections))
        return filing.id

    def _add(self, filing: Filing, sections: Sequence[Section], passages: Sequence[Passage]) -> None:
        keys = [self.key_of(passage.embedded_text) for passage in passages]
        self._meaning.begin()
        with self.library.writing() as connection:
            self.words.add(connection, passages)
            self.library.add(connection, filing, sections, list(zip(passages, keys, strict=True)))
        self._meaning.finish()

    def add_read(self, filing: Filing, sections: Sequence[Section], passages: Sequence[Passage]) -> None:
        """List a filing that was read already, with its passages as they are; embed_unfinished makes the rest."""
        with self._meaning.writing():
            self._add(filing, sections, passages)

    def key_of(self, text: str) -> str:
        """By which the vector of a text is kept."""
        return vector_key(self.encoder.name, text)

    def _embed(self, filing_id: str, source: str, tell: OnProgress) -> None:
        """Its vectors, kept as they are made: those that a summary asks for first, then the rest; Chroma last."""
        passages = self.library.passages(filing_id)
        first, texts = _wanted(passages)
        held = self.kept_vectors.of(self.key_of(text) for text in [*first, *texts])
        for part in embed_missing(self.encoder, [first, texts], held):
            self.keep(part.vectors)  # after a kill these are not embedded again
            held |= part.vectors
            if filing_id not in self.library.unfinished():
                return  # removed meanwhile: nobody waits for the rest
            if all(self.key_of(text) in held for text in first):
                self._at_work[filing_id].set()
            tell(Progress(source, "embed", part.done, part.total, filing_id, part.seconds_left))
        vectors = np.stack([held[self.key_of(text)] for text in texts])
        with self._meaning.writing():
            if filing_id not in self.library.unfinished():  # removed, or finished by another program
                return
            tell(Progress(source, "store", filing_id=filing_id))
            self._meaning.begin()
            self._meaning.add(passages, vectors)
            with self.library.writing() as connection:  # what says that it is finished comes last
                self.library.finish(connection, filing_id)
            self._meaning.finish()

    def missing(self, filing_id: str) -> dict[str, str]:
        """The texts of a filing that have no vector yet, by key, in the order in which they are embedded."""
        groups = _wanted(self.library.passages(filing_id))
        held = self.kept_vectors.of(self.key_of(text) for group in groups for text in group)
        return missing_texts(self.encoder.name, groups, held)

    def keep(self, made: dict[str, Vectors]) -> None:
        """Vectors by key, of this library's model."""
        self._model.note(made)
        self.kept_vectors.keep(made)

    def remove(self, filing_id: str) -> None:
        """Take a filing out of the library and of both indexes."""
        self.library.filing(filing_id)
        with self._meaning.writing():
            self._meaning.begin()
            with self.library.writing() as connection:
                self.words.remove(connection, filing_id)
                self.library.remove(connection, filing_id)
            self._meaning.remove(filing_id)

    def reason(self, error: Exception) -> str:
        """What kept a file out, as half a sentence."""
        if isinstance(error, Timeout):
            return "another program is taking in filings; try again when it is done"
        if isinstance(error, StoreGone):
            return str(error)
        if isinstance(error, SQLAlchemyError | StoreError | OSError):
            log.warning("taking in failed", exc_info=error)
            return storage_problem(self.settings.data_dir, error)
        if isinstance(error, EmbeddingsFailed):
            return str(error).rstrip(".")
        log.error("taking in failed", exc_info=error)  # a defect of ours
        return f"Footnote failed on it ({first_line(error)}); please report it"

    # Searching --------------------------------------------------------------------------------------------------------

    def nearest(self, vector: Vectors, filing_ids: Sequence[str], k: int) -> list[tuple[str, float]]:
        """(passage id, cosine) of the nearest passages of these filings; the library tells where Chroma can't."""
        return self._meaning.nearest(vector, filing_ids, k)

    def matching(self, words: Sequence[str], filing_ids: Sequence[str], k: int) -> list[tuple[str, float]]:
        """(passage id, score) of the passages of these filings with any of the words, best first."""
        return self.words.search(words, filing_ids, k)

    def in_statements(self, kinds: Sequence[str], filing_ids: Sequence[str]) -> dict[str, str]:
        """The passages of these filings that are part of these financial statements: id to kind."""
        return self.words.in_statements(kinds, filing_ids)

    def passages_named(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        return self.library.passages_named(passage_ids)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One vector a text, from the library where it has them."""
        names = [self.key_of(text) for text in texts]
        recent = self._recent  # another thread may begin a new one at any moment
        keyed = {name: recent[name] for name in names if name in recent}
        keyed |= self.kept_vectors.of(name for name in names if name not in keyed)
        for part in embed_missing(self.encoder, [texts], keyed):
            self._model.must_be_as_long(part.vectors)
            keyed |= part.vectors
            if len(self._recent) > MOST_RECENT:
                self._recent = {}
            self._recent |= part.vectors
        return np.stack([keyed[name] for name in names])

    def keep_embedded(self, texts: Sequence[str]) -> None:
        """Keep the vectors of texts that every program asks for again; where that fails they are made again."""
        try:
            held = self.kept_vectors.of(map(self.key_of, texts))
            for part in embed_missing(self.encoder, [texts], held):
                self._model.must_be_as_long(part.vectors)
                self._recent = self._recent | part.vectors
                self.kept_vectors.keep(part.vectors)
        except (SQLAlchemyError, EmbeddingsFailed) as error:
            log.warning("vectors could not be kept", exc_info=error)

    def _with_free_id(self, filing: Filing) -> Filing:
        """Another filing may have the same name: then this one gets its fingerprint behind it, and neither is lost."""
        taken = {other.id for other in self.library.filings()}
        return replace(filing, id=f"{filing.id}-{filing.sha256[:8]}") if filing.id in taken else filing


def _open_store(settings: IndexSettings, model: str, library: Library) -> Store:
    """Chroma as it is set: embedded in this process, on a server, or Chroma Cloud."""
    key = settings.chroma_api_key.get_secret_value()
    if not settings.chroma_url and not key:
        return PassageStore(settings.data_dir / "chroma", model)
    from index.chroma_address import ChromaAddress
    from index.remote_store import RemoteStore

    address = ChromaAddress(settings.chroma_url, settings.chroma_tenant, settings.chroma_database, key)
    return RemoteStore(address, model, library.number())


def _silently(_progress: Progress) -> None:
    return None
