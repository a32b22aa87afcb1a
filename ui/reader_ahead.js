// Keeps the text of a filing that may be opened next, for the reader to draw while nothing else is to be done.

export default function ({ data, parentElement }) {
  if (parentElement.taken === data.words) return
  parentElement.taken = data.words
  document.footnoteAhead = { ...document.footnoteAhead, [data.filing]: data }
  document.dispatchEvent(new CustomEvent("footnote:ahead"))
}
