"""The items of a 10-K, and how their headings look."""

from __future__ import annotations

import re

ITEM_TITLES = {
    "1": "Business",
    "1A": "Risk Factors",
    "1B": "Unresolved Staff Comments",
    "1C": "Cybersecurity",
    "2": "Properties",
    "3": "Legal Proceedings",
    "4": "Mine Safety Disclosures",
    "5": "Market for Registrant's Common Equity",
    "6": "Selected Financial Data",
    "7": "Management's Discussion and Analysis",
    "7A": "Quantitative and Qualitative Disclosures About Market Risk",
    "8": "Financial Statements and Supplementary Data",
    "9": "Changes in and Disagreements With Accountants",
    "9A": "Controls and Procedures",
    "9B": "Other Information",
    "9C": "Disclosure Regarding Foreign Jurisdictions",
    "10": "Directors, Executive Officers and Corporate Governance",
    "11": "Executive Compensation",
    "12": "Security Ownership",
    "13": "Certain Relationships and Related Transactions",
    "14": "Principal Accountant Fees and Services",
    "15": "Exhibits and Financial Statement Schedules",
    "16": "Form 10-K Summary",
}
ITEM_HEADING = re.compile(
    r"^[ \t]*item\s+(\d{1,2}[ABC]?)\b[ \t]*[.:–—-]*[ \t]*([^\n|]*)$", re.IGNORECASE | re.MULTILINE
)


def split_glued_titles(text: str) -> str:
    """'Item 1. BusinessCompany Background' and 'ITEM 1. BUSINESS Industry' get the line break that a tool lost."""

    def divide(match: re.Match[str]) -> str:
        label, rest = match.group(0)[: match.start(2) - match.start(0)], match.group(2)
        title = ITEM_TITLES.get(match.group(1).upper(), "")
        tail = rest[len(title) :]
        if title and rest.casefold().startswith(title.casefold()) and re.match(r"\s?[A-Z]", tail):
            return f"{label}{rest[: len(title)]}\n{tail.strip()}"
        return match.group(0)

    return ITEM_HEADING.sub(divide, text)
