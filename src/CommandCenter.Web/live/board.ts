import type { Board, BoardDelta, PlaceFigures } from '../api/types'

/** How many lines of the feed a wall keeps. */
export const feedLength = 30

export const epochOf = (position: string): string => position.split(':', 1)[0] ?? ''

/** Rows by their area: a changed one takes its old one's place, and one with nothing to count any more goes. */
const laidOver = <T extends { area: string }>(rows: T[], changed: T[] | undefined, isNothing: (row: T) => boolean): T[] => {
  if (!changed?.length) return rows
  const byArea = new Map(rows.map((row) => [row.area, row]))
  for (const row of changed) byArea.set(row.area, row)
  return [...byArea.values()].filter((row) => !isNothing(row)).sort((one, other) => (one.area < other.area ? -1 : 1))
}
const noPlace = (row: PlaceFigures) => row.open + row.reportedToday + row.closedToday + row.onTime.of + row.satisfied.of === 0

export type Applied = { kind: 'applied'; board: Board } | { kind: 'other_scope' } | { kind: 'gap' } | { kind: 'echo' } | { kind: 'new_epoch' }

/** Lays a delta over the board if it follows directly on it; otherwise the board must be fetched again. */
export function applyDelta(board: Board, delta: BoardDelta): Applied {
  if (delta.scope !== board.scope) return { kind: 'other_scope' }
  if (epochOf(delta.to) !== epochOf(board.position)) return { kind: 'new_epoch' }
  // A frame that only the clock made has no new position, so its number is what a lost one is noticed by.
  if (delta.frame <= board.frame) return { kind: 'echo' }
  if (delta.frame !== board.frame + 1 || delta.from !== board.position) return { kind: 'gap' }

  const changed = new Map(delta.sectors?.map((panel) => [panel.sector, panel]))
  const known = new Set(board.sectors.map((panel) => panel.sector))
  return {
    kind: 'applied',
    board: {
      scope: board.scope,
      position: delta.to,
      frame: delta.frame,
      at: delta.at,
      today: delta.today ?? board.today,
      open: delta.open ?? board.open,
      overdue: delta.overdue ?? board.overdue,
      dueSoon: delta.dueSoon ?? board.dueSoon,
      emergencies: delta.emergencies ?? board.emergencies,
      alarms: delta.alarms ?? board.alarms,
      week: delta.week ?? board.week,
      month: delta.month ?? board.month,
      places: laidOver(board.places, delta.places, noPlace),
      grids: laidOver(board.grids, delta.grids, (grid) => grid.open === 0),
      tasks: delta.tasks ?? board.tasks,
      whistles: delta.whistles ?? board.whistles,
      agenda: delta.agenda ?? board.agenda,
      listings: delta.listings ?? board.listings,
      sectors: changed.size === 0 ? board.sectors : [...board.sectors.map((panel) => changed.get(panel.sector) ?? panel), ...[...changed.values()].filter((panel) => !known.has(panel.sector))],
      feed: delta.feed?.length ? [...delta.feed, ...board.feed].slice(0, feedLength) : board.feed,
      parked: delta.parked ?? board.parked,
    },
  }
}
