import { instantOf } from '../live/countdown'
import type { Area, DraftTaskList, TaskListDetail } from '../api/types'
import { countOf } from '../parts/actions'

export const mostItems = 50

export interface DraftTarget {
  area: string
  /** Not the area itself but each of this level inside. */
  each: '' | Area['level']
}

export interface DraftItem {
  title: string
  text: string
  matter: string
  /** As the district's clock shows it: `2026-12-05T18:00`. */
  dueAt: string
  needsText: boolean
  photos: string
  unit: string
  expected: string
  /** Its own targets, as an earlier version had them; the list's when missing. */
  targets?: string[]
}

export interface Draft {
  title: string
  items: DraftItem[]
  targets: DraftTarget[]
}

export const emptyItem = (): DraftItem => ({ title: '', text: '', matter: '', dueAt: '', needsText: false, photos: '0', unit: '', expected: '' })
export const emptyDraft = (): Draft => ({ title: '', items: [emptyItem()], targets: [] })
export const isWorthIt = (draft: Draft): boolean => JSON.stringify(draft) !== JSON.stringify(emptyDraft())

/** An instant as the district's clock shows it, for an input of a date and a time. */
export function localOf(instant: string, timeZone: string): string {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }).formatToParts(Date.parse(instant)).map((part) => [part.type, part.value]),
  )
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`
}

export const draftOf = (list: TaskListDetail, timeZone: string): Draft => ({
  title: list.title,
  items: list.items.map((item) => ({
    title: item.title,
    text: item.text,
    matter: item.matter,
    dueAt: localOf(item.dueAt, timeZone),
    needsText: item.evidence.text ?? false,
    photos: String(item.evidence.photos ?? 0),
    unit: item.quantity?.unit ?? '',
    expected: item.quantity?.expected === undefined ? '' : String(item.quantity.expected),
    ...(item.targets ? { targets: item.targets } : {}),
  })),
  targets: list.targets.map((area) => ({ area, each: '' })),
})

/** What is missing or cannot be read, as `title`, `targets`, `items/2/dueAt`. */
export function wrongInDraft(draft: Draft): string[] {
  const items = draft.items.flatMap((item, index) => {
    const wrong = [
      ...(item.title.trim() ? [] : ['title']),
      ...(item.text.trim() ? [] : ['text']),
      ...(item.matter ? [] : ['matter']),
      ...(item.dueAt ? [] : ['dueAt']),
      ...(item.expected.trim() && !(countOf(item.expected) && item.unit.trim()) ? ['expected'] : []),
    ]
    return wrong.map((name) => `items/${index + 1}/${name}`)
  })
  return [...(draft.title.trim() ? [] : ['title']), ...(draft.targets.length > 0 || draft.items.every((item) => item.targets?.length) ? [] : ['targets']), ...items]
}

export function toRequest(draft: Draft, timeZone: string): DraftTaskList {
  return {
    title: draft.title.trim(),
    items: draft.items.map((item) => {
      const photos = Number(item.photos)
      const expected = countOf(item.expected)
      return {
        title: item.title.trim(),
        text: item.text.trim(),
        matter: item.matter,
        // The document calls every instant of a case that may be missing by this name.
        dueAt: instantOf(item.dueAt, timeZone),
        ...(item.needsText || photos > 0 ? { evidence: { text: item.needsText, photos } } : {}),
        ...(item.unit.trim() ? { quantity: { unit: item.unit.trim(), ...(expected ? { expected } : {}) } } : {}),
        ...(item.targets ? { targets: item.targets.map((area) => ({ area })) } : {}),
      }
    }),
    targets: draft.targets.map(({ area, each }) => ({ area, ...(each ? { each } : {}) })),
  }
}
