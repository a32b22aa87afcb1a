"""A language model that leaves out or bends the little word that a sentence hangs on: what it says is never shown.

The lies were written before anybody looked which of them pass. Each stands beside the whole sentence that it was made
of, which is shown: so nothing here passes because nothing at all is shown.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.build import FilingIndex
from index.settings import IndexSettings
from rag.assistant import Assistant
from tests.rag.conftest import RememberingEncoder, Serve, model_at
from tests.rag.made_up import write_report
from tests.rag.stub_model import Request, Says

# A sentence of the report, and what a model makes of it.
LIES: dict[str, tuple[str, ...]] = {
    # What may be, is planned or is only said
    "We may close our yard in Bergen in 2024 if fuel prices remain high.": (
        "It will close its yard in Bergen in 2024 if fuel prices remain high.",
        "It may close its yard in Bergen in 2024.",
        "It closes its yard in Bergen in 2024 if fuel prices remain high.",
    ),
    "We expect to take delivery of two electric ferries in 2024, subject to the yard's approval.": (
        "It takes delivery of two electric ferries in 2024, subject to the yard's approval.",
        "It expects to take delivery of two electric ferries in 2024.",
    ),
    "We believe that our ferries are among the most efficient vessels in the region.": (
        "Its ferries are among the most efficient vessels in the region.",
        "It believes that its ferries are the most efficient vessels in the region.",
    ),
    "According to the Coastal Traffic Institute, we carried approximately 18% of all ferry passengers in 2022.": (
        "It carried approximately 18% of all ferry passengers in 2022.",
        "According to the company, it carried approximately 18% of all ferry passengers in 2022.",
        "According to the Coastal Traffic Institute, it carried 18% of all ferry passengers in 2022.",
    ),
    "As reported by the Passenger Council, our crews are the friendliest in Norway.": (
        "Its crews are the friendliest in Norway.",
    ),
    "The port authority alleges that we discharged untreated water; we deny the allegation.": (
        "It discharged untreated water.",
        "The port authority discharged untreated water.",
        "The port authority denies the allegation.",
    ),
    "Our catamarans are reportedly faster than those of any rival.": (
        "Its catamarans are faster than those of any rival.",
    ),
    "No assurance can be given that we will renew the concession for Stavanger.": (
        "It will renew the concession for Stavanger.",
    ),
    # Conditions and exceptions
    "Once the new yard opens, we will employ 300 welders.": ("It will employ 300 welders.",),
    "We will open a route to Haugesund, pending approval by the county.": ("It will open a route to Haugesund.",),
    "We will receive $4 million from the county, contingent upon the hiring of 50 people.": (
        "It will receive $4 million from the county.",
    ),
    "We will keep the license for Moss as long as we meet the punctuality targets.": (
        "It will keep the license for Moss.",
    ),
    "In the event of a default, the lender will take possession of our piers.": (
        "The lender will take possession of its piers.",
    ),
    "Depending on the weather, our boats to Utsira sail four times a day.": (
        "Its boats to Utsira sail four times a day.",
    ),
    "Had we consolidated Fjordway, our sales would have been $101 million in 2022.": (
        "Its sales would have been $101 million in 2022.",
        "Its sales were $101 million in 2022.",
    ),
    "Our loan agreement does not permit us to pay dividends, except with the consent of the lender.": (
        "Its loan agreement does not permit it to pay dividends.",
        "Its loan agreement does permit it to pay dividends, except with the consent of the lender.",
    ),
    "Unless the concession is renewed, we will cease to operate the Harbor route on June 30, 2025.": (
        "It will cease to operate the Harbor route on June 30, 2025.",
    ),
    "With the exception of the Night Line, our lines are profitable.": ("Its lines are profitable.",),
    "All of our routes other than the Island route require a permit.": (
        "All of its routes require a permit.",
        "The Island route requires a permit.",
    ),
    # What a statement is true of
    "In Denmark, we have 120 employees.": ("It has 120 employees.",),
    "For our freight segment, operating profit was $12 million.": ("Operating profit was $12 million.",),
    "Among operators with fewer than five ships, we are the largest in Denmark.": ("It is the largest in Denmark.",),
    "On a pro forma basis, our turnover was $90 million in 2022.": ("Its turnover was $90 million in 2022.",),
    "Revenue from charters increased 12% to $48.3 million in 2022, compared with $43.1 million in 2021.": (
        "Revenue increased 12% to $48.3 million in 2022, compared with $43.1 million in 2021.",
        "Revenue from charters increased 12% to $43.1 million in 2022.",
        "Revenue from charters increased 12% to $48.3 million in 2021.",
        "Revenue from charters increased $12 million to $48.3 million in 2022, compared with $43.1 million in 2021.",
    ),
    "Before 2020, we leased a yard in Aarhus.": ("It leased a yard in Aarhus.",),
    "Prior to the merger, we were owned by the county.": ("It was owned by the county.",),
    "During the pandemic, we sold tickets online only to residents.": ("It sold tickets online only to residents.",),
    "We own, through our 51% subsidiary, four tugs.": ("It owns four tugs.",),
    "We operate, via a joint venture with Nordbane, a terminal in Malmo.": ("It operates a terminal in Malmo.",),
    "Together with Nordbane, we own a slipway in Bergen.": ("It owns a slipway in Bergen.",),
    "Nordbane, as well as Havfrakt, accounted for 38% of our charters in 2022.": (
        "Nordbane accounted for 38% of its charters in 2022.",
    ),
    "In the opinion of the plaintiffs, our charter is void.": ("Its charter is void.",),
    "We are, by tonnage, the largest carrier of trucks in Denmark.": (
        "It is the largest carrier of trucks in Denmark.",
    ),
    "Income, before taxes, was $6.2 million in 2022.": ("Income was $6.2 million in 2022.",),
    "We are, we believe, the only line to Utsira.": ("It is the only line to Utsira.",),
    "The loan is guaranteed by our parent, but only to the extent of $5 million.": (
        "The loan is guaranteed by its parent.",
    ),
    "We received approval, which is under appeal, to dredge the harbor of Moss.": (
        "It received approval to dredge the harbor of Moss.",
    ),
    "We own all of our piers, save for two.": ("It owns all of its piers.",),
    "We will build in Arendal, or lease in Larvik, a depot.": ("It will build in Arendal a depot.",),
    "The suit was dismissed, without prejudice, in May 2022.": ("The suit was dismissed in May 2022.",),
    "Demand for cabins is, in some months, slack.": ("Demand for cabins is slack.",),
    # How much, how often and how
    "Fuel costs decreased by 3 percentage points, from 27% of revenue in 2021 to 24% of revenue in 2022.": (
        "Fuel costs decreased by 3%, from 27% of revenue in 2021 to 24% of revenue in 2022.",
        "Fuel costs decreased by 3 percentage points, from 27% of revenue in 2022.",
    ),
    "Up to 40% of our seats are sold through travel agents during the summer.": (
        "40% of its seats are sold through travel agents during the summer.",
    ),
    "Most of our captains have more than ten years of service, but few of our deckhands do.": (
        "Its captains have more than ten years of service.",
        "Most of its captains have ten years of service.",
        "Most of its deckhands do.",
    ),
    "We pay a fee of $3 million annually to the port of Oslo.": ("It pays a fee of $3 million to the port of Oslo.",),
    "We rarely sell tickets to Kiel at a discount.": ("It sells tickets to Kiel at a discount.",),
    "Our hulls are partially insured.": ("Its hulls are insured.",),
    "In 2002, we carried more than 2,000 trucks.": ("It carried more than 2,000 trucks.",),
    "Our ferries carried 2.4 million passengers and 310,000 vehicles in 2022.": (
        "Its ferries carried 2.4 million vehicles in 2022.",
        "Its ferries carried 2.4 passengers and 310,000 vehicles in 2022.",
        "Its ferries carried 310,000 passengers in 2022.",
    ),
    # Who, of whom, and the halves of two statements
    "Our competitor, Northstar Lines, operates 34 vessels; we operate 21 vessels.": (
        "It operates 34 vessels.",
        "Northstar Lines operates 21 vessels.",
        "Its competitor, Northstar Lines, operates 21 vessels.",
    ),
    "We lease eleven of our vessels and own the remaining ten.": (
        "It leases the remaining ten.",
        "It leases its vessels.",
        "It owns eleven of its vessels.",
    ),
    "Mr. Olsen, our former treasurer, resigned in March 2022, and Ms. Berg was appointed treasurer in May 2022.": (
        "Mr. Olsen was appointed treasurer in May 2022.",
        "Mr. Olsen, its treasurer, resigned in March 2022.",
        "Ms. Berg resigned in March 2022.",
    ),
    "Our net loss was $5.1 million in 2022, and our subsidiary Fjordway earned net income of $1.4 million.": (
        "Its net income was $5.1 million in 2022.",
        "Its net loss was $1.4 million.",
        "It earned net income of $1.4 million.",
    ),
    "Our tickets are cheaper than those of bus operators on short routes but more expensive on long routes.": (
        "Its tickets are cheaper than those of bus operators on long routes.",
        "Its tickets are cheaper than those of bus operators.",
    ),
    "Neither of our two routes to Iceland was profitable in 2022.": (
        "One of its two routes to Iceland was profitable in 2022.",
        "Its two routes to Iceland was profitable in 2022.",
    ),
    "Operating cash flow was $(2.1) million in 2022 and $6.0 million in 2021.": (
        "Operating cash flow was $2.1 million in 2022.",
        "Operating cash flow was $6.0 million in 2022.",
        "Operating cash flow was $(2.1) million in 2021.",
    ),
    "Until 2019, we operated a hotel in Bergen, which we sold to Fjord Hotels.": (
        "It operated a hotel in Bergen.",
        "It operates a hotel in Bergen.",
    ),
}
# Halves of two sentences of the report, both of which are named.
JOINED = {
    "Revenue from charters is sold through travel agents during the summer.": ("charters increased", "travel agents"),
    "Its captains require a permit.": ("captains", "require a permit"),
    "Its ferries carried 2.4 million passengers to Iceland in 2022.": ("2.4 million", "Iceland"),
    "Its competitor, Northstar Lines, discharged untreated water.": ("Northstar", "untreated"),
    "It leases eleven of its vessels, except with the consent of the lender.": ("eleven", "consent of the lender"),
    "It rarely sells tickets to Kiel at a discount because its hulls are insured.": ("Kiel", "hulls"),
}


def named(words: str) -> str:
    return next(one for one in LIES if words in one)


@pytest.fixture(scope="module")
def ferries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("ferries")
    ferries = Assistant(FilingIndex(IndexSettings(data_dir=folder / "data", least_free_bytes=0), RememberingEncoder()))
    report = "Item 1. BUSINESS\nGeneral\n" + "\n".join(LIES) + "\n"
    ferries.ingest([write_report(folder, "ferries", report, company="Tideline Ferries, Inc.")])
    yield ferries
    ferries.close()


def must_be_withheld(ferries: Assistant, serve: Serve, lies: tuple[str, ...], sources: tuple[str, ...]) -> None:
    truth = sources[0]

    def lines(request: Request) -> str:
        rests_on = "".join(f"FROM {request.id_of(source)} {source}\n" for source in sources)
        told = "".join(f"SAY {lie}\n{rests_on}\n" for lie in lies)
        again = "".join(f"SAY [{number}] {lie}\n{rests_on}\n" for number, lie in enumerate(lies, start=1))
        is_to_mend = len(request.body["messages"]) > 2
        return again if is_to_mend else f"{told}SAY {truth}\nFROM {request.id_of(truth)} {truth}\n\nDONE\n"

    shown: list[str] = []
    answer = ferries.ask(
        truth,
        on_sentence=lambda sentence: shown.append(sentence.text),
        model=model_at(serve(Says(lines, piece=500)).address, model_attempts=1),
    )
    assert [one.text for one in answer.withheld] == list(lies)
    assert [one.quote for sentence in answer.sentences for one in sentence.citations] == [truth]
    assert shown == [sentence.text for sentence in answer.sentences]


def test_there_are_more_than_sixty_of_them() -> None:
    assert sum(map(len, LIES.values())) + len(JOINED) > 60


@pytest.mark.parametrize("truth", LIES)
def test_what_a_sentence_hangs_on_is_never_left_out(ferries: Assistant, serve: Serve, truth: str) -> None:
    must_be_withheld(ferries, serve, LIES[truth], (truth,))


@pytest.mark.parametrize("lie", JOINED)
def test_halves_of_two_sentences_are_never_joined(ferries: Assistant, serve: Serve, lie: str) -> None:
    must_be_withheld(ferries, serve, (lie,), tuple(map(named, JOINED[lie])))
