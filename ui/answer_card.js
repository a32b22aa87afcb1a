// One turn of the conversation. All words arrive as data and become text nodes, never markup.

const make = (tag, className, text) => {
  const element = document.createElement(tag)
  if (className) element.className = className
  if (text !== undefined) element.textContent = text
  return element
}

const drawFootnotes = (footnotes, press) => {
  // A few stand open below the answer; many would bury it, and open with one press.
  const details = make("details", "footnotes")
  details.open = footnotes.length <= 3
  const label = footnotes.length === 1 ? "1 footnote" : `${footnotes.length} footnotes`
  details.append(make("summary", "", `${label}, in the filing's own words`))
  const list = make("ol")
  for (const footnote of footnotes) {
    const button = make("button", "source")
    button.type = "button"
    button.dataset.footnote = footnote.number
    button.append(make("span", "number", footnote.number), make("q", "", footnote.quote), make("cite", "", footnote.place))
    button.addEventListener("click", () => press(footnote.number))
    const entry = make("li")
    entry.append(button)
    list.append(entry)
  }
  details.append(list)
  return details
}

const drawTrail = ({ trail, steps, withheld }) => {
  if (!steps.length && !withheld.length) return make("p", "trail", trail)
  const details = make("details", "trail")
  details.append(make("summary", "", trail))
  const list = make("ul")
  for (const step of steps) list.append(make("li", "", step))
  details.append(list)
  if (withheld.length) {
    details.append(make("p", "", "Withheld, because it could not be verified:"))
    const kept = make("ul", "withheld")
    for (const sentence of withheld) {
      const entry = make("li")
      entry.append(make("s", "", sentence.text), make("span", "", ` ${sentence.problem}`))
      kept.append(entry)
    }
    details.append(kept)
  }
  return details
}

// The card that a footnote number shows under the pointer or the keyboard's focus.
const drawHint = (article, footnotes) => {
  const hint = make("div", "hint")
  hint.setAttribute("role", "tooltip")
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
  return { hint, show, hide }
}

const draw = (article, data, press) => {
  const { hint, show, hide } = drawHint(article, data.footnotes)
  const parts = [make("h2", "", data.title)]
  for (const paragraph of data.paragraphs) {
    if (paragraph.label) parts.push(make("h3", "", paragraph.label))
    const prose = make("p", "prose")
    for (const sentence of paragraph.sentences) {
      // The last word and its numbers stay on one line: a number alone on the next belongs to nothing.
      const lastWord = sentence.text.slice(sentence.text.lastIndexOf(" ") + 1).slice(-30)
      const ending = make("span", "ending", lastWord)
      prose.append(sentence.text.slice(0, sentence.text.length - lastWord.length), ending, " ")
      for (const number of sentence.notes) {
        const reference = make("button", "reference", number)
        reference.type = "button"
        reference.dataset.footnote = number
        reference.setAttribute("aria-label", `Footnote ${number}, open in the filing`)
        reference.addEventListener("click", () => {
          hide()
          press(number)
        })
        reference.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show(number, reference))
        reference.addEventListener("pointerleave", hide)
        reference.addEventListener("focus", () => reference.matches(":focus-visible") && show(number, reference))
        reference.addEventListener("blur", hide)
        reference.addEventListener("keydown", (event) => event.key === "Escape" && hide())
        ending.append(reference)
      }
    }
    parts.push(prose)
  }
  if (data.refusal) parts.push(make("p", "silence", data.refusal))
  if (data.silence) parts.push(make("p", "silence", data.silence))
  if (data.problem) parts.push(make("p", "problem", data.problem))
  if (data.footnotes.length) parts.push(drawFootnotes(data.footnotes, press))
  if (data.trail) parts.push(drawTrail(data))
  article.replaceChildren(...parts, hint)
}

const mark = (article, active, presses) => {
  const pulse = article.dataset.presses !== undefined && article.dataset.presses !== String(presses)
  article.dataset.presses = presses
  for (const element of article.querySelectorAll("[data-footnote]")) {
    const isActive = Number(element.dataset.footnote) === active
    element.classList.toggle("active", isActive)
    element.classList.remove("pulse")
    if (isActive && pulse) {
      void element.offsetWidth // without a layout in between the animation would not start again
      element.classList.add("pulse")
    }
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const article = parentElement.querySelector("article")
  const { active, presses, scrolls, ...content } = data
  // Redrawn only when its words change: focus, open details and the place on the page stay as they are.
  const words = JSON.stringify(content)
  if (article.words !== words) {
    const isNew = article.words === undefined && scrolls
    article.words = words
    draw(article, content, (number) => setTriggerValue("pressed", number))
    // The visitor has just asked this: it comes to the top once, and the page never scrolls by itself again.
    if (isNew) article.scrollIntoView({ block: "start" })
  }
  mark(article, active, presses)
}
