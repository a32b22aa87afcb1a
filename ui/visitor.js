// Who this browser is: a number made up here once, by which the server finds its earlier conversations again.

const NAME = "footnote-visitor"

const known = () => {
  try {
    let id = localStorage.getItem(NAME)
    if (!id) {
      id = Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, "0")).join("")
      localStorage.setItem(NAME, id)
    }
    return id
  } catch {
    return "" // a browser that keeps nothing: its conversations end with the session
  }
}

export default function (component) {
  if (component.data.known) return
  const id = known()
  if (id) component.setStateValue("id", id)
}
