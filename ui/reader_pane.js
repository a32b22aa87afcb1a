// The filing's text. All words arrive as data and become text nodes, never markup. Footnotes are opened here, by the
// event "footnote:open" that answer_card.js sends; the server is asked only for a filing that is not at hand.

const SETTLES = 3 // frames
const AT_HAND = 4 // filings
const CHOICES = ".st-key-chips, .st-key-choice" // where filings are chosen (filing_choice.py)
const LATEST = 3000 // milliseconds, after which the server's answer to a press is waited for no longer

// ---- The pane -------------------------------------------------------------------------------------------------------

const place = (data, note) => {
  const before = (kinds) => data.outline.filter((entry) => kinds.includes(entry.kind) && entry.at <= note.start).at(-1)
  const item = before(["item"])
  const heading = before(["heading"])
  const page = data.pages.filter((start) => start <= note.start).length
  const parts = [item?.words, heading && heading.at > (item?.at ?? -1) ? heading.words : "", page ? `page ${page}` : ""]
  return parts.filter(Boolean).join(" › ")
}

// How often the server was asked for a filing, and when last. Kept with the document: the server counts over its pages.
const lastPress = () => document.footnotePress ?? { number: 0, at: 0 }

const isHeard = () => lastPress().number === (document.footnoteHeard ?? 0)

const wordsOf = (data) => `${data.filing} ${data.blocks.length} ${data.blocks[0]?.at} ${data.notice}`

const drawLeaf = (data) => ({ words: wordsOf(data), data, ...drawText(data) })

const whenIdle = (act) => {
  if (window.requestIdleCallback) requestIdleCallback(act, { timeout: 2000 })
  else setTimeout(act, 200)
}

// What has the focus, inside a component too.
const focused = () => {
  let element = document.activeElement
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
  return element
}

class Pane {
  constructor(root) {
    this.root = root
    this.note = null // the footnote that lies open
    this.notes = [] // and its neighbours
    this.leaves = [] // the filings at hand, the one that lies open first
    this.found = []
    this.foundAt = -1
    this.drawFrame()
    this.listen = ({ detail }) => this.open(detail.note, detail.notes, detail.card, detail.isSeen)
    document.addEventListener("footnote:open", this.listen)
    root.addEventListener("keydown", (event) => this.pressed(event))
    root.addEventListener("pointerdown", (event) => {
      const path = event.composedPath()
      if (!path.includes(this.outline) && !path.includes(this.outlineButton)) this.showOutline(false)
    })
    // A sheet lies over the conversation, where the keyboard still is.
    this.escape = (event) => event.key === "Escape" && !event.composedPath().includes(root) && this.close()
    document.addEventListener("keydown", this.escape)
    // A busy server hears of a footnote and of a chip pressed after it at once, and not which came last.
    this.withdraw = ({ target }) => target.closest?.(CHOICES) && !isHeard() && this.turnTo({ filing: "", start: 0, end: 0 })
    document.addEventListener("click", this.withdraw, true)
    this.hear = () => this.catchUp()
    document.addEventListener("footnote:heard", this.hear)
    this.readAhead = () => this.prepare()
    document.addEventListener("footnote:ahead", this.readAhead)
    // What was open before the visitor went to another page, or what was pressed before this pane stood.
    this.left = document.footnoteOpen
  }

  drawFrame() {
    const button = (label, sign, act, className = "") => {
      const made = make("button", className)
      made.append(sign)
      made.type = "button"
      made.setAttribute("aria-label", label)
      made.title = label
      made.addEventListener("click", act)
      return made
    }
    const bar = make("header")
    const words = make("div", "words")
    this.title = make("strong")
    this.place = make("span")
    words.append(this.title, this.place)
    this.outlineButton = button("Outline", "☰", () => this.showOutline(this.outline.hidden), "tool")
    this.outlineButton.setAttribute("aria-expanded", "false")
    this.linkButton = button("Copy a link to this place", drawIcon("link"), () => this.copyLink(), "tool")
    const tools = make("div", "buttons")
    tools.append(this.linkButton, button("Close the filing", "×", () => this.close(), "close"))
    bar.append(this.outlineButton, words, tools)

    const tools2 = make("div", "finding")
    this.field = make("input")
    this.field.type = "search"
    this.field.placeholder = "Find in this filing"
    this.field.setAttribute("aria-label", "Find in this filing")
    this.field.addEventListener("input", () => this.find())
    this.tally = make("span", "count")
    this.tally.setAttribute("aria-live", "polite")
    this.findBack = button("Previous match", "‹", () => this.stepFound(-1))
    this.findOn = button("Next match", "›", () => this.stepFound(1))
    const finding = make("div", "buttons")
    finding.append(this.field, this.tally, this.findBack, this.findOn)
    this.back = button("Previous footnote", "‹", () => this.step(-1))
    this.count = make("span", "count")
    this.on = button("Next footnote", "›", () => this.step(1))
    this.stepping = make("div", "buttons stepping")
    this.stepping.append(this.back, this.count, this.on)
    tools2.append(finding, this.stepping)

    this.outline = make("nav", "outline")
    this.outline.setAttribute("aria-label", "Outline of the filing")
    this.outline.hidden = true
    this.paper = make("div", "paper")
    this.root.append(bar, tools2, this.outline, this.paper)
  }

