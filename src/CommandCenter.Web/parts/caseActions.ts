import type { CaseDetail } from '../api/types'
import { attachments, type Action, type ActionField } from './actions'

/** What a unit does with a case on the spot; whatever else there is to decide is done at the desk. */
export const workCommands = ['claim', 'progress', 'finish-subtask', 'complete', 'plan', 'answer-supervision', 'drop-subtask', 'return'] as const

const text = (name: string, label: string, limit = 2000): ActionField => ({ name, kind: 'text', label, need: true, limit })

/** As the desk asks for them, in the form that a phone keeps and carries through a lost signal. */
export function workActions({ stage, details }: Pick<CaseDetail, 'stage' | 'details'>, word: (key: string, named?: Record<string, unknown>) => string, closing: string): Action[] {
  const form = (name: string) => word(`desk.form.${name}`)
  const photos = (name: string, label: string): ActionField => ({ name, kind: 'photos', label: form(label), limit: 9 })
  // What is open of it is finished or dropped before the whole is done.
  const part: ActionField = { name: 'number', kind: 'one', numbers: true, label: form('subtask'), need: true, groups: [{ list: details.subtasks.filter((task) => !task.finished).map((task) => ({ value: String(task.number), words: task.task })) }] }
  const fields: Record<(typeof workCommands)[number], Action['fields']> = {
    claim: [],
    progress: [text('note', form('progress')), photos('before', 'before'), photos('after', 'after'), attachments(word)],
    complete: [text('outcome', form('outcome')), photos('photos', 'photos'), attachments(word)],
    'finish-subtask': [part, { ...text('note', form('note'), 500), need: false }, photos('photos', 'photos'), attachments(word)],
    'drop-subtask': [part, text('reason', form('dropReason'), 500)],
    'answer-supervision': [text('answer', form('answer')), attachments(word)],
    plan: [text('plan', form('plan')), { name: 'until', kind: 'when', label: form('until') }, attachments(word)],
    return: [text('reason', form('returnReason'), 500)],
  }
  return workCommands.map((name) => ({
    name,
    words: word(`command.${name}`),
    fields: fields[name],
    ...(name === 'complete' && closing ? { hint: word('desk.form.closing', { words: closing }) } : {}),
    // Who has not claimed it yet does that first; afterwards every step is as usual as another, but for going back.
    aside: name === 'return' || name === 'plan' || name === 'drop-subtask' || (name !== 'claim' && stage === 'dispatched'),
  }))
}
