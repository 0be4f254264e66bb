import type { Notice } from '../api/types'

export const matterKinds = ['case', 'task', 'whistle', 'meeting', 'duty'] as const

/** Something that is opened by itself on the phone, from a notice or from another thing. */
export interface Matter {
  kind: (typeof matterKinds)[number]
  /** Of a roster the place whose it is. */
  id: string
}

/** What a notice is about, where a phone has a page for it. */
export function matterOf({ caseId, subject }: Pick<Notice, 'caseId' | 'subject'>): Matter | undefined {
  if (caseId) return { kind: 'case', id: caseId }
  const colon = subject.indexOf(':')
  const kind = matterKinds.find((name) => name === subject.slice(0, colon))
  return kind && { kind, id: subject.slice(colon + 1) }
}
