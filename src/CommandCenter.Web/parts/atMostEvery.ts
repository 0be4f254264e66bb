/** Runs at once when it was quiet for the pause, else once when the pause is over, however often it is asked. */
export function atMostEvery(pause: number, action: () => void): { ask: () => void; stop: () => void } {
  let last = -Infinity
  let waiting: ReturnType<typeof setTimeout> | undefined
  return {
    ask() {
      waiting ??= setTimeout(
        () => {
          waiting = undefined
          last = Date.now()
          action()
        },
        Math.max(0, last + pause - Date.now()),
      )
    },
    stop() {
      clearTimeout(waiting)
      waiting = undefined
    },
  }
}