  // What the server sends: the filing that it takes for open, whole.
  take(data) {
    this.told = data
    this.catchUp()
  }

  // Lay open what the server tells, once it has heard of the last press here: footnotes of two filings, pressed in quick
  // succession, are answered one after the other, and what it told before it heard says nothing.
  catchUp() {
    if (!this.told) return
    const data = this.told
    const words = wordsOf(data)
    if (!isHeard() && (performance.now() - lastPress().at < LATEST || this.sent === words)) return
    this.sent = words
    if (this.leaf?.words === words) return // it was at hand, and lies open already
    this.lay(this.leaves.find((leaf) => leaf.words === words) ?? drawLeaf(data))
    if (this.left) {
      const { note, notes, card, isSeen } = this.left
      this.left = null
      this.open(note, notes, card, isSeen)
    } else if (this.note && this.holds(this.note)) this.show()
    else if (isHeard()) { // else the filing of the note is still on its way
      this.note = null // the visitor turned to another filing
      this.tell()
    }
    this.prepare()
  }

  // Lay a filing open; the last few stay at hand, for a report of hundreds of pages takes a while to come and to draw.
  lay(leaf) {
    for (const unit of this.marked ?? []) fill(unit, 0, 0)
    this.marked = []
    const others = this.leaves.filter((each) => each.data.filing !== leaf.data.filing)
    this.leaves = leaf.units.length ? [leaf, ...others].slice(0, AT_HAND) : others
    const { data, paper, units } = leaf
    Object.assign(this, { leaf, data, units })
    this.title.textContent = data.title
    this.paper.replaceWith(paper)
    this.paper = paper
    this.drawOutline()
    this.outlineButton.disabled = !data.outline.length
    this.linkButton.disabled = !data.blocks.length
    this.root.classList.toggle("empty", !data.blocks.length)
    this.find()
  }

  // What may be opened next (reader_ahead.js) is drawn while nothing else is to be done.
  prepare() {
    const isNew = ({ filing }) => !this.leaves.some((leaf) => leaf.data.filing === filing)
    const text = Object.values(document.footnoteAhead ?? {}).find(isNew)
    if (!text || !this.leaf || this.isPreparing) return
    this.isPreparing = true
    whenIdle(() => {
      this.isPreparing = false
      delete document.footnoteAhead[text.filing]
      if (!this.hasLeft && isNew(text)) this.leaves.splice(1, 0, drawLeaf(JSON.parse(text.words)))
      this.leaves.splice(AT_HAND)
      this.prepare()
    })
  }

  holds(note, { data, units } = this) {
    if (data?.filing !== note.filing) return false
    if (!units.length) return true // it is gone, and will not come
    return note.start >= units[0].at && note.end <= units.at(-1).end
  }

  open(note, notes, card, isSeen = false) {
    this.note = note
    this.notes = notes ?? [note]
    this.card = card ?? ""
    document.footnoteOpen = { note, notes, card, isSeen: true }
    document.dispatchEvent(new CustomEvent("footnote:opened", { detail: { card: this.card, number: note.number } }))
    // Found again on another page, or open from the start of a share, it is no reason to lay a sheet over that page.
    if (!isSeen) {
      if (!this.root.matches(".open")) this.opener = focused()
      this.root.classList.add("open")
    }
    if (this.holds(note)) {
      this.show()
      return
    }
    const leaf = this.leaves.find((each) => this.holds(note, each))
    if (leaf) {
      this.lay(leaf)
      this.show()
    }
    // The server is told all the same: it is to know what lies open.
    this.turnTo(note)
  }

  turnTo({ filing, start, end }) {
    document.footnotePress = { number: lastPress().number + 1, at: performance.now() }
    this.ask({ filing, start, end, press: document.footnotePress.number })
  }

  show() {
    for (const unit of this.marked ?? []) fill(unit, 0, 0)
    this.marked = unitsIn(this.units, this.note.start, this.note.end)
    for (const unit of this.marked) fill(unit, this.note.start, this.note.end)
    this.find()
    const cited = [...this.paper.querySelectorAll("mark")]
    if (cited.length) this.scrollTo(cited[0])
    else if (this.note.quote && !this.data.blocks.length) this.paper.append(make("blockquote", "", clean(this.note.quote)))
    for (const each of cited) each.classList.add("pulse")
    this.tell()
  }

  // What was out of sight in a long text gets its true height only when it is seen, and moves the place with it.
  scrollTo(element, share, times = this.paper.classList.contains("long") ? SETTLES : 0) {
    if (!element.isConnected) return
    scrollTo(this.paper, element, share)
    if (times) requestAnimationFrame(() => this.scrollTo(element, share, times - 1))
  }

