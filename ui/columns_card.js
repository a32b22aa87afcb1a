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

const drawTable = ({ heads, rows }, hint, press) => {
  const table = make("table", "columns")
  const head = make("tr")
  head.append(make("td"))
  for (const { title, tokens } of heads) {
    const cell = make("th", "", title)
    cell.scope = "col"
    cell.append(make("span", "tokens", tokens))
    head.append(cell)
  }
  table.append(head)
  for (const row of rows) {
    const line = make("tr")
    const title = make("th", "", row.title)
    title.scope = "row"
    line.append(title, ...row.cells.map((cell) => drawCell(cell, hint, press)))
    table.append(line)
  }
  const frame = make("div", "frame")
  frame.tabIndex = 0
  frame.setAttribute("role", "region")
  frame.setAttribute("aria-label", "Summaries side by side")
  frame.append(table)
  return frame
}

export default function (component) {
  const { data, parentElement } = component
  const article = parentElement.querySelector("article")
  const words = JSON.stringify(data)
  if (article.words !== words) {
    article.words = words
    const hint = drawHint(article, data.footnotes)
    article.replaceChildren(drawTable(data, hint, (number) => openFootnote(data, number)), hint.element)
    markOpen(article, data.card)
  }
  article.unfollow?.()
  article.unfollow = followOpened(article, data.card)
  return () => article.unfollow()
}
