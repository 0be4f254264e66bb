import { toRaw } from 'vue'
import type { CaseSource, ReportCase, ReportSolvedCase, Role, Urgency } from '../api/types'
import type { LocalFile } from '../parts/files'
import type { LocalPhoto } from '../parts/useCommand'

export const textLimit = 2000
export const photoLimit = 6

export interface Draft {
  text: string
  category: string
  urgency: Urgency
  area: string
  point?: { latitude: number; longitude: number; accuracyMetres?: number }
  address: string
  name: string
  phone: string
  photos: LocalPhoto[]
  /** How it reached whoever writes it down; empty where the role says it. */
  source: CaseSource | ''
  /** The number of the hotline, the device or the code on the spot. */
  reference: string
  /** The code on the plate of a thing: then place, matter and reference are the thing's, and words may be missing. */
  spot?: string
  /** What such a report is called where it has no words of its own. */
  spotWords?: string
  /** Put right already: then it is reported and closed at once, with the photos as proof. */
  solved: boolean
  outcome: string
  proof: LocalPhoto[]
  /** Files beside the photos; missing in drafts that an earlier version of the page left. */
  attachments?: LocalFile[]
}

/** Uploaded, as the host names it. */
export interface NamedAttachment {
  file: string
  name: string
}

/** Who may report what was solved on the spot. */
export const solvers: readonly Role[] = ['grid_worker', 'yard_head', 'village_secretary']

const fromPeople = ['patrol', 'party_member', 'qr_code', 'deputy', 'resident'] as const satisfies readonly CaseSource[]
/** The sources that a role may write down besides its own. */
export function sourcesOf(role: Role | undefined): readonly CaseSource[] {
  if (role === 'center_operator' || role === 'dispatcher') return ['hotline', ...fromPeople.slice(0, 2), 'device', ...fromPeople.slice(2)]
  return role === undefined || role === 'resident' ? [] : fromPeople
}

export const hasReference = (source: CaseSource | ''): source is 'hotline' | 'device' | 'qr_code' => source === 'hotline' || source === 'device' || source === 'qr_code'

/** What a report is called on this phone. */
export const wordsOf = (draft: Draft): string => draft.text.trim() || draft.spotWords || draft.spot || ''

export type Missing = 'text' | 'category' | 'place' | 'grid' | 'outcome' | 'proof'

export const emptyDraft = (area = ''): Draft => ({ text: '', category: '', urgency: 'normal', area, address: '', name: '', phone: '', photos: [], source: '', reference: '', solved: false, outcome: '', proof: [], attachments: [] })

/** Without the wrappers that make it observable: IndexedDB stores only plain things. */
export function plain(draft: Draft): Draft {
  const { point, photos, proof, attachments, ...rest } = toRaw(draft)
  const bare = (list: LocalPhoto[]) => toRaw(list).map((photo) => ({ id: photo.id, blob: toRaw(photo).blob }))
  return { ...rest, ...(point ? { point: { ...toRaw(point) } } : {}), photos: bare(photos), proof: bare(proof), attachments: toRaw(attachments ?? []).map((file) => ({ id: file.id, blob: toRaw(file).blob, name: file.name })) }
}

export function whatIsMissing(draft: Draft): Missing[] {
  const missing: Missing[] = []
  if (!draft.text.trim()) missing.push('text')
  if (!draft.category) missing.push('category')
  if (!draft.point && !draft.area) missing.push('place')
  else if (!draft.point && draft.area.length < 15) missing.push('grid')
  if (draft.solved && !draft.outcome.trim()) missing.push('outcome')
  if (draft.solved && draft.proof.length === 0) missing.push('proof')
  return missing
}

export const isUntouched = (draft: Draft): boolean => !draft.text && !draft.category && draft.photos.length === 0 && !draft.point && !draft.address && !draft.name && !draft.phone && !draft.outcome && draft.proof.length === 0 && (draft.attachments ?? []).length === 0

export function toRequest(draft: Draft, photos: string[], happenedAt?: string, attachments: readonly NamedAttachment[] = []): ReportCase {
  const name = draft.name.trim()
  const text = draft.text.trim()
  const phone = draft.phone.trim()
  const address = draft.address.trim()
  return {
    ...(draft.spot ? { spot: draft.spot, ...(text ? { text } : {}) } : { text, category: draft.category, ...(draft.point ? { point: { ...draft.point, system: 'wgs84' as const } } : { area: draft.area }) }),
    urgency: draft.urgency,
    ...(address ? { address } : {}),
    ...(photos.length > 0 ? { photos } : {}),
    ...(attachments.length > 0 ? { attachments: [...attachments] } : {}),
    ...(name || phone ? { reporter: { ...(name ? { name } : {}), ...(phone ? { phone } : {}) } } : {}),
    ...(draft.source && !draft.spot ? { source: draft.source, ...(hasReference(draft.source) && draft.reference.trim() ? { reference: draft.reference.trim() } : {}) } : {}),
    ...(happenedAt ? { happenedAt } : {}),
  }
}

/** As a report, with what was done and its proof. */
export const toSolvedRequest = (draft: Draft, photos: string[], proof: string[], happenedAt?: string, attachments: readonly NamedAttachment[] = []): ReportSolvedCase => ({
  report: toRequest(draft, photos),
  outcome: draft.outcome.trim(),
  photos: proof,
  ...(attachments.length > 0 ? { attachments: [...attachments] } : {}),
  ...(happenedAt ? { happenedAt } : {}),
})
