// The text of a filing as elements, and the search within it. Part of the reader (reader_pane.js); all words become text
// nodes, never markup.

const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const TAGS = { item: "h2", heading: "h3", entry: "p", text: "p" }
const MOST_FOUND = 2000
const LONG = 200 // blocks, from which on what is out of sight is not laid out

const clean = (words) => words.replace(CONTROLS, "")

// Offsets count characters, JavaScript counts halves of some: they differ only where there are such.
const cut = (words, at) => (/[\ud800-\udbff]/.test(words) ? Array.from(words).slice(0, at).join("").length : at)

// ---- The text: units of a paragraph or a cell, each of which knows its place --------------------------------------

const fill = (unit, start, end) => {
  const { element, at, words } = unit
  const first = cut(words, Math.max(0, start - at))
  const last = cut(words, Math.max(0, end - at))
  const cited = words.slice(first, last)
  if (!cited) element.replaceChildren(clean(words))
  else element.replaceChildren(clean(words.slice(0, first)), make("mark", "", clean(cited)), clean(words.slice(last)))
}

const drawText = (data) => {
  const paper = make("div", "paper")
  paper.tabIndex = 0
  paper.setAttribute("role", "document")
  paper.setAttribute("aria-label", "Text of the filing")
  const units = []
  const add = (element, at, words) => {
    const unit = { element, at, words, end: at + Array.from(words).length }
    units.push(unit)
    fill(unit, 0, 0)
    return element
  }
  if (data.notice) paper.append(make("p", "notice", data.notice))
  for (const block of data.blocks) {
    if (block.kind !== "table") {
      paper.append(add(make(TAGS[block.kind], block.kind), block.at, block.words))
      continue
    }
    const table = make("table")
    for (const [at, line] of block.rows) {
      const row = make("tr")
      let place = at
      for (const cell of line.split(" | ")) {
        row.append(add(make("td"), place, cell))
        place += Array.from(cell).length + 3
      }
      table.append(row)
    }
    const frame = make("div", "table")
    frame.append(table)
    paper.append(frame)
  }
  paper.classList.toggle("long", data.blocks.length > LONG)
  return { paper, units }
}

const unitsIn = (units, start, end) => units.filter((unit) => unit.at < end && unit.end > start)

const scrollTo = (paper, element, share = 0.28) => {
  const offset = element.getBoundingClientRect().top - paper.getBoundingClientRect().top
  paper.scrollTop += offset - paper.clientHeight * share
}

// ---- Search within --------------------------------------------------------------------------------------------------

const findAll = (units, wanted) => {
  const found = []
  if (!wanted) return found
  for (const { element } of units) {
    const words = element.textContent.toLowerCase().replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"')
    for (let at = words.indexOf(wanted); at >= 0 && found.length < MOST_FOUND; at = words.indexOf(wanted, at + 1)) {
      found.push({ element, at })
    }
  }
  return found
}

const rangeOf = ({ element, at }, length) => {
  const range = document.createRange()
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  let place = 0
  let begun = false
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const size = node.data.length
    if (!begun && at < place + size) {
      range.setStart(node, at - place)
      begun = true
    }
    if (begun && at + length <= place + size) {
      range.setEnd(node, at + length - place)
      break
    }
    place += size
  }
  return range
}

const paintFound = (ranges, current) => {
  if (!window.Highlight || !CSS.highlights) return // an older browser scrolls there all the same
  CSS.highlights.set("footnote-found", new Highlight(...ranges))
  CSS.highlights.set("footnote-found-now", new Highlight(...(current ? [current] : [])))
}
