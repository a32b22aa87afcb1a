// A table over the years: a column a report, a row a matter; it scrolls in a frame of its own where it is wide.

const drawHead = (scope, words) => {
  const cell = make("th")
  for (const word of words.split(" ")) cell.append(make("span", "word", word), " ") // no line ends within "10-K"
  cell.scope = scope
  return cell
}

const drawYears = (className, label, heads, rows) => {
  const table = make("table", className)
  const head = make("tr")
  head.append(make("td"), ...heads)
  table.append(head)
  for (const [title, cells] of rows) {
    const line = make("tr")
    line.append(drawHead("row", title), ...cells)
    table.append(line)
  }
  const frame = make("div", "frame")
  frame.tabIndex = 0
  frame.setAttribute("role", "region")
  frame.setAttribute("aria-label", label)
  frame.append(table)
  return frame
}
