import { reactive } from 'vue'
import type { CaseDetail, Command } from '../api/types'
import type { Messages } from '../i18n/zh'
import { instantOf } from '../live/countdown'
import type { LocalFile } from '../parts/files'
import type { LocalPhoto, LocalUpload } from '../parts/useCommand'

export const refusalReasons = ['duplicate', 'out_of_scope', 'not_found', 'insufficient', 'other'] as const
export const emergencyServices = ['police', 'fire', 'ambulance', 'traffic'] as const
export const suspensionReasons = ['materials', 'funding', 'weather', 'higher_level', 'legal_proceedings'] as const
export const feedbackWays = ['call', 'message', 'in_person'] as const
export const caseLinks = ['related', 'caused_by', 'causes'] as const

/** One of the matters that a case is split into, as it is typed. */
export interface Part {
  text: string
  category: string
  /** Its grid or yard; empty for the case's. */
  area: string
  /** Of the case's photos those that go along. */
  photos: string[]
}

export type Value = string | boolean | LocalPhoto[] | LocalFile[] | Part[] | undefined
export type Values = Record<string, Value>
export type FieldLabel = keyof Messages['desk']['form']

/** How a field is asked for; what it sends is a string unless `bodyOf` says otherwise. */
export type Kind =
  | 'text'
  | 'line'
  | 'urgency'
  | 'matter'
  | 'refusal'
  | 'emergency'
  | 'feedbackWay'
  | 'finding'
  | 'suspension'
  | 'upheld'
  | 'caseLink'
  | 'passed'
  | 'category'
  | 'unit'
  | 'enforcement'
  | 'near'
  | 'colleague'
  | 'case'
  | 'linked'
  | 'town'
  | 'ownGrid'
  | 'otherGrid'
  | 'subtask'
  | 'count'
  | 'yuan'
  | 'when'
  | 'parts'
  | 'photos'
  | 'attachments'

export interface Field {
  /** The member of the request. */
  name: string
  kind: Kind
  label: FieldLabel
  need?: boolean | ((values: Values) => boolean)
  /** The longest text, as the host takes it. */
  limit?: number
}

const note: Field = { name: 'note', kind: 'text', label: 'note' }
const noteNeeded: Field = { ...note, need: true }
const photos: Field = { name: 'photos', kind: 'photos', label: 'photos' }
const attachments: Field = { name: 'attachments', kind: 'attachments', label: 'attachments' }
const proof: Field = { ...photos, label: 'proof', need: true }
const reason = (label: FieldLabel): Field => ({ name: 'reason', kind: 'text', label, need: true })
const long = (name: string, label: FieldLabel): Field => ({ name, kind: 'text', label, need: true, limit: 2000 })

