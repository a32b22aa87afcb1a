// Figures over the years: a row a figure, a column a report, each value with its footnote.

const drawValue = (cell, hint, press) => {
  const box = make("td", "value")
  if (!cell) {
    box.append(make("span", "silence", "–"))
    return box
  }
  const ending = make("span", "ending", cell.value)
  ending.append(" ")
  for (const number of cell.notes) ending.append(drawReference(number, hint, press))
  box.append(ending)
  return box
}

export default showing(({ heads, rows }, hint, press) => {
  const told = rows.map((row) => [row.title, row.cells.map((cell) => drawValue(cell, hint, press))])
  return [drawYears("figures", "Figures over the years", heads.map((title) => drawHead("col", title)), told)]
})
