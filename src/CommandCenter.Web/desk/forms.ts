import { reactive } from 'vue'
import type { Command, Urgency } from '../api/types'
import type { LocalPhoto } from '../parts/useCommand'

export const refusalReasons = ['duplicate', 'out_of_scope', 'not_found', 'insufficient', 'other'] as const
export type RefusalReason = (typeof refusalReasons)[number]

export interface Fields {
  category: string
  urgency: Urgency
  refusal?: RefusalReason
  note: string
  post: string
  instructions: string
  reason: string
  recallReason: string
  outcome: string
  passed?: boolean
  summary: string
  photos: LocalPhoto[]
}

export type FieldName = keyof Fields

const written: Record<Command, readonly FieldName[]> = {
  file: ['note'],
  refuse: ['note', 'refusal'],
  dispatch: ['instructions'],
  claim: [],
  return: ['reason'],
  recall: ['recallReason'],
  complete: ['outcome', 'photos'],
  verify: ['note', 'passed', 'photos'],
  rate: [],
  close: ['summary'],
}

export function missingIn(command: Command, fields: Fields): FieldName[] {
  const needed: FieldName[] = { file: ['category'], refuse: ['refusal', 'note'], dispatch: ['post'], return: ['reason'], recall: ['recallReason'], complete: ['outcome'], verify: ['passed', ...(fields.passed === false ? ['note'] : [])] }[command as string] as FieldName[] | undefined ?? []
  return needed.filter((name) => {
    const value = fields[name]
    return typeof value === 'string' ? !value.trim() : value === undefined
  })
}

const optional = (name: string, words: string): object => (words.trim() ? { [name]: words.trim() } : {})

export function bodyOf(command: Command, fields: Fields): object {
  switch (command) {
    case 'file':
      return { category: fields.category, urgency: fields.urgency, ...optional('note', fields.note) }
    case 'refuse':
      return { reason: fields.refusal, note: fields.note.trim() }
    case 'dispatch':
      return { post: fields.post, ...optional('instructions', fields.instructions) }
    case 'return':
      return { reason: fields.reason.trim() }
    case 'recall':
      return { reason: fields.recallReason.trim() }
    case 'complete':
      return { outcome: fields.outcome.trim() }
    case 'verify':
      return { passed: fields.passed, ...optional('note', fields.note) }
    case 'close':
      return optional('summary', fields.summary)
    default:
      return {}
  }
}

export interface Forms {
  fields: Fields
  touched(command: Command): boolean
  clear(command: Command): void
}

const open = new Map<string, Fields>()

/** The forms of one case, kept for as long as the page is open. */
export function formsOf(caseId: string, start: Pick<Fields, 'category' | 'urgency' | 'post'>): Forms {
  const blank = (): Fields => ({ ...start, refusal: undefined, note: '', instructions: '', reason: '', recallReason: '', outcome: '', passed: undefined, summary: '', photos: [] })
  let fields = open.get(caseId)
  if (!fields) open.set(caseId, (fields = reactive(blank())))
  const kept = fields
  return {
    fields: kept,
    touched: (command) =>
      written[command].some((name) => {
        const value = kept[name]
        return Array.isArray(value) || typeof value === 'string' ? value.length > 0 : value !== undefined
      }),
    clear: (command) => {
      const empty = blank()
      for (const name of written[command]) Object.assign(kept, { [name]: empty[name] })
    },
  }
}
