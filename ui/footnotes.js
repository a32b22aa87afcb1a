// What the components of the page share: a footnote's number and card, and the event that opens it in the reader.
// All words arrive as data and become text nodes, never markup.

const make = (tag, className, text) => {
  const element = document.createElement(tag)
  if (className) element.className = className
  if (text !== undefined) element.textContent = text
  return element
}

const ICONS = {
  copy: "M9 9h10v12H9zM5 15V3h10",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 6 6l1-1",
  place: "M6 3h12v18l-6-5-6 5z",
  again: "M20 11a8 8 0 1 0-2.3 6.3M20 4v7h-7",
  edit: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
  up: "M7 11v9H4v-9zM7 11l4-8c2 0 3 1 3 3l-1 4h6c1 0 2 1 2 2l-2 7c0 1-1 1-2 1H7",
  down: "M7 13V4H4v9zM7 13l4 8c2 0 3-1 3-3l-1-4h6c1 0 2-1 2-2l-2-7c0-1-1-1-2-1H7",
}

const drawIcon = (name) => {
  const space = "http://www.w3.org/2000/svg"
  const icon = document.createElementNS(space, "svg")
  icon.setAttribute("viewBox", "0 0 24 24")
  icon.setAttribute("aria-hidden", "true")
  const path = document.createElementNS(space, "path")
  path.setAttribute("d", ICONS[name])
  icon.append(path)
  return icon
}

// The card that a footnote number shows under the pointer or the keyboard's focus.
const drawHint = (article, footnotes) => {
  const hint = make("div", "hint")
  hint.setAttribute("role", "tooltip")
  hint.id = "hint"
  hint.hidden = true
  const show = (number, reference) => {
    const footnote = footnotes.find((each) => each.number === number)
    if (!footnote) return
    hint.replaceChildren(make("q", "", footnote.quote), make("cite", "", footnote.place))
    hint.hidden = false
    const frame = article.getBoundingClientRect()
    const place = reference.getBoundingClientRect()
    const left = Math.min(Math.max(0, place.left - frame.left - 40), frame.width - hint.offsetWidth)
    const below = place.bottom + hint.offsetHeight + 12 < window.innerHeight - 180
    hint.style.left = `${Math.max(0, left)}px`
    hint.style.top = `${below ? place.bottom - frame.top + 6 : place.top - frame.top - hint.offsetHeight - 6}px`
  }
  const hide = () => {
    hint.hidden = true
  }
  return { element: hint, show, hide }
}

const drawReference = (number, hint, press) => {
  const reference = make("button", "reference", number)
  reference.type = "button"
  reference.dataset.footnote = number
  reference.setAttribute("aria-label", `Footnote ${number}, open in the filing`)
  reference.setAttribute("aria-describedby", "hint")
  reference.addEventListener("click", () => {
    hint.hide()
    press(number)
  })
  reference.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && hint.show(number, reference))
  reference.addEventListener("pointerleave", hint.hide)
  reference.addEventListener("focus", () => reference.matches(":focus-visible") && hint.show(number, reference))
  reference.addEventListener("blur", hint.hide)
  reference.addEventListener("keydown", (event) => event.key === "Escape" && hint.hide())
  return reference
}

// The last word and its numbers stay on one line: a number alone on the next belongs to nothing.
const drawEnding = (words, references, tag = "span") => {
  const lastWord = words.slice(words.lastIndexOf(" ") + 1).slice(-30)
  const ending = make("span", "ending")
  ending.append(make(tag, "", lastWord), ...references)
  return [make(tag, "", words.slice(0, words.length - lastWord.length)), ending]
}

// Footnotes are opened by an event, which the reader hears: no way to the server and back.
const openFootnote = ({ footnotes, card }, number) => {
  const note = footnotes.find((each) => each.number === number)
  document.dispatchEvent(new CustomEvent("footnote:open", { detail: { note, notes: footnotes, card } }))
}

const markActive = (article, active) => {
  for (const element of article.querySelectorAll("[data-footnote]")) {
    const isActive = Number(element.dataset.footnote) === active
    element.classList.toggle("active", isActive)
    element.classList.remove("pulse")
    if (isActive) {
      void element.offsetWidth // without a layout in between the animation would not start again
      element.classList.add("pulse")
    }
  }
}

const markOpen = (article, card) => {
  const open = document.footnoteOpen
  markActive(article, open?.card === card ? open.note.number : 0)
}

const followOpened = (article, card) => {
  const follow = ({ detail }) => markActive(article, detail.card === card ? detail.number : 0)
  document.addEventListener("footnote:opened", follow)
  return () => document.removeEventListener("footnote:opened", follow)
}

// What a component that only shows does: draw when its words change, and follow which footnote lies open. `parts` makes
// what stands in its article from the data, the card of hints and what opens a footnote.
const showing = (parts) => (component) => {
  const { data, parentElement } = component
  const article = parentElement.querySelector("article")
  const words = JSON.stringify(data)
  if (article.words !== words) {
    article.words = words
    const hint = drawHint(article, data.footnotes)
    article.replaceChildren(...parts(data, hint, (number) => openFootnote(data, number)), hint.element)
    markOpen(article, data.card)
  }
  article.unfollow?.()
  article.unfollow = followOpened(article, data.card)
  return () => article.unfollow()
}
