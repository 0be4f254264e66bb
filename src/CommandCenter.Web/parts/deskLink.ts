import type { Level, Sector, Stage } from '../api/types'

export const todays = ['reported', 'filed', 'closed', 'escalated'] as const
export type Today = (typeof todays)[number]

/** Exactly the cases behind a number: the wall writes it, the desk reads it. */
export interface CaseFilter {
  scope?: string
  /** One or more, in the order in which they are shown. */
  stages?: Stage[]
  sector?: Sector
  unit?: string
  late?: boolean
  open?: boolean
  level?: Level
  dueSoon?: boolean
  today?: Today
}

export function deskLink({ stages, ...filter }: CaseFilter & { case?: string }): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...filter, stage: stages?.join(',') })) if (value !== undefined && value !== false && value !== '') query.set(name, String(value))
  // A comma and a colon may stand in a query as they are, and an address that can be read aloud is worth it.
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')
  return text ? `/desk/?${text}` : '/desk/'
}
