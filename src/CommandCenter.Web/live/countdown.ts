/** Time to or since a due instant, in the two units that matter at its size. */
export type Countdown = { late: boolean } & ({ unit: 'days'; days: number; hours: number } | { unit: 'hours'; hours: number; minutes: number } | { unit: 'minutes'; minutes: number; seconds: number })

export function countdown(dueAt: string, now: number): Countdown {
  const difference = Date.parse(dueAt) - now
  const late = difference < 0
  // While it runs, a second that has begun still counts; once late, only full seconds do.
  const seconds = late ? Math.floor(-difference / 1000) : Math.ceil(difference / 1000)
  if (seconds >= 86_400) return { late, unit: 'days', days: Math.floor(seconds / 86_400), hours: Math.floor((seconds % 86_400) / 3600) }
  if (seconds >= 3600) return { late, unit: 'hours', hours: Math.floor(seconds / 3600), minutes: Math.floor((seconds % 3600) / 60) }
  return { late, unit: 'minutes', minutes: Math.floor(seconds / 60), seconds: seconds % 60 }
}

export type Age = { unit: 'seconds' | 'minutes' | 'hours'; amount: number }

export function ageOf(milliseconds: number): Age {
  const seconds = Math.floor(milliseconds / 1000)
  if (seconds < 120) return { unit: 'seconds', amount: seconds }
  if (seconds < 7200) return { unit: 'minutes', amount: Math.floor(seconds / 60) }
  return { unit: 'hours', amount: Math.floor(seconds / 3600) }
}

/** The local date of the district, as the host's filters take it. */
export const localDate = (now: number, timeZone: string): string => new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)

/** The instant at which the district's day began, whatever zone the browser is in. */
export function startOfDay(now: number, timeZone: string): number {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(now).map((part) => [part.type, Number(part.value)]),
  )
  const whole = Math.floor(now / 1000) * 1000
  return whole - ((parts.hour ?? 0) * 3600 + (parts.minute ?? 0) * 60 + (parts.second ?? 0)) * 1000
}

/** The instant that a local time of the district (`2026-11-28T18:00`) names, whatever zone the browser is in. */
export function instantOf(local: string, timeZone: string): string {
  const asUtc = Date.parse(`${local}Z`)
  const midnight = startOfDay(asUtc, timeZone)
  // What the district's calendar shows at its midnight, less that instant, is the zone's offset.
  const offset = Date.parse(`${localDate(midnight, timeZone)}T00:00:00Z`) - midnight
  return new Date(asUtc - offset).toISOString().replace('Z', '000Z')
}

/** A local day some days from another. */
export const plusDays = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
