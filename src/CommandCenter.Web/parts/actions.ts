import { instantOf } from '../live/countdown'
import type { LocalFile } from './files'
import { lineRequest, wrongInLine, type Line } from './lines'
import type { LocalPhoto, LocalUpload } from './useCommand'

/** What a person may do with something, and what has to be filled in for it; all words are ready to be shown. */
export interface Action {
  /** The last part of the address that it is sent to. */
  name: string
  words: string
  fields: readonly ActionField[]
  hint?: string
  /** What is sent besides what was filled in, such as which line it is about. */
  body?: Readonly<Record<string, unknown>>
  /** Makes the request of what was filled in, where the host takes it in another form. */
  shape?: (body: Record<string, unknown>) => Record<string, unknown>
  /** Not the usual next step: offered, but not laid open by itself. */
  aside?: boolean
  /** `rating`: the form that asks for satisfaction and result. */
  form?: 'rating'
}

export type FieldKind = 'text' | 'line' | 'count' | 'photos' | 'attachments' | 'when' | 'day' | 'one' | 'many' | 'yes_no' | 'point' | 'lines'

export interface Option {
  value: string
  words: string
}

export interface OptionGroup {
  label?: string
  list: readonly Option[]
}

/** Where somebody is, as the API takes it. */
export interface Point {
  latitude: number
  longitude: number
  accuracyMetres?: number
  system: 'wgs84' | 'gcj02' | 'bd09'
}

export type Value = string | boolean | readonly string[] | readonly LocalPhoto[] | readonly LocalFile[] | readonly Line[] | Point | undefined
export type Values = Record<string, Value>

export interface ActionField {
  /** `attendance.participants` is a member of a member. */
  name: string
  kind: FieldKind
  label: string
  hint?: string
  need?: boolean | ((values: Values) => boolean)
  /** Whether it is asked for at all, by what was filled in before. */
  shown?: (values: Values) => boolean
  groups?: readonly OptionGroup[]
  /** The words of no choice, where a choice may be left out. */
  none?: string
  /** The words of yes and of no. */
  yes?: string
  no?: string
  /** The most characters, or the most photos. */
  limit?: number
  /** Whether what is chosen are numbers. */
  numbers?: boolean
  /** The fewest photos. */
  least?: number
  /** Of lines: where the meeting is that they are of. */
  place?: string
  start?: Value
}

export const linesOf = (value: Value): readonly Line[] => (Array.isArray(value) ? (value as readonly Line[]) : [])
const isUploaded = (kind: FieldKind): boolean => kind === 'photos' || kind === 'attachments'
const isEmpty = (value: Value): boolean => (Array.isArray(value) ? value.length === 0 : typeof value === 'string' ? !value.trim() : value === undefined)

/** The question that every command asks alike which can show something. */
export const attachments = (word: (key: string) => string): ActionField => ({ name: 'attachments', kind: 'attachments', label: word('files.title') })

export const isShown = (field: ActionField, values: Values): boolean => field.shown?.(values) ?? true
export const isNeeded = (field: ActionField, values: Values): boolean => (field.least ?? 0) > 0 || (typeof field.need === 'function' ? field.need(values) : field.need === true)

function begin({ kind, start }: ActionField): Value {
  if (start !== undefined) return start
  return isUploaded(kind) || kind === 'many' ? [] : kind === 'yes_no' || kind === 'point' ? undefined : ''
}

export const blank = (action: Action): Values => Object.fromEntries(action.fields.map((field) => [field.name, begin(field)]))

/** Whether somebody has put something in that they would not want to lose. */
export const isTouched = (action: Action, values: Values): boolean => JSON.stringify({ ...blank(action), ...values }) !== JSON.stringify(blank(action))

/** A number of things, as a person writes it; undefined for what is none. */
export function countOf(text: string): number | undefined {
  const digits = text.replaceAll(/[,，\s]/g, '')
  return /^\d{1,9}$/.test(digits) ? Number(digits) : undefined
}

function isWrong(field: ActionField, values: Values): boolean {
  if (!isShown(field, values)) return false
  const value = values[field.name]
  if (field.kind === 'count' && !isEmpty(value)) return countOf(String(value)) === undefined
  if (field.kind === 'lines') return isEmpty(value) || linesOf(value).some((line) => wrongInLine(line, field.place ?? '').length > 0)
  if (field.kind === 'attachments') return isNeeded(field, values) && isEmpty(value)
  if (field.kind === 'photos') return ((value as readonly LocalPhoto[] | undefined)?.length ?? 0) < (field.least ?? (isNeeded(field, values) ? 1 : 0))
  return isNeeded(field, values) && isEmpty(value)
}

/** The fields that are not filled in, or not so that the host could take them. */
export const wrongIn = (action: Action, values: Values): string[] => action.fields.filter((field) => isWrong(field, values)).map((field) => field.name)

/** The request without its photos and attachments, which are uploaded first. */
export function bodyOf(action: Action, values: Values, timeZone: string): Record<string, unknown> {
  const body: Record<string, unknown> = { ...action.body }
  for (const field of action.fields) {
    const value = values[field.name]
    if (isUploaded(field.kind) || !isShown(field, values) || isEmpty(value)) continue
    const [outer = '', inner] = field.name.split('.')
    const sent = sentOf(field, value, timeZone)
    body[outer] = inner === undefined ? sent : { ...(body[outer] as object | undefined), [inner]: sent }
  }
  return action.shape ? action.shape(body) : body
}

function sentOf(field: ActionField, value: Value, timeZone: string): unknown {
  if (field.kind === 'lines') return linesOf(value).map(lineRequest)
  if (field.kind === 'count') return countOf(String(value))
  if (field.kind === 'when') return instantOf(String(value), timeZone)
  if (field.kind === 'many' && field.numbers) return (value as readonly string[]).map(Number)
  if (field.kind === 'one' && field.numbers) return Number(value)
  return typeof value === 'string' ? value.trim() : value
}

/** Photos and attachments, by the member that they are sent in: of a line `lines.0.photos`. */
export const filesIn = (action: Action, values: Values): Record<string, readonly LocalUpload[]> =>
  Object.fromEntries(
    action.fields
      .filter((field) => isShown(field, values))
      .flatMap((field): [string, readonly LocalUpload[]][] => {
        const value = values[field.name]
        if (field.kind === 'lines') return linesOf(value).flatMap(({ photos }, index): [string, readonly LocalUpload[]][] => (photos.length > 0 ? [[`${field.name}.${index}.photos`, photos]] : []))
        return isUploaded(field.kind) ? [[field.name, (value as readonly LocalUpload[] | undefined) ?? []]] : []
      }),
  )

/** Two numbers as a map shows them, in either order: in China the longitude is the greater. */
export function placeOf(text: string): { latitude: number; longitude: number } | undefined {
  const [, first, second] = /^\s*(\d{1,3}(?:\.\d+)?)\s*[,，;；\s]\s*(\d{1,3}(?:\.\d+)?)\s*$/.exec(text) ?? []
  if (!first || !second) return undefined
  const [latitude, longitude] = [Number(first), Number(second)].sort((a, b) => a - b) as [number, number]
  return latitude <= 60 && longitude >= 60 && longitude <= 180 ? { latitude, longitude } : undefined
}
