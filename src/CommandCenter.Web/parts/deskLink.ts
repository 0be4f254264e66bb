import type { Level, Role, Sector, Stage, Urgency } from '../api/types'

export const todays = ['reported', 'filed', 'closed', 'escalated'] as const
export type Today = (typeof todays)[number]

export const standings = ['onAgenda', 'listed', 'underReview'] as const
/** Where else a case stands than with its unit; each is a filter of the host's list. */
export type Standing = (typeof standings)[number]

/** Exactly the cases behind a number: the wall writes it, the desk reads it. */
export interface CaseFilter {
  scope?: string
  /** In the report, or of its number, place or category. */
  words?: string
  /** One or more, in the order in which they are shown. */
  stages?: Stage[]
  sector?: Sector
  unit?: string
  /** The code of the thing that they are about. */
  spot?: string
  late?: boolean
  open?: boolean
  level?: Level
  dueSoon?: boolean
  /** On a committee's list, listed for supervision, or under review. */
  standing?: Standing
  today?: Today
  urgency?: Urgency
}

export function deskLink({ stages, ...filter }: CaseFilter & { case?: string }): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...filter, stage: stages?.join(',') })) if (value !== undefined && value !== false && value !== '') query.set(name, String(value))
  // A comma and a colon may stand in a query as they are, and an address that can be read aloud is worth it.
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
  return text ? `/desk/?${text}` : '/desk/'
}

/** What a figure of the statistics counted, of the whole scope: the words of the address are those of the API. */
export function figureLink({ scope, from, to, sector, figure }: { scope: string; from: string; to: string; sector?: Sector; figure: string }): string {
  const query = new URLSearchParams({ view: 'statistics', scope, period: 'free', from, to, by: 'none', ...(sector ? { sector } : {}), figure, cases: figure })
  return `/desk/?${query}`
}

export const views = ['cases', 'tasks', 'whistles', 'meetings', 'agenda', 'listings', 'reviews', 'admissions', 'duty', 'spots', 'statistics', 'operations', 'organization', 'policy'] as const
export type View = (typeof views)[number]

/** Who has plates printed and put up. */
const ofSpots: readonly (Role | undefined)[] = ['office', 'center_operator', 'dispatcher', 'village_secretary']

/** Keeping the system itself going, and who sits where, is for administrators, and nothing else is but the policy, which the office keeps with them. */
export const viewsOf = (role: Role | undefined): readonly View[] =>
  views.filter((view) => (view === 'policy' ? role === 'administrator' || role === 'office' : view === 'spots' ? ofSpots.includes(role) : ['operations', 'organization'].includes(view) === (role === 'administrator')))

export const onlys = ['late', 'undecided', 'unrouted', 'awaited', 'at_work', 'to_rate'] as const
/** Of what stands in a book, only that which a figure counts: what is late, what a meeting has not decided, whistles with a call that waits for this. */
export type Only = (typeof onlys)[number]
/** Whose figures on the wall lead to a part of them. */
const narrowed: readonly View[] = ['tasks', 'whistles', 'agenda', 'listings']

/** Where on the desk one is, besides the filters of the cases. */
export interface Place {
  view: View
  queue?: string
  /** What is open: a case, a list or a task, a whistle, a meeting, a town's agenda or a matter on it, a listed case, an admission list or an urgent addition. */
  id?: string
  /** The area whose matters are shown; else those of whoever looks. */
  scope?: string
  only?: Only
}

export function placeLink({ view, queue, id, scope, only }: Place): string {
  if (view === 'cases') return deskLink(id ? { case: id } : {})
  const query = new URLSearchParams({ view, ...(queue ? { queue } : {}), ...(id ? { id } : {}), ...(scope ? { scope } : {}), ...(only ? { only } : {}) })
  return `/desk/?${query}`
}

export function readPlace(search: string): Place {
  const query = new URLSearchParams(search)
  const view = views.find((name) => name === query.get('view')) ?? 'cases'
  if (view === 'cases') return { view }
  const word = (name: 'queue' | 'id' | 'scope') => (query.get(name) ? { [name]: query.get(name)! } : {})
  const only = onlys.find((name) => name === query.get('only'))
  return { view, ...word('queue'), ...word('id'), ...(narrowed.includes(view) ? { ...word('scope'), ...(only ? { only } : {}) } : {}) }
}

/** Where a notice leads: its subject is the name of a stream, `task_list:…`, `task:…`, `whistle:…`, `meeting:…`, `agenda:…`, `listing:…`, `review:…`, `guidance:…`, `admission:…`, `duty:…`, or of an absence. */
export function placeOfSubject(subject: string): Place | undefined {
  const colon = subject.indexOf(':')
  const id = subject.slice(colon + 1)
  switch (subject.slice(0, colon)) {
    case 'task_list':
    case 'task':
      return { view: 'tasks', id }
    case 'whistle':
      return { view: 'whistles', id }
    case 'meeting':
      return { view: 'meetings', id }
    case 'agenda':
      return { view: 'agenda', queue: 'mine', id }
    case 'listing':
      return { view: 'listings', id }
    case 'admission':
      return { view: 'admissions', queue: 'waiting' }
    case 'review':
      return { view: 'reviews', queue: 'reviews', id }
    case 'guidance':
      return { view: 'reviews', queue: 'guidances', id }
    case 'duty':
      return { view: 'duty', queue: 'roster' }
    case 'absence':
      return { view: 'duty', queue: 'absences' }
    default:
      return undefined
  }
}
