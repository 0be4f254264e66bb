import type { Addition, AdmissionList } from '../api/types'
import type { Action, OptionGroup } from '../parts/actions'

type Word = (key: string, named?: Record<string, unknown>) => string

/** The tiers that a list may speak of; yards are judged as their grids until they have lists of their own. */
export const listLevels = ['town', 'village', 'grid', 'yard'] as const

/** What may be done with the lists of a town or of the district. */
export function listActions(word: Word, areas: readonly OptionGroup[], matters: readonly OptionGroup[], from?: AdmissionList): Action[] {
  return [
    {
      name: 'request',
      words: word('admissionCommand.request'),
      hint: word('admissions.requestHint'),
      fields: [
        { name: 'matter', kind: 'one', label: word('admissions.form.matter'), groups: matters, need: true },
        { name: 'area', kind: 'one', label: word('admissions.form.area'), groups: areas, need: true },
        { name: 'until', kind: 'when', label: word('admissions.form.until'), hint: word('admissions.form.untilHint'), need: true },
        { name: 'reason', kind: 'text', label: word('admissions.form.reason'), need: true, limit: 500 },
      ],
      aside: true,
    },
    {
      name: 'adopt',
      words: word('admissionCommand.adopt'),
      hint: word('admissions.adoptHint'),
      fields: [
        { name: 'area', kind: 'one', label: word('admissions.form.area'), groups: areas, need: true, ...(from ? { start: from.area } : {}) },
        { name: 'level', kind: 'one', label: word('admissions.form.level'), groups: [{ list: listLevels.map((level) => ({ value: level, words: word(`areaLevel.${level}`) })) }], need: true, ...(from ? { start: from.level } : {}) },
        { name: 'matters', kind: 'many', label: word('admissions.form.matters'), groups: matters, ...(from ? { start: from.matters } : {}) },
        { name: 'note', kind: 'text', label: word('admissions.form.note'), limit: 500 },
      ],
      // No matter at all is a list too: it admits nothing.
      body: { matters: [] },
      aside: true,
    },
  ]
}

/** What may be done with one urgent addition. */
export function additionActions(addition: Addition, word: Word): Action[] {
  const own = { number: addition.number }
  const reason = { name: 'reason', kind: 'text', label: word('admissions.form.reason'), need: true, limit: 500 } as const
  return [
    { name: 'approve', words: word('admissionCommand.approve'), fields: [{ name: 'note', kind: 'text', label: word('admissions.form.note'), limit: 500 }], body: own },
    { name: 'reject', words: word('admissionCommand.reject'), fields: [reason], body: own },
    { name: 'end', words: word('admissionCommand.end'), fields: [reason], body: own, aside: true },
  ]
}
