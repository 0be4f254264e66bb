import type { TaskDetail } from '../api/types'
import { attachments, type Action, type OptionGroup } from './actions'

export const taskCommands = ['claim', 'progress', 'complete', 'return', 'release', 'check', 'resend', 'cancel'] as const
export type TaskCommand = (typeof taskCommands)[number]

/** How many more photos the evidence needs, those that were sent with progress counted. */
export const photosStillWanted = (task: Pick<TaskDetail, 'evidence' | 'photos' | 'photosHidden'>): number => Math.max(0, (task.evidence.photos ?? 0) - task.photos.length - task.photosHidden)

/** What may be done with a task, and what each command asks for; of these the host says which are possible. */
export function taskActions(task: TaskDetail, word: (key: string, named?: Record<string, unknown>) => string, targets: readonly OptionGroup[], now: number): Action[] {
  const { evidence, quantity, number } = task
  const expected = quantity?.expected
  const counted = (name: 'progress' | 'complete') =>
    quantity ? [{ name: 'number', kind: 'count' as const, label: word('tasks.form.number', { unit: quantity.unit }), hint: expected === undefined ? undefined : word('tasks.expected', { n: expected, unit: quantity.unit }), need: name === 'complete' && number === undefined, start: number === undefined ? '' : String(number) }] : []
  const reason = (label: string) => [{ name: 'reason', kind: 'text' as const, label: word(`tasks.form.${label}`), need: true }]
  const isOver = Date.parse(task.dueAt) <= now

  const fields: Record<TaskCommand, Action['fields']> = {
    claim: [],
    progress: [
      ...counted('progress'),
      { name: 'note', kind: 'text', label: word('tasks.form.note'), need: (values) => (values.photos as unknown[] | undefined)?.length === 0 && !(values.attachments as unknown[] | undefined)?.length && (!quantity || values.number === '' || values.number === String(number)) },
      { name: 'photos', kind: 'photos', label: word('tasks.form.photos'), limit: 9 },
      attachments(word),
    ],
    complete: [
      ...counted('complete'),
      // Fewer than expected is a result too, but it has to be explained.
      { name: 'outcome', kind: 'text', label: word('tasks.form.outcome'), limit: 2000, need: (values) => evidence.text === true || (expected !== undefined && Number(values.number || number || 0) < expected) },
      { name: 'photos', kind: 'photos', label: word('tasks.form.photos'), limit: 9, least: photosStillWanted(task) },
      attachments(word),
    ],
    return: reason('returnReason'),
    release: reason('releaseReason'),
    check: [
      { name: 'passed', kind: 'yes_no', label: word('tasks.form.passed'), yes: word('tasks.form.passYes'), no: word('tasks.form.passNo'), need: true },
      { name: 'note', kind: 'text', label: word('tasks.form.checkNote'), need: (values) => values.passed === false },
      { name: 'dueAt', kind: 'when', label: word('tasks.form.newLimit'), shown: (values) => values.passed === false, need: () => isOver && !task.late },
    ],
    resend: [
      { name: 'target', kind: 'one', label: word('tasks.form.target'), groups: targets, none: word('tasks.form.sameTarget') },
      { name: 'dueAt', kind: 'when', label: word('tasks.form.newLimit'), need: isOver },
      { name: 'note', kind: 'text', label: word('tasks.form.resendNote') },
    ],
    cancel: reason('cancelReason'),
  }
  const aside = ['return', 'release', 'cancel']
  return taskCommands.map((name) => ({ name, words: word(`taskCommand.${name}`), fields: fields[name], aside: aside.includes(name) || (name === 'resend' && task.stage !== 'returned') }))
}
