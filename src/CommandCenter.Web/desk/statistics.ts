import { sectors, type FigureKind, type FigureValue, type FigureView, type Grouping, type Role, type Sector, type StatisticsView } from '../api/types'

export const groupings = ['place', 'sector', 'category', 'source', 'unit', 'person', 'reporter'] as const satisfies readonly Grouping[]
export const periodKinds = ['day', 'week', 'month', 'quarter', 'year', 'free'] as const
export type PeriodKind = (typeof periodKinds)[number]
export const comparisons = ['both', 'before', 'year', 'none'] as const
export type Comparison = (typeof comparisons)[number]

/** Local days of the district, both included, as `2026-11-30`. */
export interface Period {
  from: string
  to: string
}

/** The longest period that the host takes, in days: a leap year. */
export const mostDays = 366

/** The figures that are read together; every figure is in one of them. */
export const figureSets = {
  meeting: ['reported', 'filed', 'handling_due', 'on_time_handling_rate', 'closing_due', 'on_time_closing_rate', 'local_resolution_rate', 'satisfaction_rate'],
  intake: ['reported', 'filed', 'refused', 'redirected', 'merged', 'transferred', 'filing_rate', 'filing_mean'],
  handling: ['dispatched', 'returned', 'return_rate', 'handled', 'handled_on_time', 'handled_late', 'handling_late_open', 'handling_due', 'on_time_handling_rate'],
  checking: ['checked', 'verified', 'reworked', 'verification_rate', 'rework_rate'],
  closing: ['closed', 'closed_on_time', 'closed_late', 'closed_late_exempt', 'closing_late_open', 'closing_due', 'closing_rate', 'on_time_closing_rate'],
  local: ['closed', 'closed_locally', 'local_resolution_rate', 'settled_by_village', 'solved_on_spot', 'self_solving_rate'],
  residents: ['rated', 'satisfied', 'dissatisfied', 'satisfaction_rate', 'reopened', 'reopening_rate'],
  lateness: ['escalated', 'extended', 'suspended', 'appealed', 'exempted', 'closed_late_exempt'],
  times: ['filing_mean', 'handling_mean', 'handling_p90', 'closing_mean', 'closing_p90'],
} as const satisfies Record<string, readonly string[]>
export const setNames = [...(Object.keys(figureSets) as (keyof typeof figureSets)[]), 'own'] as const
export type SetName = (typeof setNames)[number]

/** What the page shows: all of it stands in the address, so that it can be passed on. */
export interface StatisticsFilter extends Period {
  scope: string
  kind: PeriodKind
  by?: Grouping
  sector?: Sector
  set: SetName
  /** Of one's own set. */
  figures: string[]
  compare: Comparison
  /** What the chart shows, and what groups are ordered by where there is an order. */
  figure?: string
  order?: 'ascending' | 'descending'
  /** A figure whose cases are open; of a figure that is several together, one of its parts. */
  open?: { figure: string; key?: string; part?: string }
}

const dayMilliseconds = 86_400_000
const isDay = (text: string | null): text is string => text !== null && /^2\d{3}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && plusDays(text, 0) === text
const utc = (day: string): Date => new Date(`${day}T00:00:00Z`)
const dayOf = (year: number, month: number, day: number): string => new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10)

export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMilliseconds).toISOString().slice(0, 10)
}

export const daysOf = ({ from, to }: Period): number => (utc(to).getTime() - utc(from).getTime()) / dayMilliseconds + 1

/** The whole period of a kind that a day lies in; weeks begin on Monday. */
export function periodOf(kind: Exclude<PeriodKind, 'free'>, on: string): Period {
  const day = utc(on)
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()]
  switch (kind) {
    case 'day':
      return { from: on, to: on }
    case 'week': {
      const from = plusDays(on, -((day.getUTCDay() + 6) % 7))
      return { from, to: plusDays(from, 6) }
    }
    case 'month':
      return { from: dayOf(year, month, 1), to: dayOf(year, month + 1, 0) }
    case 'quarter': {
      const first = month - (month % 3)
      return { from: dayOf(year, first, 1), to: dayOf(year, first + 3, 0) }
    }
    case 'year':
      return { from: dayOf(year, 0, 1), to: dayOf(year, 11, 31) }
  }
}

/** The period next to one: of the same kind, or of as many days. */
export function stepped(kind: PeriodKind, period: Period, way: 1 | -1): Period {
  if (kind !== 'free') return periodOf(kind, way > 0 ? plusDays(period.to, 1) : plusDays(period.from, -1))
  const days = daysOf(period) * way
  return { from: plusDays(period.from, days), to: plusDays(period.to, days) }
}

export type PeriodFault = 'missing' | 'order' | 'long'

