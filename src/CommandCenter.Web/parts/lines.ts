import type { LocalPhoto } from './useCommand'

export const lineKinds = ['on_spot', 'village', 'town', 'district'] as const
export const mostLines = 200

/** A matter of a meeting as it is typed. */
export interface Line {
  kind: '' | (typeof lineKinds)[number]
  text: string
  category: string
  /** Where it is; empty for the place of the meeting. */
  area: string
  urgency: 'normal' | 'urgent' | 'emergency'
  /** Of what was solved on the spot: how. */
  outcome: string
  /** Who raised it. */
  name: string
  phone: string
  photos: readonly LocalPhoto[]
}

export const emptyLine = (): Line => ({ kind: '', text: '', category: '', area: '', urgency: 'normal', outcome: '', name: '', phone: '', photos: [] })

/** A meeting of a grid or a yard says where its matters are; one of a village does not. */
export const isPlace = (area: string): boolean => area.length >= 15

/** What is missing in a line. @param meeting The place of the meeting. */
export function wrongInLine(line: Line, meeting: string): (keyof Line)[] {
  return [
    ...(line.kind ? [] : ['kind' as const]),
    ...(line.text.trim() ? [] : ['text' as const]),
    ...(line.category ? [] : ['category' as const]),
    ...(line.area || isPlace(meeting) ? [] : ['area' as const]),
    ...(line.kind !== 'on_spot' || line.outcome.trim() ? [] : ['outcome' as const]),
  ]
}

/** The line as the host takes it, without its photos. */
export function lineRequest({ kind, text, category, area, urgency, outcome, name, phone }: Line): Record<string, unknown> {
  const raisedBy = { ...(name.trim() ? { name: name.trim() } : {}), ...(phone.trim() ? { phone: phone.trim() } : {}) }
  return {
    kind,
    text: text.trim(),
    category,
    ...(area ? { area } : {}),
    ...(urgency === 'normal' ? {} : { urgency }),
    ...(kind === 'on_spot' ? { outcome: outcome.trim() } : {}),
    ...(Object.keys(raisedBy).length > 0 ? { raisedBy } : {}),
  }
}
