import type { WhistleCall } from '../api/types'
import { attachments, type Action, type OptionGroup } from './actions'

export const whistleCommands = ['call', 'withdraw'] as const
export const callCommands = ['arrive', 'advise', 'resolve', 'rate', 'route', 'decline', 'drop'] as const
type Word = (key: string, named?: Record<string, unknown>) => string

const reason = (word: Word, label: string) => [{ name: 'reason', kind: 'text' as const, label: word(`whistles.form.${label}`), need: true }]

export interface BlowOptions {
  areas: readonly OptionGroup[]
  /** The caller's own grid, where there is only one. */
  home: string
  units: readonly OptionGroup[]
  matters: OptionGroup['list']
  /** Cases in hand that it may be about. */
  cases: OptionGroup['list']
  /** The one that it is about. */
  about?: string
}

/** To whistle: what is the matter, where, and who shall come. A template calls its departments by itself. */
export const blowAction = (word: Word, { areas, home, units, matters, cases, about }: BlowOptions): Action => ({
  name: 'blow',
  words: word('whistleCommand.blow'),
  fields: [
    { name: 'text', kind: 'text', label: word('whistles.form.text'), need: true, limit: 2000 },
    { name: 'point', kind: 'point', label: word('whistles.form.place'), hint: word('whistles.form.placeHint') },
    // The point says it already; a grid besides only where somebody chose one.
    { name: 'area', kind: 'one', label: word('whistles.form.area'), groups: areas, need: (values) => values.point === undefined, start: home, none: word('whistles.form.byPoint') },
    { name: 'caseId', kind: 'one', label: word('whistles.form.case'), hint: word('whistles.form.caseHint'), groups: [{ list: cases }], none: word('whistles.form.noCase'), shown: () => cases.length > 0, start: about ?? '' },
    { name: 'oneMatter', kind: 'one', label: word('whistles.form.oneMatter'), hint: word('whistles.form.oneMatterHint'), groups: [{ list: matters }], none: word('common.none') },
    { name: 'units', kind: 'many', label: word('whistles.form.units'), groups: units, need: (values) => !values.oneMatter },
    { name: 'photos', kind: 'photos', label: word('tasks.form.photos'), limit: 6 },
    attachments(word),
  ],
})

/** On the whistle as a whole. */
export const whistleActions = (word: Word, units: readonly OptionGroup[]): Action[] => [
  { name: 'call', words: word('whistleCommand.call'), fields: [{ name: 'units', kind: 'many', label: word('whistles.form.units'), groups: units, need: true }, { name: 'note', kind: 'text', label: word('whistles.form.note') }], aside: true },
  { name: 'withdraw', words: word('whistleCommand.withdraw'), fields: reason(word, 'withdrawReason'), aside: true },
]

/** On one of its calls. */
export function callActions(call: Pick<WhistleCall, 'stage' | 'unit' | 'proposed'>, word: Word, units: readonly OptionGroup[]): Action[] {
  const others = units.map((group) => ({ ...group, list: group.list.filter((unit) => unit.value !== call.unit) })).filter((group) => group.list.length > 0)
  // Not yet with its unit, it goes to the one that was called; anywhere else it has to be said where.
  const asCalled = call.stage === 'called'
  const fields: Record<(typeof callCommands)[number], Action['fields']> = {
    arrive: [{ name: 'point', kind: 'point', label: word('whistles.form.point'), hint: word('whistles.form.pointHint'), need: true }],
    advise: [{ name: 'opinion', kind: 'text', label: word('whistles.form.opinion'), need: true, limit: 2000 }],
    resolve: [{ name: 'outcome', kind: 'text', label: word('whistles.form.outcome'), need: true, limit: 2000 }, { name: 'photos', kind: 'photos', label: word('tasks.form.photos'), limit: 6 }, attachments(word)],
    rate: [],
    route: [
      { name: 'unit', kind: 'one', label: word('whistles.form.unit'), groups: others, need: !asCalled, start: call.proposed ?? '', ...(asCalled ? { none: word('whistles.form.asCalled') } : {}) },
      { name: 'note', kind: 'text', label: word('whistles.form.note') },
    ],
    decline: [...reason(word, 'declineReason'), { name: 'proposed', kind: 'one', label: word('whistles.form.proposed'), groups: others, none: word('whistles.form.dontKnow') }],
    drop: reason(word, 'dropReason'),
  }
  return callCommands.map((name) => ({ name, words: word(`whistleCommand.${name}`), fields: fields[name], aside: name === 'drop' || name === 'decline' || (name === 'route' && call.stage !== 'called' && call.stage !== 'declined'), ...(name === 'rate' ? { form: 'rating' as const } : {}) }))
}

/** In the order in which somebody has to do something: first what this person may do, the loop's own steps before those around it. */
export const inOrderOfUse = (possible: readonly string[]): string[] => callCommands.filter((name) => possible.includes(name))
