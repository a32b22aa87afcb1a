"""The tables of the library, as SQLite and PostgreSQL both have them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text

schema = MetaData()
# Sorted by code point in both databases: PostgreSQL would sort by the customs of whatever country it was set up in.
name = String().with_variant(String(collation="C"), "postgresql")

facts = Table("facts", schema, Column("name", String, primary_key=True), Column("value", Integer, nullable=False))
filings = Table(
    "filings",
    schema,
    Column("id", name, primary_key=True),
    Column("company", name, nullable=False),
    Column("ticker", String, nullable=False),
    Column("cik", String, nullable=False),
    Column("form", String, nullable=False),
    Column("fiscal_year", Integer),
    Column("period_end", String, nullable=False),
    Column("filed_on", String, nullable=False),
    Column("source", String, nullable=False),
    Column("sha256", String, nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("pages", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("sections", Text, nullable=False),
)
passages = Table(
    "passages",
    schema,
    Column("id", name, primary_key=True),
    Column("filing_id", ForeignKey("filings.id"), nullable=False, index=True),
    Column("item", String, nullable=False),
    Column("heading", String, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("page", Integer),
    Column("order", Integer, nullable=False),
    Column("vector_key", String, nullable=False),
)
vectors = Table(
    "vectors", schema, Column("key", String, primary_key=True), Column("vector", LargeBinary, nullable=False)
)
# A table of its own, not a column: libraries of earlier versions, in which every filing is finished, open as they are.
unfinished = Table(
    "unfinished",
    schema,
    Column("number", Integer, primary_key=True),
    Column("filing_id", ForeignKey("filings.id"), nullable=False, unique=True),
)
# Which model made the vectors, and of how many numbers each is: one row, there from the first vectors on.
embedded_by = Table(
    "embedded_by",
    schema,
    Column("model", String, primary_key=True),
    Column("dimensions", Integer, nullable=False),
)
