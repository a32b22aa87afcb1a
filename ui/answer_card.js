// One turn of the conversation. All words arrive as data and become text nodes, never markup.

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

// What is being done, while it is: the steps, the last of them under way, and the way to stop it.
const drawWorking = ({ steps }, act) => {
  const box = make("div", "working")
  const list = make("ul")
  list.setAttribute("role", "status")
  for (const step of steps.length ? steps : ["Reading the question."]) list.append(make("li", "", step))
  const stop = make("button", "stop", "Stop")
  stop.type = "button"
  stop.addEventListener("click", () => {
    stop.disabled = true
    stop.textContent = "Stopping"
    act({ kind: "stop" })
  })
  box.append(list, stop)
  return box
}

const draw = (article, data, press, act) => {
  const hint = drawHint(article, data.footnotes)
  const parts = [make("h2", "", data.title)]
  for (const paragraph of data.paragraphs) {
    if (paragraph.label) parts.push(make("h3", "", paragraph.label))
    const prose = make("p", "prose")
    for (const sentence of paragraph.sentences) {
      const references = sentence.notes.map((number) => drawReference(number, hint, press))
      prose.append(...drawEnding(sentence.text, references), " ")
    }
    parts.push(prose)
  }
  if (data.refusal) parts.push(make("p", "silence", data.refusal))
  if (data.silence) parts.push(make("p", "silence", data.silence))
  if (data.problem) parts.push(make("p", "problem", data.problem))
  if (data.working) parts.push(drawWorking(data, act))
  if (data.footnotes.length && !data.working) parts.push(drawFootnotes(data.footnotes, press))
  if (data.trail) parts.push(drawTrail(data))
  if (!data.working) parts.push(drawActions(article, data, act))
  article.replaceChildren(...parts, hint.element)
}

// ---- What can be done with an answer --------------------------------------------------------------------------------

const asText = (data) => {
  const sentences = data.paragraphs.flatMap((paragraph) => paragraph.sentences)
  const prose = sentences.map((each) => each.text + each.notes.map((number) => `[${number}]`).join("")).join(" ")
  const notes = data.footnotes.map((each) => `[${each.number}] “${each.quote}” ${each.place}`)
  return [data.title, [prose, data.refusal, data.silence].filter(Boolean).join(" "), notes.join("\n")]
    .filter(Boolean)
    .join("\n\n")
}

const drawActions = (article, data, act) => {
  const bar = make("div", "actions")
  const said = make("span", "said")
  said.setAttribute("role", "status")
  const button = (icon, label, press) => {
    const made = make("button", "action")
    made.type = "button"
    made.title = label
    made.setAttribute("aria-label", label)
    made.append(drawIcon(icon))
    made.addEventListener("click", press)
    bar.append(made)
    return made
  }
  const copy = async (words, done) => {
    try {
      await navigator.clipboard.writeText(words)
      said.textContent = done
    } catch {
      said.textContent = words // where the browser forbids it, it can be marked by hand
    }
  }
  const copyAddress = (parts) => {
    const address = new URL("./", window.location.href)
    for (const [name, value] of Object.entries(parts)) address.searchParams.set(name, value)
    copy(address.href, `Link copied: ${address.href}`)
  }
  article.copyLink = (id) => copyAddress({ share: id })
  // Where nothing was answered there is nothing to copy, to pass on or to judge: it can be asked again.
  const isAnswered = Boolean(data.paragraphs.length || data.refusal)
  button("copy", "Copy the answer", () => copy(asText(data), "Copied.")).hidden = !isAnswered
  if (!data.actions) {
    bar.append(said)
    return bar
  }
  const share = () => (data.share ? article.copyLink(data.share) : act({ kind: "share" }))
  button("link", "Copy a link to this answer", share).hidden = !isAnswered
  if (data.place) button("place", "Copy a link that summarises this anew", () => copyAddress(data.place))
  button("edit", "Edit and ask again", () => editTitle(article, data, act)).hidden = !data.question
  button("again", "Answer again", () => act({ kind: "again" }))
  const box = make("div")
  const { form, reason } = drawReason((words) => {
    act({ kind: "thumb", up: thumbs[0].getAttribute("aria-pressed") === "true", reason: words })
    said.textContent = "Noted. Thank you."
  })
  const thumbs = [true, false].map((up) =>
    button(up ? "up" : "down", up ? "This is right" : "Something is wrong", () => {
      thumbs.forEach((each, index) => each.setAttribute("aria-pressed", String((index === 0) === up)))
      form.hidden = false
      reason.focus()
      said.textContent = "Noted. Thank you."
      act({ kind: "thumb", up, reason: "" })
    }),
  )
  thumbs.forEach((each, index) => {
    each.setAttribute("aria-pressed", String(data.thumb === (index === 0 ? "up" : "down")))
    each.hidden = !isAnswered
  })
  bar.append(said)
  box.append(bar, form)
  return box
}

// Why an answer was judged so: it can be told, and need not be.
const drawReason = (send) => {
  const form = make("form", "reason")
  form.hidden = true
  const reason = make("input")
  reason.placeholder = "What was wrong, or good? (optional)"
  reason.setAttribute("aria-label", reason.placeholder)
  reason.maxLength = 500
  form.append(reason, make("button", "small", "Send"))
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    form.hidden = true
    send(reason.value)
  })
  return { form, reason }
}

const editTitle = (article, data, act) => {
  const heading = article.querySelector("h2")
  const choices = make("div", "choices")
  const leave = () => {
    heading.textContent = data.title
  }
  const send = () => {
    const question = field.value.trim()
    leave()
    if (question) act({ kind: "ask", question })
  }
  for (const [label, press] of [["Ask", send], ["Cancel", leave]]) {
    const button = make("button", "small", label)
    button.type = "button"
    button.addEventListener("click", press)
    choices.append(button)
  }
  const field = make("textarea", "editing")
  field.value = data.question
  field.maxLength = 500
  field.setAttribute("aria-label", "The question; Enter asks it, Escape leaves it")
  heading.replaceChildren(field, choices)
  field.focus()
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave()
    if (event.key !== "Enter" || event.shiftKey) return
    event.preventDefault()
    send()
  })
}

// ---- The component --------------------------------------------------------------------------------------------------

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const article = parentElement.querySelector("article")
  const { scrolls, share, thumb, ...content } = data
  // Redrawn only when its words change: focus, open details and the place on the page stay as they are.
  const words = JSON.stringify(content)
  if (article.words !== words) {
    const isNew = article.words === undefined && scrolls
    article.words = words
    draw(article, data, (number) => openFootnote(data, number), (deed) => setTriggerValue("deed", deed))
    markOpen(article, data.card)
    article.getRootNode().host?.setAttribute("data-drawn", "") // page.css waits for it
    // The visitor has just asked this: it comes to the top once, and the page never scrolls by itself again.
    if (isNew) article.scrollIntoView({ block: "start" })
  }
  if (share && article.share !== undefined && article.share !== share) article.copyLink?.(share)
  article.share = share ?? ""
  article.unfollow?.()
  article.unfollow = followOpened(article, data.card)
  return () => article.unfollow()
}
