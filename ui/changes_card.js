// What changed from report to report, facet by facet.

const drawSentence = (className, { parts, notes }, hint, press, year = "") => {
  const line = make("p", className)
  if (year) line.append(make("span", "year", year))
  const references = notes.map((number) => drawReference(number, hint, press))
  parts.forEach(([words, isMarked], index) => {
    const tag = !isMarked ? "span" : className.includes("before") ? "del" : "ins"
    line.append(...(index < parts.length - 1 ? [make(tag, "", words)] : drawEnding(words, references, tag)))
  })
  return line
}

// Between companies nothing is new or gone: it is told by one and not by the other.
const drawFacet = (facet, hint, press, apart) => {
  const box = make("section", "facet")
  box.append(make("h3", "", facet.title))
  for (const [before, after] of facet.changed) {
    const pair = make("div", "pair")
    pair.append(drawSentence("before", before, hint, press, before.year), drawSentence("after", after, hint, press, after.year))
    box.append(pair)
  }
  for (const each of facet.added) box.append(drawSentence("added", each, hint, press, `${apart ? "only" : "new"} in ${each.year}`))
  for (const each of facet.removed) box.append(drawSentence("removed", each, hint, press, `${apart ? "only" : "last"} in ${each.year}`))
  if (!facet.changed.length && !facet.added.length && !facet.removed.length) {
    box.append(make("p", "silence", facet.kept.length ? "Nothing changed." : "Not disclosed in these filings."))
  }
  if (facet.kept.length) {
    const details = make("details")
    const count = facet.kept.length
    details.append(make("summary", "", count === 1 ? "1 sentence stayed the same" : `${count} sentences stayed the same`))
    for (const each of facet.kept) details.append(drawSentence("kept", each, hint, press))
    box.append(details)
  }
  return box
}

export default showing(({ facets, apart }, hint, press) => facets.map((facet) => drawFacet(facet, hint, press, apart)))
