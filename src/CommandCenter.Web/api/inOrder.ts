/** For answers that may overtake each other: an older one must not be laid over a newer one. */
export function inOrder(): () => () => boolean {
  let asked = 0
  let shown = 0
  return () => {
    const mine = ++asked
    return () => {
      if (mine < shown) return false
      shown = mine
      return true
    }
  }
}
