// Summaries side by side: a column a report, a row a facet.

const drawCell = ({ sentences, silent }, hint, press) => {
  const cell = make("td")
  const prose = make("p")
  for (const { parts, notes } of sentences) {
    const references = notes.map((number) => drawReference(number, hint, press))
    prose.append(...drawEnding(parts.map(([words]) => words).join(""), references), " ")
  }
  if (sentences.length) cell.append(prose)
  else cell.append(make("p", "silence", silent ? "Not disclosed." : "Nothing told for want of room."))
  return cell
}

const drawReport = ({ title, tokens }) => {
  const head = drawHead("col", title)
  head.append(make("span", "tokens", tokens))
  return head
}

export default showing(({ heads, rows }, hint, press) => {
  const told = rows.map((row) => [row.title, row.cells.map((cell) => drawCell(cell, hint, press))])
  return [drawYears("columns", "Summaries side by side", heads.map(drawReport), told)]
})
