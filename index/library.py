"""The record: every filing whole, with its sections and passages, in one SQL database.

A filing's text stands in it complete or not at all: one transaction adds all of it. Its vectors come after, one by one
(index/kept_vectors.py); until they are all there it is listed as unfinished. A passage knows the key of its vector and
no more: what lists filings needs no numpy. Chroma and the full-text index are derived and can be made again from here.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update
from sqlalchemy.schema import CreateIndex, CreateTable

from index.database import Database, SqliteDatabase, in_parts
from index.filing import Filing, Passage, Section, UnusableLibrary
from index.migrations import newest_schema, statements_after
from index.tables import facts, filings, passages, schema, unfinished, vectors

MOST_LISTED = 20_000  # filings whose list is kept in memory


class Library:
    """The filings that were taken in."""

    def __init__(self, database: Database | Path) -> None:
        """A path names the usual database, a file."""
        self.database = SqliteDatabase(database) if isinstance(database, Path) else database
        self._listed: tuple[int, list[Filing]] = (-1, [])  # as of which generation
        newest = newest_schema()
        if 0 < self._schema() < newest:
            self._migrate(newest)
        with self.writing() as connection:
            # Two programs may open a new library at the same moment: create_all would look first, and then fail in one.
            for table in schema.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))
                for one in table.indexes:
                    connection.execute(CreateIndex(one, if_not_exists=True))
            held = set(connection.scalars(select(facts.c.name)))
            for name, value in (("schema", newest), ("generation", 0)):
                if name not in held:  # a library that is there already is opened without writing to it
                    put = self.database.insert_or(facts).values(name=name, value=value)
                    connection.execute(put.on_conflict_do_nothing())
        if self._fact("schema") != newest:
            raise UnusableLibrary(
                f"{self.database.name} was written by another version of Footnote (schema {self._fact('schema')}, "
                f"this one reads {newest}); use that version, or another FOOTNOTE_DATA_DIR."
            )

    @property
    def engine(self) -> Engine:
        return self.database.engine

    def _schema(self) -> int:
        """Which schema the database has; 0 for one that is still empty."""
        with self.database.reading() as connection:
            known = self.database.has_table(connection, "facts")
        return self._fact("schema") if known else 0

    def _migrate(self, newest: int) -> None:
        """All the steps in one transaction; before it, a copy of the database as it was, for those who go back."""
        with self.database.alone() as connection:
            # Another program may have done the steps while this one waited for its turn.
            held = int(connection.scalar(select(facts.c.value).where(facts.c.name == "schema")) or 0)
            if held < newest:
                self.database.keep_as_it_was(held)
                for statement in statements_after(held, self.database.kind):
                    connection.exec_driver_sql(statement)
                connection.execute(update(facts).where(facts.c.name == "schema").values(value=newest))

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is kept, or none."""
        with self.database.writing() as connection:
            yield connection

    def close(self) -> None:
        self.database.close()

    # What is there ----------------------------------------------------------------------------------------------------

    def generation(self) -> int:
        """Grows with every change of what the library holds, whichever process made it."""
        return self._fact("generation")

    def number(self) -> str:
        """What tells this library from others that keep their vectors on the same server; drawn when first asked."""
        with self.writing() as connection:
            put = self.database.insert_or(facts).values(name="number", value=secrets.randbelow(2**31))
            connection.execute(put.on_conflict_do_nothing())
            return f"{connection.scalar(select(facts.c.value).where(facts.c.name == 'number')):08x}"

    def filings(self) -> list[Filing]:
        """All filings, without their text, by company and year.

        Each question asks for them, and a row is slow to read: what stands behind its text lies many pages on.
        """
        generation, listed = self.generation(), self._listed  # the generation first: what comes meanwhile shows next
        if listed[0] != generation:
            listed = (generation, self._read_filings())
            self._listed = listed if len(listed[1]) <= MOST_LISTED else (-1, [])
        return list(listed[1])

    def _read_filings(self) -> list[Filing]:
        columns = [column for column in filings.c if column.name not in ("text", "sections")]
        with self.database.reading() as connection:
            rows = connection.execute(select(*columns).order_by(filings.c.company, filings.c.fiscal_year, filings.c.id))
            return [_filing(dict(row._mapping) | {"text": ""}) for row in rows]

    def filing(self, filing_id: str) -> Filing:
        return _filing({key: value for key, value in self._row(filing_id).items() if key != "sections"})

    def text(self, filing_id: str) -> str:
        return str(self._row(filing_id)["text"])

    def sections(self, filing_id: str) -> tuple[Section, ...]:
        return tuple(Section(**row) for row in json.loads(self._row(filing_id)["sections"]))

    def holds(self, sha256: str) -> str | None:
        """The id of the filing that came from these bytes."""
        with self.database.reading() as connection:
            return connection.scalar(select(filings.c.id).where(filings.c.sha256 == sha256))

    def passages(self, filing_id: str) -> list[Passage]:
        """A filing's passages in reading order."""
        columns = [column for column in passages.c if column.name != "vector_key"]
        with self.database.reading() as connection:
            # Cut here: SQLite would count through the text from its start for each of them.
            text = connection.scalar(select(filings.c.text).where(filings.c.id == filing_id)) or ""
            rows = connection.execute(
                select(*columns).where(passages.c.filing_id == filing_id).order_by(passages.c.order)
            )
            return [Passage(**row._mapping, text=text[row.start : row.end]) for row in rows]

    def passages_named(self, passage_ids: Iterable[str]) -> dict[str, Passage]:
        """Those passages of these ids that the library holds."""
        found: dict[str, Passage] = {}
        for part in in_parts(list(passage_ids)):
            found |= {passage.id: passage for passage in self._passages(passages.c.id.in_(part))}
        return found

    def passage_keys(self) -> dict[str, tuple[str, str]]:
        """Every passage: its filing and the key of its vector."""
        with self.database.reading() as connection:
            rows = connection.execute(
                select(passages.c.id, passages.c.filing_id, passages.c.vector_key).order_by(
                    passages.c.filing_id, passages.c.order
                )
            )
            return {row.id: (row.filing_id, row.vector_key) for row in rows}

    def unfinished(self) -> list[str]:
        """The filings whose vectors are not all there yet, in the order in which they came."""
        with self.database.reading() as connection:
            return list(connection.scalars(select(unfinished.c.filing_id).order_by(unfinished.c.number)))

    def vector_keys(self, passage_ids: Iterable[str]) -> dict[str, str]:
        """The keys of these passages' vectors."""
        found: dict[str, str] = {}
        with self.database.reading() as connection:
            for part in in_parts(list(passage_ids)):
                rows = connection.execute(select(passages.c.id, passages.c.vector_key).where(passages.c.id.in_(part)))
                found |= {row.id: row.vector_key for row in rows}
        return found

    def first_passage(self) -> tuple[Passage, str] | None:
        """Any passage, always the same one, with the key of its vector."""
        with self.database.reading() as connection:
            row = connection.execute(
                select(passages.c.id, passages.c.vector_key).order_by(passages.c.id).limit(1)
            ).first()
        return (self.passages_named([row.id])[row.id], row.vector_key) if row else None

    def count_passages(self, filing_ids: Sequence[str] | None = None) -> int:
        """How many passages there are, in all filings or in these."""
        counted = select(func.count()).select_from(passages)
        if filing_ids is not None:
            counted = counted.where(passages.c.filing_id.in_(filing_ids))
        with self.database.reading() as connection:
            return int(connection.scalar(counted) or 0)

    def passages_of_each(self) -> dict[str, int]:
        """How many passages each filing has."""
        counted = select(passages.c.filing_id, func.count().label("passages")).group_by(passages.c.filing_id)
        with self.database.reading() as connection:
            return {row.filing_id: row.passages for row in connection.execute(counted)}

    # What changes it --------------------------------------------------------------------------------------------------

    def embed_anew(self, connection: Connection, keys: dict[str, str], dimensions: int) -> None:
        """From now on these are the keys of the passages' vectors; every filing is to be embedded, if it is not."""
        # What the same model gave when another stood behind its name.
        connection.execute(delete(vectors).where(func.length(vectors.c.vector) != 4 * dimensions))
        for part in in_parts(list(keys)):
            rows = [{"passage": passage_id, "key": keys[passage_id]} for passage_id in part]
            matching = passages.c.id == bindparam("passage")
            connection.execute(update(passages).where(matching).values(vector_key=bindparam("key")), rows)
        connection.execute(delete(unfinished))
        ids = connection.scalars(select(filings.c.id).order_by(filings.c.id)).all()
        if ids:
            connection.execute(insert(unfinished), [{"filing_id": filing_id} for filing_id in ids])
        self._next_generation(connection)

    def add(
        self, connection: Connection, filing: Filing, sections: Sequence[Section], keyed: Sequence[tuple[Passage, str]]
    ) -> None:
        """A filing with its passages, each with the key of its vector to come, within the caller's transaction."""
        connection.execute(
            insert(filings).values(
                **asdict(filing)
                | {
                    "pages": json.dumps(filing.pages),
                    "notes": json.dumps(filing.notes),
                    "sections": json.dumps([asdict(section) for section in sections]),
                }
            )
        )
        rows = [
            {key: value for key, value in asdict(passage).items() if key != "text"} | {"vector_key": vector_key}
            for passage, vector_key in keyed
        ]
        connection.execute(insert(passages), rows)
        connection.execute(insert(unfinished).values(filing_id=filing.id))
        self._next_generation(connection)

    def finish(self, connection: Connection, filing_id: str) -> None:
        """All the vectors of a filing are kept, and Chroma has them."""
        connection.execute(delete(unfinished).where(unfinished.c.filing_id == filing_id))
        self._next_generation(connection)

    def remove(self, connection: Connection, filing_id: str) -> None:
        """A filing and its passages. Vectors stay: they stand for texts, and cost nothing when it comes back."""
        connection.execute(delete(unfinished).where(unfinished.c.filing_id == filing_id))
        connection.execute(delete(passages).where(passages.c.filing_id == filing_id))
        connection.execute(delete(filings).where(filings.c.id == filing_id))
        self._next_generation(connection)

    def _next_generation(self, connection: Connection) -> None:
        connection.execute(update(facts).where(facts.c.name == "generation").values(value=facts.c.value + 1))

    def _fact(self, name: str) -> int:
        with self.database.reading() as connection:
            return int(connection.scalar(select(facts.c.value).where(facts.c.name == name)) or 0)

    def _row(self, filing_id: str) -> dict[str, Any]:
        with self.database.reading() as connection:
            row = connection.execute(select(filings).where(filings.c.id == filing_id)).one_or_none()
        if row is None:
            raise KeyError(f"No filing {filing_id!r} in the library; `footnote filings` lists what there is.")
        return dict(row._mapping)

    def _passages(self, condition: Any) -> list[Passage]:
        # SQLite counts characters as Python does (code points), so a passage is cut from the text in the database.
        body = func.substr(filings.c.text, passages.c.start + 1, passages.c.end - passages.c.start).label("text")
        columns = [column for column in passages.c if column.name != "vector_key"]
        with self.database.reading() as connection:
            rows = connection.execute(
                select(*columns, body)
                .join(filings, filings.c.id == passages.c.filing_id)
                .where(condition)
                .order_by(passages.c.filing_id, passages.c.order)
            )
            return [Passage(**row._mapping) for row in rows]


def _filing(row: dict[str, Any]) -> Filing:
    return replace(Filing(**row), pages=tuple(json.loads(row["pages"])), notes=tuple(json.loads(row["notes"])))
