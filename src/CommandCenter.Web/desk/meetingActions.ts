import type { MeetingDetail, MeetingPolicy, Role } from '../api/types'
import { attachments, type Action, type ActionField, type OptionGroup } from '../parts/actions'
import { emptyLine } from '../parts/lines'

export const meetingCommands = ['hold', 'record-minutes', 'import-list', 'import-csv', 'give-feedback', 'reconcile', 'strike-off', 'cancel'] as const
export type MeetingCommand = (typeof meetingCommands)[number]
/** Who may call a meeting or register one. */
export const callers: readonly Role[] = ['grid_worker', 'yard_head', 'village_secretary', 'center_operator', 'dispatcher', 'town_leader', 'office', 'department', 'district_supervisor']
type Word = (key: string, named?: Record<string, unknown>) => string

const attendance = (word: Word): ActionField[] => [
  { name: 'attendance.participants', kind: 'count', label: word('meetings.form.participants'), need: true },
  { name: 'attendance.householdsPresent', kind: 'count', label: word('meetings.form.households'), need: true },
  { name: 'attendance.villagersFloorPercent', kind: 'count', label: word('meetings.form.floor'), hint: word('meetings.form.floorHint') },
]

/** What may be done with a meeting; a list from a file comes in by a form of its own. */
export function meetingActions(meeting: Pick<MeetingDetail, 'lines' | 'area'>, word: Word): Action[] {
  const due = meeting.lines.filter((line) => line.feedbackDue)
  const ways = (['in_person', 'notice_board', 'group', 'next_meeting'] as const).map((value) => ({ value, words: word(`feedbackWay.${value}`) }))
  return [
    { name: 'hold', words: word('meetingCommand.hold'), fields: [...attendance(word), { name: 'happenedAt', kind: 'when', label: word('meetings.form.heldAt'), hint: word('meetings.form.heldAtHint') }] },
    {
      name: 'give-feedback',
      words: word('meetingCommand.give-feedback'),
      fields: [
        { name: 'lines', kind: 'many', numbers: true, label: word('meetings.form.lines'), groups: [{ list: due.map((line) => ({ value: String(line.number), words: word('meetings.line', { n: line.number }) })) }], need: true, start: due.map((line) => String(line.number)) },
        { name: 'way', kind: 'one', label: word('meetings.form.way'), groups: [{ list: ways }], need: true },
        { name: 'note', kind: 'text', label: word('meetings.form.note') },
        // Who was told to their face needs no picture of a notice.
        { name: 'photos', kind: 'photos', label: word('tasks.form.photos'), limit: 9, need: (values) => values.way !== '' && values.way !== 'in_person' },
        attachments(word),
      ],
    },
    { name: 'strike-off', words: word('meetingCommand.strike-off'), hint: word('meetings.strikeOffHint'), fields: [] },
    { name: 'record-minutes', words: word('meetingCommand.record-minutes'), fields: [{ name: 'minutes', kind: 'text', label: word('meetings.form.minutes'), need: true, limit: 2000 }, { name: 'photos', kind: 'photos', label: word('tasks.form.photos'), limit: 9 }, attachments(word)], aside: meeting.lines.length > 0 },
    { name: 'import-list', words: word('meetingCommand.import-list'), hint: word('meetings.list.hint'), fields: [{ name: 'lines', kind: 'lines', label: word('meetings.list.title'), place: meeting.area, need: true, start: [emptyLine()] }], aside: meeting.lines.length > 0 },
    { name: 'reconcile', words: word('meetingCommand.reconcile'), hint: word('meetings.reconcileHint'), fields: [], aside: true },
    { name: 'cancel', words: word('meetingCommand.cancel'), fields: [{ name: 'reason', kind: 'text', label: word('meetings.form.cancelReason'), need: true }], aside: true },
  ]
}

/**
 * To call a meeting, or to register one that was held without a plan.
 * @param host Whoever fills it in; where their seat holds meetings of one tier, that is what it begins with, and the only place to choose is theirs.
 */
export function callActions(policy: MeetingPolicy, areas: readonly OptionGroup[], word: Word, named: (one: { name: string; nameEn: string }) => string, host?: Role): Action[] {
  const held = policy.tiers.filter(({ hosts }) => host !== undefined && hosts.includes(host))
  const only = areas.flatMap(({ list }) => list)
  const setup: ActionField[] = [
    { name: 'tier', kind: 'one', label: word('meetings.form.tier'), need: true, groups: [{ list: policy.tiers.map(({ tier }) => ({ value: tier, words: word(`meetingTier.${tier}`) })) }], start: held.length === 1 ? held[0]?.tier : '' },
    { name: 'hostRole', kind: 'one', label: word('meetings.form.host'), need: true, groups: policy.tiers.map(({ tier, hosts }) => ({ label: word(`meetingTier.${tier}`), list: hosts.map((role) => ({ value: role, words: word(`role.${role}`) })) })), start: held.length > 0 ? host : '' },
    { name: 'area', kind: 'one', label: word('meetings.form.area'), need: true, groups: areas, start: only.length === 1 ? only[0]?.value : '' },
  ]
  const about: ActionField[] = [
    { name: 'form', kind: 'one', label: word('meetings.form.form'), groups: [{ list: (['on_site', 'online'] as const).map((value) => ({ value, words: word(`meetingForm.${value}`) })) }], need: true, start: 'on_site' },
    { name: 'venue', kind: 'line', label: word('meetings.form.venue'), limit: 50 },
    { name: 'agenda', kind: 'many', label: word('meetings.form.agenda'), groups: [{ list: policy.agenda.map((one) => ({ value: one.code, words: named(one) })) }] },
    { name: 'topics', kind: 'many', label: word('meetings.form.topics'), groups: [{ list: policy.topics.map((one) => ({ value: one.code, words: named(one) })) }] },
  ]
  return [
    { name: 'plan', words: word('meetingCommand.plan'), fields: [...setup, { name: 'startsAt', kind: 'when', label: word('meetings.form.startsAt'), need: true }, ...about] },
    { name: 'held', words: word('meetingCommand.held'), fields: [...setup, { name: 'happenedAt', kind: 'when', label: word('meetings.form.heldAt'), hint: word('meetings.form.heldAtHint') }, ...attendance(word), ...about] },
  ]
}
