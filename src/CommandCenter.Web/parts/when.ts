/** A day, or a day with a time of it, as forms keep them: `2026-12-05`, `2026-12-05T18:00`. */
export type Day = { year: number; month: number; day: number }

const two = (n: number) => String(n).padStart(2, '0')
export const dayText = ({ year, month, day }: Day): string => `${year}-${two(month)}-${two(day)}`

/** As a person writes it, in either language's way; undefined for what is no day of the calendar, or lacks the time that is asked for. */
export function readWhen(text: string, withTime: boolean): string | undefined {
  const [, year, month, day, hour, minute] = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:[T\s]\s*(\d{1,2})\s*[:：]\s*(\d{2}))?$/.exec(text.trim()) ?? []
  if (!year || (hour !== undefined) !== withTime || Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59) return undefined
  const of: Day = { year: Number(year), month: Number(month), day: Number(day) }
  const real = new Date(Date.UTC(of.year, of.month - 1, of.day))
  if (real.getUTCMonth() + 1 !== of.month || real.getUTCDate() !== of.day) return undefined
  return withTime ? `${dayText(of)}T${two(Number(hour))}:${minute}` : dayText(of)
}

export const showWhen = (value: string): string => value.replace('T', ' ')

export const dayOf = (value: string): Day | undefined => {
  const [year, month, day] = value.slice(0, 10).split('-').map(Number)
  return year && month && day ? { year, month, day } : undefined
}

export const shifted = ({ year, month, day }: Day, days: number, months = 0): Day => {
  // The last of a month stays the last where the other month is shorter.
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  const at = new Date(Date.UTC(year, month - 1 + months, Math.min(day, months ? last : day) + days))
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() }
}

/** The weeks that a month lies in, from Monday on. */
export function weeksOf({ year, month }: Day): Day[][] {
  const first = new Date(Date.UTC(year, month - 1, 1))
  const start = shifted({ year, month, day: 1 }, -((first.getUTCDay() + 6) % 7))
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const weeks = Math.ceil((((first.getUTCDay() + 6) % 7) + days) / 7)
  return Array.from({ length: weeks }, (_, week) => Array.from({ length: 7 }, (__, day) => shifted(start, week * 7 + day)))
}
