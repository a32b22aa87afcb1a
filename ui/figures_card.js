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

export default function (component) {
  const { data, parentElement } = component
  const article = parentElement.querySelector("article")
  const words = JSON.stringify(data)
  if (article.words !== words) {
    article.words = words
    const hint = drawHint(article, data.footnotes)
    const press = (number) => openFootnote(data, number)
    const table = make("table", "figures")
    const head = make("tr")
    head.append(make("td"))
    for (const title of data.heads) {
      const cell = make("th", "", title)
      cell.scope = "col"
      head.append(cell)
    }
    table.append(head)
    for (const row of data.rows) {
      const line = make("tr")
      const title = make("th", "", row.title)
      title.scope = "row"
      line.append(title, ...row.cells.map((cell) => drawValue(cell, hint, press)))
      table.append(line)
    }
    const frame = make("div", "frame")
    frame.tabIndex = 0
    frame.setAttribute("role", "region")
    frame.setAttribute("aria-label", "Figures over the years")
    frame.append(table)
    article.replaceChildren(frame, hint.element)
    markOpen(article, data.card)
  }
  article.unfollow?.()
  article.unfollow = followOpened(article, data.card)
  return () => article.unfollow()
}
