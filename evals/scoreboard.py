"""`footnote eval`: how good summaries and answers are on the cases of evals/cases, each figure measured in this run."""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals.cases import SEEDS, QuestionCase, found, load_nuggets, load_questions, mean, squash
from rag.answer import Answer
from rag.assistant import Assistant

MOST_WORDS = 130  # these are questions of fact: a longer answer buries it
FIRST_PERSON = re.compile(r"\b(?:we|our|ours|us)\b", re.IGNORECASE)


@dataclass(frozen=True)
class SummaryScore:
    """One filing's summary: share of the vital facts, facet by facet, and what it is made of."""

    filing: str
    coverage: float
    tokens: int
    sentences: int
    exact: int  # sentences all of whose footnotes are verbatim at their offsets
    first_person: int
    missed: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class QuestionScore:
    """One question: right, or why not."""

    id: str
    question: str
    answerable: bool
    right: bool
    why: str
    text: str


def main(verbose: bool = False, json_path: Path | None = None) -> None:
    """Measure on a fresh library of the seeds, and print the board."""
    with tempfile.TemporaryDirectory(prefix="footnote-eval-") as folder:
        assistant = Assistant.open(Path(folder))
        assistant.ingest(sorted(SEEDS.glob("*.txt")))
        summaries = score_summaries(assistant)
        questions = score_questions(assistant)
        assistant.close()
    if json_path:
        rows = {"summaries": [asdict(s) for s in summaries], "questions": [asdict(q) for q in questions]}
        json_path.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")
    _print(summaries, questions, verbose)


def score_summaries(assistant: Assistant) -> list[SummaryScore]:
    by_filing = defaultdict(list)
    for nugget in load_nuggets():
        by_filing[nugget.filing].append(nugget)
    scores = []
    for filing_id, nuggets in by_filing.items():
        started = time.perf_counter()
        answer = assistant.summarize(filing_id)
        seconds = time.perf_counter() - started
        facets: dict[str, list[float]] = defaultdict(list)
        for nugget in nuggets:
            facets[nugget.facet].append(float(nugget.covered_by(answer.text)))
        scores.append(
            SummaryScore(
                filing=filing_id,
                coverage=mean([mean(hits) for hits in facets.values()]),
                tokens=answer.tokens,
                sentences=len(answer.sentences),
                exact=exact_sentences(assistant, answer),
                first_person=sum(bool(FIRST_PERSON.search(sentence.text)) for sentence in answer.sentences),
                missed=tuple(nugget.id for nugget in nuggets if not nugget.covered_by(answer.text)),
                seconds=seconds,
            )
        )
    return scores


def exact_sentences(assistant: Assistant, answer: Answer) -> int:
    """How many sentences have footnotes, all of them verbatim at their offsets."""
    texts = {filing_id: assistant.text(filing_id) for filing_id in answer.searched}
    return sum(
        bool(sentence.citations)
        and all(texts[one.filing_id][one.start : one.end] == one.quote for one in sentence.citations)
        for sentence in answer.sentences
    )


def score_questions(assistant: Assistant) -> list[QuestionScore]:
    scores = []
    for case in load_questions():
        history: list[Answer] = []
        for earlier in case.before:
            history.append(assistant.ask(earlier, case.filing, tuple(history)))
        answer = assistant.ask(case.question, case.filing, tuple(history))
        why = problem_of(assistant, case, answer)
        scores.append(QuestionScore(case.id, case.question, case.answerable, not why, why, answer.text))
    return scores


def problem_of(assistant: Assistant, case: QuestionCase, answer: Answer) -> str:
    """Why an answer is not right; empty when it is."""
    if any(found(pattern, answer.text) for pattern in case.none):
        return "says what it must not"
    if not case.answerable:
        return "answers what the filing does not tell" if answer.answered else ""
    if not answer.answered:
        return "refuses what the filing tells"
    if len(answer.text.split()) > MOST_WORDS:
        return f"rambles: {len(answer.text.split())} words"
    missing = [pattern for pattern in case.all if not found(pattern, answer.text)]
    if missing:
        return f"lacks {missing[0]}"
    cited = squash(" ".join(assistant.passage(c.passage_id).text for s in answer.sentences for c in s.citations))
    unsupported = [words for words in case.evidence if squash(words) not in cited]
    return f"does not cite {unsupported[0]!r}" if unsupported else ""


def _print(summaries: list[SummaryScore], questions: list[QuestionScore], verbose: bool) -> None:
    console = Console()
    table = Table("filing", "coverage", "tokens", "sentences", "exact", "first person", "seconds", title="Summaries")
    for score in summaries:
        cells = (f"{score.coverage:.3f}", score.tokens, score.sentences, score.exact, score.first_person)
        table.add_row(score.filing, *map(str, cells), f"{score.seconds:.2f}")
    table.add_section()
    count = sum(score.sentences for score in summaries)
    table.add_row(
        "all",
        f"{mean([score.coverage for score in summaries]):.3f}",
        f"<= {max(score.tokens for score in summaries)}",
        str(count),
        f"{sum(score.exact for score in summaries) / count:.3f}",
        f"{sum(score.first_person for score in summaries) / count:.3f}",
        "",
    )
    console.print(table)
    refusals = [one for one in questions if not one.answerable]
    made_up = sum(not one.right for one in refusals)
    console.print(
        f"Questions: {sum(one.right for one in questions)}/{len(questions)} right, "
        f"{len(refusals) - made_up}/{len(refusals)} refusals, {made_up} made up."
    )
    if verbose:
        for summary in summaries:
            console.print(f"{summary.filing} misses {', '.join(summary.missed) or 'nothing'}", highlight=False)
        for wrong in (score for score in questions if not score.right):
            words = f"{wrong.id} {wrong.question}\n  {wrong.why}\n  -> {wrong.text}"
            console.print(words, highlight=False, markup=False)
