import type { AgendaItem, ListingDetail } from '../api/types'
import { attachments, type Action, type OptionGroup } from '../parts/actions'

type Word = (key: string, named?: Record<string, unknown>) => string

/** What the office and the town's leader may do with the list of the party work committee itself. */
export function agendaActions(word: Word): Action[] {
  return [
    { name: 'prepare', words: word('agendaCommand.prepare'), hint: word('agenda.prepareHint'), fields: [{ name: 'startsAt', kind: 'when', label: word('agenda.form.startsAt'), need: true }] },
    { name: 'conclude', words: word('agendaCommand.conclude'), hint: word('agenda.concludeHint'), fields: [{ name: 'minutes', kind: 'text', label: word('agenda.form.minutes'), limit: 2000 }, attachments(word)] },
    { name: 'cancel', words: word('agendaCommand.cancel'), fields: [{ name: 'reason', kind: 'text', label: word('agenda.form.reason'), need: true, limit: 500 }], aside: true },
  ]
}

/** What may be done with one matter on the list. */
export function matterActions(item: AgendaItem, people: readonly OptionGroup[], word: Word): Action[] {
  const own = { item: item.item.item }
  return [
    {
      name: 'name-lead',
      words: word(item.item.lead ? 'agenda.changeLead' : 'agendaCommand.name-lead'),
      fields: [
        { name: 'person', kind: 'one', label: word('agenda.form.lead'), groups: people, need: true },
        { name: 'until', kind: 'when', label: word('agenda.form.until'), need: true },
        { name: 'task', kind: 'text', label: word('agenda.form.task'), limit: 500 },
      ],
      body: own,
      aside: item.item.lead !== undefined,
    },
    { name: 'report', words: word('agendaCommand.report'), fields: [{ name: 'report', kind: 'text', label: word('agenda.form.report'), need: true, limit: 2000 }, attachments(word)], body: own, aside: item.item.stage === 'solved' },
    { name: 'strike', words: word('agendaCommand.strike'), fields: [{ name: 'reason', kind: 'text', label: word('agenda.form.reason'), need: true, limit: 500 }], body: own, aside: true },
    {
      name: 'appraise',
      words: word('agendaCommand.appraise'),
      fields: [
        { name: 'score', kind: 'count', label: word('agenda.form.score'), hint: word('agenda.form.scoreHint'), need: true },
        { name: 'appraisal', kind: 'text', label: word('agenda.form.appraisal'), need: true, limit: 500 },
      ],
      body: own,
    },
  ]
}

/** What may be done with a listing for supervision. */
export function listingActions(_: ListingDetail, word: Word): Action[] {
  return [
    { name: 'report', words: word('listingCommand.report'), fields: [{ name: 'progress', kind: 'text', label: word('listings.form.progress'), need: true, limit: 2000 }, attachments(word)] },
    { name: 'lift', words: word('listingCommand.lift'), hint: word('listings.liftHint'), fields: [{ name: 'proof', kind: 'text', label: word('listings.form.proof'), need: true, limit: 2000 }, { ...attachments(word), need: true }] },
    { name: 'open', words: word('listingCommand.open'), fields: [{ name: 'plate', kind: 'line', label: word('listings.form.plate'), limit: 100 }], aside: true },
  ]
}
