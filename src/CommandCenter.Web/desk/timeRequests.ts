import type { CaseDetails, HistoryItem } from '../api/types'

/** What is asked about time: more of it, that it stands still, that its having run out is excused. */
export type TimeRequestKind = 'extension' | 'suspension' | 'appeal'

/** What became of a request by one decision. */
export type TimeStep = 'first' | 'granted' | 'refused' | 'ended' | 'upheld' | 'exempted' | 'rejected'

/** Where a request stands; `lapsed` is one that ended undecided, because the case left the unit. */
export type TimeStanding = 'asked' | 'first' | 'granted' | 'refused' | 'on' | 'ended' | 'second' | 'exempted' | 'rejected' | 'lapsed'

export interface TimeRequest {
  kind: TimeRequestKind
  asked: HistoryItem
  steps: { item: HistoryItem; step: TimeStep }[]
  standing: TimeStanding
}

const asking: Readonly<Record<string, TimeRequestKind>> = { case_extension_requested: 'extension', case_suspension_requested: 'suspension', case_lateness_appealed: 'appeal' }

function stepOf({ type, data }: HistoryItem): [TimeRequestKind, TimeStep, TimeStanding] | undefined {
  switch (type) {
    case 'case_extension_approved':
      return data.granted ? ['extension', 'granted', 'granted'] : ['extension', 'first', 'first']
    case 'case_extension_refused':
      return ['extension', 'refused', 'refused']
    case 'case_suspension_approved':
      return ['suspension', 'granted', 'on']
    case 'case_suspension_refused':
      return ['suspension', 'refused', 'refused']
    case 'case_suspension_ended':
      return ['suspension', 'ended', 'ended']
    case 'case_appeal_reviewed':
      if (!data.upheld) return ['appeal', 'rejected', 'rejected']
      return data.review === 2 ? ['appeal', 'exempted', 'exempted'] : ['appeal', 'upheld', 'second']
    default:
      return undefined
  }
}

/** Every request about time in a case's history, with who decided it; the last asked for comes first. */
export function timeRequests(history: readonly HistoryItem[], { extension, suspension }: Pick<CaseDetails, 'extension' | 'suspension'>): TimeRequest[] {
  const requests: TimeRequest[] = []
  for (const item of history) {
    const kind = asking[item.type]
    if (kind) requests.push({ kind, asked: item, steps: [], standing: 'asked' })
    const step = stepOf(item)
    const request = step && requests.findLast((one) => one.kind === step[0])
    if (!step || !request) continue
    request.steps.push({ item, step: step[1] })
    request.standing = step[2]
  }
  // Only the last of a kind can be open, and only while the case still holds it.
  const held = { extension, suspension: suspension?.approvedAt ? undefined : suspension, appeal: true }
  const isOpen = (request: TimeRequest) => request.standing === 'asked' || request.standing === 'first'
  for (const request of requests) if (isOpen(request) && !(held[request.kind] && request === requests.findLast((one) => one.kind === request.kind))) request.standing = 'lapsed'
  return requests.reverse()
}
