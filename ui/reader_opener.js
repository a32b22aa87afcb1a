// Tells the reader which of its questions the server has heard, and opens it at a place that the page names, once for
// each time that it does. Drawn behind the text, so that this is there before it is said to be the answer.

export default function (component) {
  const { opens, note, notes, card, isSeen, heard } = component.data
  document.footnoteHeard = heard
  document.dispatchEvent(new CustomEvent("footnote:heard"))
  if (!note || document.footnoteOpens === opens) return
  document.footnoteOpens = opens
  document.footnoteOpen = { note, notes: notes ?? [note], card: card ?? "", isSeen }
  document.dispatchEvent(new CustomEvent("footnote:open", { detail: document.footnoteOpen }))
}