/** What each command asks for, in the order in which a person fills it in. */
export const fieldsOf: Record<Command, readonly Field[]> = {
  'pass-up': [
    long('assessment', 'assessment'),
    { name: 'level', kind: 'matter', label: 'level', need: true },
    { name: 'households', kind: 'count', label: 'households' },
    { name: 'costFen', kind: 'yuan', label: 'cost' },
    attachments,
  ],
  settle: [long('outcome', 'outcome'), proof, attachments],
  'send-to-village': [note],
  check: [{ name: 'person', kind: 'near', label: 'checker' }, note],
  'report-check': [{ name: 'finding', kind: 'finding', label: 'finding', need: true }, { ...noteNeeded, label: 'seen' }, photos, attachments],
  file: [
    { name: 'category', kind: 'category', label: 'category', need: true },
    { name: 'urgency', kind: 'urgency', label: 'urgency', need: true },
    { name: 'level', kind: 'matter', label: 'level', need: true },
    note,
  ],
  refuse: [{ name: 'reason', kind: 'refusal', label: 'reason', need: true }, noteNeeded],
  redirect: [{ name: 'service', kind: 'emergency', label: 'service', need: true }, noteNeeded],
  merge: [{ name: 'main', kind: 'case', label: 'main', need: true }, note],
  unmerge: [reason('unmergeReason')],
  split: [{ name: 'parts', kind: 'parts', label: 'parts', need: true }, note],
  link: [{ name: 'other', kind: 'case', label: 'other', need: true }, { name: 'link', kind: 'caseLink', label: 'link', need: true }],
  unlink: [{ name: 'other', kind: 'linked', label: 'other', need: true }],
  dispatch: [
    { name: 'unit', kind: 'unit', label: 'unit', need: true },
    { name: 'person', kind: 'colleague', label: 'person' },
    { name: 'instructions', kind: 'text', label: 'instructions' },
  ],
  'take-on': [],
  claim: [],
  return: [reason('returnReason')],
  recall: [reason('recallReason')],
  reassign: [{ name: 'person', kind: 'colleague', label: 'person', need: true }, note],
  plan: [long('plan', 'plan'), { name: 'until', kind: 'when', label: 'until' }, attachments],
  progress: [long('note', 'progress'), { name: 'before', kind: 'photos', label: 'before' }, { name: 'after', kind: 'photos', label: 'after' }, attachments],
  'add-subtask': [{ name: 'task', kind: 'text', label: 'task', need: true }, { name: 'person', kind: 'colleague', label: 'person' }],
  'finish-subtask': [{ name: 'number', kind: 'subtask', label: 'subtask', need: true }, note, photos, attachments],
  'drop-subtask': [{ name: 'number', kind: 'subtask', label: 'subtask', need: true }, reason('dropReason')],
  'record-funding': [{ name: 'amountFen', kind: 'yuan', label: 'amount', need: true }, { name: 'from', kind: 'line', label: 'from', need: true }, attachments],
  'correct-funding': [{ name: 'amountFen', kind: 'yuan', label: 'rightAmount', need: () => true }, reason('correctReason')],
  'give-feedback': [{ name: 'way', kind: 'feedbackWay', label: 'way', need: true }, { ...noteNeeded, label: 'toldThem' }, photos, attachments],
  'hand-to-enforcement': [{ name: 'post', kind: 'enforcement', label: 'enforcement', need: true }, reason('handReason'), attachments],
  complete: [long('outcome', 'outcome'), photos, attachments],
  verify: [{ name: 'passed', kind: 'passed', label: 'passed', need: true }, { ...note, need: (values) => values.passed === false }, photos, attachments],
  rate: [],
  close: [{ name: 'summary', kind: 'text', label: 'summary' }],
  reopen: [reason('reopenReason')],
  urge: [note],
  'acknowledge-alarm': [],
  supervise: [{ ...noteNeeded, label: 'demand' }],
  'answer-supervision': [long('answer', 'answer'), attachments],
  'ask-extension': [{ name: 'amount', kind: 'count', label: 'more', need: true }, reason('askReason')],
  'approve-extension': [note],
  'refuse-extension': [reason('refuseReason')],
  'ask-suspension': [{ name: 'for', kind: 'suspension', label: 'waitsFor', need: true }, { name: 'until', kind: 'when', label: 'goesOn', need: true }, reason('askReason')],
  'approve-suspension': [note],
  'refuse-suspension': [reason('refuseReason')],
  resume: [note],
  'appeal-lateness': [reason('lateReason')],
  'review-appeal': [{ name: 'upheld', kind: 'upheld', label: 'upheld', need: true }, reason('reviewReason')],
  'raise-level': [{ name: 'level', kind: 'matter', label: 'level', need: true }, reason('levelReason')],
  'lower-level': [{ name: 'level', kind: 'matter', label: 'level', need: true }, reason('levelReason')],
  'request-transfer': [{ name: 'area', kind: 'town', label: 'toTown', need: true }, reason('transferReason')],
  'accept-transfer': [{ name: 'area', kind: 'ownGrid', label: 'grid', need: true }],
  'decline-transfer': [reason('declineReason')],
  transfer: [{ name: 'area', kind: 'otherGrid', label: 'toTown', need: true }, reason('transferReason')],
}

