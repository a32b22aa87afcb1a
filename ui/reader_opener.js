// Opens the reader at a place that the page names, once for each time that it does.

export default function (component) {
  const { opens, note } = component.data
  if (!note || document.footnoteOpens === opens) return
  document.footnoteOpens = opens
  document.footnoteOpen = { note, notes: [note], card: "" }
  document.dispatchEvent(new CustomEvent("footnote:open", { detail: document.footnoteOpen }))
}
