import type { Board, MonthFigures, PlaceFigures, SectorPanel, WeekFigures } from '../api/types'

// For tests: whole boards of a town in which nothing is in hand, from which each test says only what it is about.

const none = { part: 0, of: 0 }
export const quietWeek: WeekFigures = { onTime: none, onTimeBefore: none }
export const quietMonth: MonthFigures = { from: '2026-10-23', to: '2026-11-21', onTime: none, local: none, satisfied: none }

export const panelOf = (sector: SectorPanel['sector'], change: Partial<SectorPanel> = {}): SectorPanel => ({
  sector,
  funnel: { reported: 0, filed: 0, dispatched: 0, handling: 0, completed: 0, verified: 0, rated: 0 },
  open: 0,
  overdue: 0,
  levels: { responsible: 0, sectorLead: 0, townLeader: 0, committee: 0, listedSupervision: 0 },
  dueSoon: 0,
  emergencies: 0,
  reportedToday: 0,
  closedToday: 0,
  urgent: [],
  week: quietWeek,
  month: quietMonth,
  ...change,
})

export const placeOf = (area: string, change: Partial<PlaceFigures> = {}): PlaceFigures => ({ area, open: 0, overdue: 0, dueSoon: 0, emergencies: 0, reportedToday: 0, closedToday: 0, onTime: none, satisfied: none, ...change })

export const boardOf = (change: Partial<Board> = {}): Board => ({
  scope: '500153003',
  position: '1:1',
  frame: 1,
  at: '2026-11-21T04:00:00.000000Z',
  today: { reported: 0, filed: 0, closed: 0, escalated: 0 },
  open: 0,
  overdue: 0,
  dueSoon: 0,
  emergencies: 0,
  alarms: { ringing: 0, lines: [] },
  week: quietWeek,
  month: quietMonth,
  sectors: [],
  places: [],
  grids: [],
  tasks: { open: 0, late: 0, lists: 0, most: [] },
  whistles: { open: 0, unrouted: 0, awaited: 0, atWork: 0, toRate: 0 },
  agenda: { open: 0, undecided: 0, late: 0, most: [] },
  listings: { inForce: 0, late: 0, most: [] },
  feed: [],
  parked: 0,
  ...change,
})