export const isCommand = (name: string): name is Command => name in fieldsOf

/** What moves a case of a stage on: with these a person sees at once what is next. Everything else is possible, but not usual. */
const usual: Record<CaseDetail['stage'], readonly Command[]> = {
  assessing: ['settle', 'pass-up'],
  reported: ['file', 'refuse', 'check', 'send-to-village'],
  checking: ['report-check'],
  transferring: ['accept-transfer', 'decline-transfer'],
  filed: ['dispatch', 'take-on'],
  dispatched: ['claim', 'return'],
  handling: ['complete', 'progress', 'finish-subtask', 'plan'],
  completed: ['verify'],
  verified: ['rate', 'close'],
  rated: ['close', 'dispatch'],
  closed: ['rate', 'reopen', 'give-feedback'],
  refused: ['give-feedback'],
  redirected: ['give-feedback'],
  merged: ['unmerge', 'give-feedback'],
  split: ['give-feedback'],
}

export const groups = ['work', 'route', 'level', 'relation'] as const
export type Group = (typeof groups)[number]

const groupOf: Partial<Record<Command, Group>> = {
  plan: 'work', progress: 'work', 'add-subtask': 'work', 'finish-subtask': 'work', 'drop-subtask': 'work', 'record-funding': 'work', 'correct-funding': 'work', complete: 'work',
  'ask-extension': 'level', 'approve-extension': 'level', 'refuse-extension': 'level', 'ask-suspension': 'level', 'approve-suspension': 'level', 'refuse-suspension': 'level', resume: 'level', 'appeal-lateness': 'level', 'review-appeal': 'level',
  urge: 'level', 'acknowledge-alarm': 'level', supervise: 'level', 'answer-supervision': 'level', 'raise-level': 'level', 'lower-level': 'level',
  merge: 'relation', unmerge: 'relation', split: 'relation', link: 'relation', unlink: 'relation', 'give-feedback': 'relation',
}

export interface Choices {
  next: Command[]
  more: { group: Group; commands: Command[] }[]
}

/** What waits for a word of this person, and comes before their own next steps. */
const asked: readonly Command[] = ['acknowledge-alarm', 'answer-supervision', 'approve-extension', 'refuse-extension', 'approve-suspension', 'refuse-suspension', 'review-appeal']

/** What this person may do now: the usual next steps first, an open question before them. */
export function choicesOf({ stage, urgency, possible }: Pick<CaseDetail, 'stage' | 'urgency' | 'possible'>): Choices {
  const may = possible.filter(isCommand)
  // Where a life is in danger, 110, 119 and 120 come before any form.
  const wanted: Command[] = [...asked, ...usual[stage], ...(urgency === 'emergency' ? (['redirect'] as const) : [])]
  const next = wanted.filter((command) => may.includes(command))
  const rest = may.filter((command) => !next.includes(command))
  const more = groups.map((group) => ({ group, commands: rest.filter((command) => (groupOf[command] ?? 'route') === group) })).filter(({ commands }) => commands.length > 0)
  return { next, more }
}

/** Yuan as a person writes them, in fen; undefined for what is no amount of money. */
export function fenOf(yuan: string): number | undefined {
  const [, whole, cents = ''] = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(yuan.replaceAll(/[,，\s]/g, '')) ?? []
  return whole === undefined ? undefined : Number(whole) * 100 + Number(cents.padEnd(2, '0') || 0)
}

const partsOf = (value: Value): Part[] => (Array.isArray(value) ? (value as Part[]) : [])
const isEmpty = (value: Value): boolean => (Array.isArray(value) ? value.length === 0 : typeof value === 'string' ? !value.trim() : value === undefined)