export function faultOfPeriod({ from, to }: Period): PeriodFault | undefined {
  if (!isDay(from) || !isDay(to)) return 'missing'
  if (from > to) return 'order'
  return daysOf({ from, to }) > mostDays ? 'long' : undefined
}

/** Who works how is for those who are answerable for it, as the host has it. */
export const mayComparePeople = (role: Role | undefined): boolean => role !== undefined && !(['grid_worker', 'yard_head', 'post_handler'] as Role[]).includes(role)

export interface Bounds {
  /** The places of whoever asks; nothing outside is theirs to see. */
  homes: string[]
  today: string
  people: boolean
}

const areaLengths = [6, 9, 12, 15, 18]

/** Where everything begins: one's own place, the month that runs, told apart by place. */
export function startFilter({ homes, today }: Bounds): StatisticsFilter {
  return { scope: homes[0] ?? '', kind: 'month', ...periodOf('month', today), by: 'place', set: 'meeting', figures: [], compare: 'both' }
}

const oneOf = <T extends string>(list: readonly T[], value: string | null): T | undefined => list.find((candidate) => candidate === value)
const code = (value: string | null): string | undefined => (value && /^[a-z0-9_]{1,40}$/.test(value) ? value : undefined)

/** Reads what an address says; what means nothing, or is not one's to see, is as if it were not there. */
export function readStatistics(search: string, bounds: Bounds): StatisticsFilter {
  const query = new URLSearchParams(search)
  const filter = startFilter(bounds)
  const scope = query.get('scope')
  if (scope && /^\d+$/.test(scope) && areaLengths.includes(scope.length) && bounds.homes.some((home) => scope.startsWith(home))) filter.scope = scope
  const kind = oneOf(periodKinds, query.get('period')) ?? filter.kind
  const [on, from, to] = [query.get('on'), query.get('from'), query.get('to')]
  if (kind === 'free') {
    if (isDay(from) && isDay(to) && !faultOfPeriod({ from, to })) Object.assign(filter, { kind, from, to })
  } else Object.assign(filter, { kind }, periodOf(kind, isDay(on) ? on : bounds.today))
  const by = query.get('by')
  if (by !== null) filter.by = oneOf(groupings, by)
  if ((filter.by === 'person' || filter.by === 'reporter') && !bounds.people) filter.by = 'place'
  filter.sector = oneOf<Sector>(sectors, query.get('sector'))
  filter.set = oneOf(setNames, query.get('set')) ?? filter.set
  filter.figures = [...new Set(query.get('figures')?.split(','))].flatMap((name) => code(name) ?? [])
  filter.compare = oneOf(comparisons, query.get('compare')) ?? filter.compare
  filter.figure = code(query.get('figure'))
  filter.order = oneOf(['ascending', 'descending'] as const, query.get('order'))
  const opened = code(query.get('cases'))
  if (opened) filter.open = { figure: opened, key: query.get('key')?.slice(0, 100) || undefined, part: code(query.get('part')) }
  return filter
}

/** The address of what is shown, without what is so anyhow. */
export function statisticsLink(filter: StatisticsFilter): string {
  const query = new URLSearchParams({ view: 'statistics', scope: filter.scope, period: filter.kind })
  if (filter.kind === 'free') {
    query.set('from', filter.from)
    query.set('to', filter.to)
  } else query.set('on', filter.from)
  query.set('by', filter.by ?? 'none')
  if (filter.sector) query.set('sector', filter.sector)
  query.set('set', filter.set)
  if (filter.figures.length > 0) query.set('figures', filter.figures.join(','))
  if (filter.compare !== 'both') query.set('compare', filter.compare)
  if (filter.figure) query.set('figure', filter.figure)
  if (filter.order) query.set('order', filter.order)
  if (filter.open) {
    query.set('cases', filter.open.figure)
    if (filter.open.key) query.set('key', filter.open.key)
    if (filter.open.part) query.set('part', filter.open.part)
  }
  return `/desk/?${query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')}`
}

/** What the host is asked; a figure's cases are asked for with the same words. */
export const questionOf = ({ scope, from, to, by, sector }: StatisticsFilter) => ({ scope, from, to, by, sector })

/** The figures to show, in the order of their set; what the host does not know is left out. */
export function figuresOf(filter: StatisticsFilter, catalogue: readonly FigureView[]): FigureView[] {
  const codes: readonly string[] = filter.set === 'own' ? filter.figures : figureSets[filter.set]
  return codes.flatMap((name) => catalogue.find((figure) => figure.code === name) ?? [])
}

/** A count whose cases can be listed, and what it is to the figure that was asked for. */
export interface Part {
  code: string
  above: boolean
  below: boolean
}

