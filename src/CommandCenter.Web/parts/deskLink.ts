import type { Level, Sector, Stage } from '../api/types'

export const todays = ['reported', 'filed', 'closed', 'escalated'] as const
export type Today = (typeof todays)[number]

/** Exactly the cases behind a number: the wall writes it, the desk reads it. */
export interface CaseFilter {
  scope?: string
  stage?: Stage
  sector?: Sector
  post?: string
  late?: boolean
  open?: boolean
  level?: Level
  dueSoon?: boolean
  today?: Today
}

export function deskLink(filter: CaseFilter & { case?: string }): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filter)) if (value !== undefined && value !== false && value !== '') query.set(name, String(value))
  const text = query.toString()
  return text ? `/desk/?${text}` : '/desk/'
}