function isWrong(field: Field, values: Values): boolean {
  const value = values[field.name]
  if (field.kind === 'parts') return partsOf(value).length < 2 || partsOf(value).some((part) => !part.text.trim())
  if (field.kind === 'yuan' && !isEmpty(value)) return fenOf(String(value)) === undefined || (field.need === true && fenOf(String(value)) === 0)
  if (field.kind === 'count' && !isEmpty(value)) return !/^[1-9]\d{0,4}$|^100000$/.test(String(value).trim())
  const needed = typeof field.need === 'function' ? field.need(values) : field.need
  return Boolean(needed) && isEmpty(value)
}

/** The fields that are not filled in, or not so that the host could take them. */
export const wrongIn = (command: Command, values: Values): string[] => fieldsOf[command].filter((field) => isWrong(field, values)).map((field) => field.name)

const isUploaded = (kind: Kind): boolean => kind === 'photos' || kind === 'attachments'

/** The request without its photos and attachments, which are uploaded first. */
export function bodyOf(command: Command, values: Values, timeZone = 'Asia/Shanghai'): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const { name, kind } of fieldsOf[command]) {
    const value = values[name]
    if (isUploaded(kind) || isEmpty(value)) continue
    if (kind === 'parts') body[name] = partsOf(value).map(({ text, category, area, photos }) => ({ text: text.trim(), ...(category ? { category } : {}), ...(area ? { area } : {}), ...(photos.length > 0 ? { photos } : {}) }))
    else if (kind === 'yuan') body[name] = fenOf(String(value))
    else if (kind === 'count' || kind === 'subtask') body[name] = Number(value)
    else if (kind === 'when') body[name] = instantOf(String(value), timeZone)
    else body[name] = typeof value === 'string' ? value.trim() : value
  }
  return body
}

/** Photos and attachments, by the member that they are sent in. */
export const filesOf = (command: Command, values: Values): Record<string, LocalUpload[]> =>
  Object.fromEntries(fieldsOf[command].filter((field) => isUploaded(field.kind)).map((field) => [field.name, (values[field.name] as LocalUpload[] | undefined) ?? []]))

export interface Forms {
  /** What was typed for a command so far. */
  of(command: Command): Values
  touched(command: Command): boolean
  clear(command: Command): void
}

export type Start = Pick<CaseDetail, 'category' | 'urgency'> & { unit?: string; level?: string; area?: string; photos?: readonly string[] }

/** A matter of its own, until somebody says otherwise of the same kind, at the same place, and seen on the same photos. */
export const emptyPart = ({ category, photos = [] }: { category: string; photos?: readonly string[] }): Part => ({ text: '', category, area: '', photos: [...photos] })

/** What a field begins with: what is known of the case, so that the usual answer is one press. */
function begin(field: Field, command: Command, start: Start): Value {
  switch (field.kind) {
    case 'photos':
    case 'attachments':
      return []
    case 'parts':
      return [emptyPart(start), emptyPart(start)]
    case 'category':
      return start.category
    case 'urgency':
      return start.urgency
    case 'matter':
      return command === 'file' || command === 'pass-up' ? (start.level ?? 'town') : undefined
    case 'unit':
      return start.unit ?? ''
    case 'ownGrid':
      return start.area ?? ''
    case 'caseLink':
      return 'related'
    case 'passed':
    case 'finding':
    case 'refusal':
    case 'emergency':
      return undefined
    default:
      return ''
  }
}

const open = new Map<string, Map<Command, Values>>()

/** The forms of one case, kept for as long as the page is open. */
export function formsOf(caseId: string, start: Start): Forms {
  const kept = open.get(caseId) ?? new Map<Command, Values>()
  open.set(caseId, kept)
  const blank = (command: Command): Values => Object.fromEntries(fieldsOf[command].map((field) => [field.name, begin(field, command, start)]))
  const of = (command: Command): Values => {
    let values = kept.get(command)
    if (!values) kept.set(command, (values = reactive(blank(command))))
    return values
  }
  return {
    of,
    touched: (command) => JSON.stringify(of(command)) !== JSON.stringify(blank(command)),
    clear: (command) => void Object.assign(of(command), blank(command)),
  }
}