/** The counts that a figure rests on, each of which the host lists: of a count it is itself, of a sum its parts, of a share what stands above and below. */
export function partsOf(figure: FigureView, catalogue: readonly FigureView[]): Part[] {
  const counts = (name: string | undefined): string[] => {
    const found = catalogue.find((one) => one.code === name)
    return found?.listed ? [found.code] : (found?.sum?.flatMap(counts) ?? [])
  }
  if (figure.kind === 'count') return counts(figure.code).map((name) => ({ code: name, above: false, below: false }))
  const [above, below] = [counts(figure.numerator), counts(figure.denominator)]
  return [...new Set([...above, ...below])].map((name) => ({ code: name, above: above.includes(name), below: figure.kind === 'share' && below.includes(name) }))
}

export const valueOf = (figures: readonly FigureValue[], name: string): FigureValue => figures.find((figure) => figure.code === name) ?? { code: name }

/** Whether a period holds anything at all: where nothing was recorded, a difference to it would say nothing. */
export function holdsAnything(total: readonly FigureValue[], catalogue: readonly FigureView[], of: 'value' | 'before' | 'yearBefore'): boolean {
  return catalogue.some((figure) => figure.kind === 'count' && (valueOf(total, figure.code)[of] ?? 0) > 0)
}

/** How a time is told in one column: by the unit that suits its largest value, so that the column lines up. */
export type TimeUnit = 'minutes' | 'hours' | 'days'
const unitSeconds = { minutes: 60, hours: 3600, days: 86_400 } as const satisfies Record<TimeUnit, number>

export function timeUnitOf(seconds: readonly (number | undefined)[]): TimeUnit {
  const longest = Math.max(0, ...seconds.flatMap((one) => one ?? []))
  return longest < 7200 ? 'minutes' : longest < 72 * 3600 ? 'hours' : 'days'
}

/** In the numbers that are shown: a count as it is, a share in per cent, a time in its unit; one digit after the point where there may be one. */
export function shownNumber(kind: FigureKind, value: number, unit: TimeUnit): number {
  if (kind === 'count') return value
  const scaled = kind === 'share' ? value * 100 : value / unitSeconds[unit]
  // 0.0555 * 100 is a little less than 5.55 in binary.
  return Number((Math.round(Number((scaled * 10).toFixed(6))) / 10).toFixed(1))
}

/** How many digits stand after the point. */
export const digitsOf = (kind: FigureKind): number => (kind === 'count' ? 0 : 1)

export type Missing = 'nothing_counted' | 'nothing_then' | 'not_recorded'
export type Difference = { sign: 'up' | 'down' | 'level'; amount: number; ratio?: number } | { missing: Missing }

/**
 * What a figure has become since another period, in the numbers that are shown: a count by so many and by what part of itself, a share in percentage points, a time in its unit.
 * @param recorded whether the other period holds anything at all.
 */
export function differenceOf(kind: FigureKind, now: number | undefined, then: number | undefined, unit: TimeUnit, recorded: boolean): Difference {
  if (!recorded) return { missing: 'not_recorded' }
  if (now === undefined) return { missing: 'nothing_counted' }
  if (then === undefined) return { missing: 'nothing_then' }
  const amount = shownNumber(kind, Math.abs(now - then), unit)
  if (amount === 0) return { sign: 'level', amount: 0 }
  const sign = now > then ? 'up' : 'down'
  return kind === 'share' || then === 0 ? { sign, amount } : { sign, amount, ratio: Math.abs(now - then) / then }
}

/** Groups in the order that was asked for: as the host has them, or by a figure; what has no value stands last either way. */
export function inOrder<T extends { figures: readonly FigureValue[] }>(groups: readonly T[], figure: string | undefined, order: StatisticsFilter['order']): T[] {
  if (!figure || !order) return [...groups]
  const sign = order === 'ascending' ? 1 : -1
  return groups.toSorted((a, b) => {
    const [left, right] = [valueOf(a.figures, figure).value, valueOf(b.figures, figure).value]
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined)
    return (left - right) * sign
  })
}

/** How many of a count no group holds: what has no unit, or nobody, yet. */
export function outsideGroups(view: StatisticsView, name: string): number {
  return (valueOf(view.total, name).value ?? 0) - view.items.reduce((sum, group) => sum + (valueOf(group.figures, name).value ?? 0), 0)
}

/** Comma-separated values as spreadsheets read them; a text that they would take for a formula is kept a text. */
export function csvOf(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => {
    const text = typeof value === 'number' ? String(value) : /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  // The mark of UTF-8, without which Excel takes Chinese for something else.
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

/** A share or a time of fewer than this may be chance. */
export const fewest = 10
