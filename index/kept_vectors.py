"""The vectors that the record holds, each under the key of the text that it stands for, and which model made them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from sqlalchemy import delete, insert, select

from index.database import Database, in_parts
from index.filing import Vectors
from index.tables import embedded_by, vectors


class KeptVectors:
    """Kept as they are made, so that work that was cut off is taken up where it stopped."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, keys: Iterable[str]) -> dict[str, Vectors]:
        """Those of these keys that there are."""
        found: dict[str, Vectors] = {}
        with self._database.reading() as connection:
            for part in in_parts(list(dict.fromkeys(keys))):
                for row in connection.execute(select(vectors).where(vectors.c.key.in_(part))):
                    found[row.key] = np.frombuffer(row.vector, dtype=np.float32)
        return found

    def keep(self, keyed: dict[str, Vectors]) -> None:
        rows = [{"key": key, "vector": np.asarray(vector, np.float32).tobytes()} for key, vector in keyed.items()]
        if rows:
            with self._database.writing() as connection:
                connection.execute(self._database.insert_or(vectors).on_conflict_do_nothing(), rows)

    def made_by(self) -> tuple[str, int] | None:
        """The model that made them, and their dimensions; None in a library that knows of neither yet."""
        with self._database.reading() as connection:
            row = connection.execute(select(embedded_by)).first()
        return (row.model, row.dimensions) if row else None

    def note_model(self, model: str, dimensions: int) -> None:
        if self.made_by() != (model, dimensions):
            with self._database.writing() as connection:
                connection.execute(delete(embedded_by))
                connection.execute(insert(embedded_by).values(model=model, dimensions=dimensions))
