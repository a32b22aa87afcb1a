"""How good and how fast Footnote is, measured."""
