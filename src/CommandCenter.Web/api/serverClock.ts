/** A difference below this is the second that the Date header rounds to and the time that an answer takes. */
const noise = 3_000

/** How far this device's clock is off, learned from the Date header of whatever the host answered last. */
export class ServerClock {
  private offset = 0

  learn(date: string | null, now: number): void {
    const at = date ? Date.parse(date) : NaN
    if (!Number.isNaN(at)) this.offset = Math.abs(at - now) < noise ? 0 : at - now
  }

  at(now: number): number {
    return now + this.offset
  }
}

/** One for the page: every client asks the same host. */
export const serverClock = new ServerClock()
