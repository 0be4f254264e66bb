import type { DutyShift } from '../api/types'

const day = 86_400_000

/** Midnight of the Monday of an instant's week, as the clock of a zone shows it. */
export function mondayOf(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hourCycle: 'h23', hour: '2-digit', minute: '2-digit', second: '2-digit' }).formatToParts(at)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  const since = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday')) * day + Number(part('hour')) * 3_600_000 + Number(part('minute')) * 60_000 + Number(part('second')) * 1_000
  return new Date(Math.floor((at - since) / 1_000) * 1_000).toISOString()
}

export const weekLater = (monday: string, weeks: number): string => new Date(Date.parse(monday) + weeks * 7 * day).toISOString()

/** Whoever is to be there: of somebody absent the substitute. */
export const personOf = (shift: DutyShift): string => shift.substitute ?? shift.person

/** The shift that a shift goes to: the one it was handed to, else the next. */
export const nextOf = (shift: DutyShift, all: readonly DutyShift[]): DutyShift | undefined =>
  all.find((other) => other.number === (shift.handOver?.to ?? shift.follows[0]))

/** Whether somebody has something to do about a shift now: to hand it over, to accept it, or to take it over. */
export function isMine(shift: DutyShift, all: readonly DutyShift[], actor: string): boolean {
  if (shift.relief || !shift.needsRelief || !shift.standing || shift.standing === 'awaited') return false
  if (personOf(shift) === actor) return true
  return all.some((other) => shift.follows.includes(other.number) && personOf(other) === actor)
}