  tell() {
    const at = this.note && this.data.blocks.length ? place(this.data, this.note) : ""
    this.place.textContent = clean(at)
    this.place.title = clean(at)
    const index = this.note ? this.notes.findIndex((note) => note.number === this.note.number) : -1
    this.stepping.hidden = index < 0 || !this.note.number
    this.count.replaceChildren(make("span", "word", "footnote "), `${index + 1} of ${this.notes.length}`)
    this.back.disabled = index <= 0
    this.on.disabled = index >= this.notes.length - 1
  }

  step(by) {
    const index = this.notes.findIndex((note) => note.number === this.note.number)
    const next = this.notes[index + by]
    if (next) this.open(next, this.notes, this.card)
  }

  // ---- Outline and search

  drawOutline() {
    const list = make("ul")
    for (const entry of this.data.outline) {
      const button = make("button", entry.kind, clean(entry.words))
      button.type = "button"
      button.addEventListener("click", () => this.goTo(entry.at))
      const line = make("li")
      line.append(button)
      list.append(line)
    }
    this.outline.replaceChildren(list)
  }

  showOutline(isShown) {
    this.outline.hidden = !isShown
    this.outlineButton.setAttribute("aria-expanded", String(isShown))
    if (!isShown) return
    const top = this.paper.getBoundingClientRect().top
    const here = this.units.find((unit) => unit.element.getBoundingClientRect().bottom > top)?.at ?? 0
    const index = Math.max(0, this.data.outline.filter((entry) => entry.at <= here).length - 1)
    const button = this.outline.querySelectorAll("button")[index]
    button?.focus({ preventScroll: true })
    button?.scrollIntoView({ block: "center" })
  }

  goTo(at) {
    this.showOutline(false)
    const unit = this.units.find((each) => each.end > at)
    if (unit) this.scrollTo(unit.element, 0.02)
    else this.turnTo({ filing: this.data.filing, start: at, end: at })
    this.paper.focus({ preventScroll: true })
  }

  find() {
    const wanted = this.field.value.trim().toLowerCase().replace(/[\u2018\u2019]/g, "'")
    this.found = wanted.length > 1 ? findAll(this.units ?? [], wanted) : []
    this.ranges = this.found.map((match) => rangeOf(match, wanted.length))
    this.foundAt = -1
    paintFound(this.ranges)
    const more = this.found.length === MOST_FOUND ? "+" : ""
    this.tally.textContent = wanted.length > 1 ? `${this.found.length || "no"}${more} ${this.found.length === 1 ? "match" : "matches"}` : ""
    this.findBack.hidden = this.findOn.hidden = !this.found.length
  }

  stepFound(by) {
    if (!this.found.length) return
    this.foundAt = (this.foundAt + by + this.found.length) % this.found.length
    paintFound(this.ranges, this.ranges[this.foundAt])
    scrollTo(this.paper, this.ranges[this.foundAt], 0.35)
    this.tally.textContent = `${this.foundAt + 1} of ${this.found.length}`
  }

  // ---- Keys, links, an end

  pressed(event) {
    if (event.key === "Enter" && event.composedPath()[0] === this.field) this.stepFound(event.shiftKey ? -1 : 1)
    if (event.key !== "Escape") return
    if (!this.outline.hidden) {
      this.showOutline(false)
      this.outlineButton.focus()
    } else if (this.field.value) {
      this.field.value = ""
      this.find()
    } else this.close()
  }

  // Where it is a sheet; beside the conversation it stays.
  close() {
    const hadFocus = this.root.contains(focused())
    this.root.classList.remove("open")
    if (hadFocus && getComputedStyle(this.root).visibility === "hidden") this.opener?.focus({ preventScroll: true })
  }

  async copyLink() {
    const address = new URL("./", window.location.href)
    // Of a share, the place is in the text that was kept with it.
    const share = new URL(window.location.href).searchParams.get("share")
    if (share) address.searchParams.set("share", share)
    address.searchParams.set("filing", this.data.filing)
    const top = this.paper.getBoundingClientRect().top
    const seen = this.units.find((unit) => unit.element.getBoundingClientRect().bottom > top + 8)
    const span = this.note && this.marked?.length ? [this.note.start, this.note.end] : [seen?.at ?? 0, seen?.end ?? 0]
    address.searchParams.set("at", span.join("-"))
    try {
      await navigator.clipboard.writeText(address.href)
      this.place.textContent = "Link copied."
    } catch {
      this.place.textContent = address.href
    }
  }

  leave() {
    this.hasLeft = true
    document.removeEventListener("footnote:open", this.listen)
    document.removeEventListener("click", this.withdraw, true)
    document.removeEventListener("footnote:heard", this.hear)
    document.removeEventListener("footnote:ahead", this.readAhead)
    document.removeEventListener("keydown", this.escape)
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector("section")
  root.pane ??= new Pane(root)
  root.pane.ask = (wanted) => setTriggerValue("wanted", wanted)
  root.pane.take(data)
  return () => {
    root.pane?.leave()
    root.pane = undefined
    root.replaceChildren()
  }
}
