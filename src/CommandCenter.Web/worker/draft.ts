import { toRaw } from 'vue'
import type { ReportCase, Urgency } from '../api/types'
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
}

export type Missing = 'text' | 'category' | 'place' | 'grid'

export const emptyDraft = (area = ''): Draft => ({ text: '', category: '', urgency: 'normal', area, address: '', name: '', phone: '', photos: [] })

/** Without the wrappers that make it observable: IndexedDB stores only plain things. */
export function plain(draft: Draft): Draft {
  const { point, photos, ...rest } = toRaw(draft)
  return { ...rest, ...(point ? { point: { ...toRaw(point) } } : {}), photos: toRaw(photos).map((photo) => ({ id: photo.id, blob: toRaw(photo).blob })) }
}

export function whatIsMissing(draft: Draft): Missing[] {
  const missing: Missing[] = []
  if (!draft.text.trim()) missing.push('text')
  if (!draft.category) missing.push('category')
  if (!draft.point && !draft.area) missing.push('place')
  else if (!draft.point && draft.area.length < 15) missing.push('grid')
  return missing
}

export const isUntouched = (draft: Draft): boolean => !draft.text && !draft.category && draft.photos.length === 0 && !draft.point && !draft.address && !draft.name && !draft.phone

export function toRequest(draft: Draft, photos: string[], happenedAt?: string): ReportCase {
  const name = draft.name.trim()
  const phone = draft.phone.trim()
  const address = draft.address.trim()
  return {
    text: draft.text.trim(),
    category: draft.category,
    urgency: draft.urgency,
    ...(draft.point ? { point: { ...draft.point, system: 'wgs84' as const } } : { area: draft.area }),
    ...(address ? { address } : {}),
    ...(photos.length > 0 ? { photos } : {}),
    ...(name || phone ? { reporter: { ...(name ? { name } : {}), ...(phone ? { phone } : {}) } } : {}),
    ...(happenedAt ? { happenedAt } : {}),
  }
}
