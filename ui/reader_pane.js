// The filing's text, open at the cited words. All words arrive as data and become text nodes, never markup.

const make = (tag, className, text) => {
  const element = document.createElement(tag)
  if (className) element.className = className
  if (text !== undefined) element.textContent = text
  return element
}

const put = (element, parts) => {
  for (const [words, cited] of parts) element.append(cited ? make("mark", "", words) : words)
  return element
}

const TAGS = { item: "h2", heading: "h3", entry: "p", text: "p" }

const drawBlock = (block) => {
  if (block.kind !== "table") return put(make(TAGS[block.kind], block.kind), block.parts)
  const table = make("table")
  for (const cells of block.rows) {
    const row = make("tr")
    for (const parts of cells) row.append(put(make("td"), parts))
    table.append(row)
  }
  const frame = make("div", "table")
  frame.append(table)
  return frame
}

const drawBar = ({ title, place, footnote }, step, close) => {
  const bar = make("header")
  const words = make("div", "words")
  words.append(make("strong", "", title), make("span", "", place))
  const buttons = make("div", "buttons")
  const button = (label, sign, act, isOff) => {
    const made = make("button", "", sign)
    made.type = "button"
    made.disabled = isOff
    made.setAttribute("aria-label", label)
    made.addEventListener("click", act)
    buttons.append(made)
    return made
  }
  if (footnote.count) {
    button("Previous footnote", "‹", () => step(-1), footnote.index === 0)
    buttons.append(make("span", "count", `footnote ${footnote.index + 1} of ${footnote.count}`))
    button("Next footnote", "›", () => step(1), footnote.index === footnote.count - 1)
  }
  button("Close the filing", "×", close, false).className = "close"
  bar.append(words, buttons)
  return bar
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const pane = parentElement.querySelector("section")
  const close = () => pane.classList.remove("open")
  const { blocks, presses, ...rest } = data

  const bar = drawBar(rest, (by) => setTriggerValue("stepped", by), close)
  const oldBar = pane.querySelector("header")
  const focused = [...(oldBar?.querySelectorAll("button") ?? [])].indexOf(pane.getRootNode().activeElement)
  if (oldBar) oldBar.replaceWith(bar)
  else pane.append(bar)
  if (focused >= 0) [...bar.querySelectorAll("button")][focused]?.focus({ preventScroll: true })

  const words = JSON.stringify([blocks, data.notice])
  if (pane.words !== words) {
    pane.words = words
    const text = make("div", "paper")
    text.tabIndex = 0
    text.setAttribute("aria-label", "Text of the filing")
    if (data.notice) text.append(make("p", "notice", data.notice))
    for (const block of blocks) text.append(drawBlock(block))
    const oldText = pane.querySelector(".paper")
    const scrolled = oldText?.scrollTop ?? 0
    if (oldText) oldText.replaceWith(text)
    else pane.append(text)
    text.scrollTop = scrolled
  }

  // Only a press moves the text; a mere redraw leaves the reader where they are.
  if (presses && pane.presses !== presses) {
    pane.classList.add("open")
    const text = pane.querySelector(".paper")
    const cited = [...text.querySelectorAll("mark")]
    if (cited.length) {
      const offset = cited[0].getBoundingClientRect().top - text.getBoundingClientRect().top
      text.scrollTop += offset - text.clientHeight * 0.28
      for (const each of cited) {
        each.classList.remove("pulse")
        void each.offsetWidth // without a layout in between the animation would not start again
        each.classList.add("pulse")
      }
    }
  }
  pane.presses = presses
  pane.onkeydown = (event) => event.key === "Escape" && close()
}
