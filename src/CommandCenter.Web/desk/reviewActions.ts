import type { Identity } from '../api/client'
import type { GuidanceDetail, ReviewDetail } from '../api/types'
import { attachments, type Action, type ActionField, type OptionGroup, type Values } from '../parts/actions'

type Word = (key: string, named?: Record<string, unknown>) => string

/** How many measures a form has room for; further ones go into another lesson. */
const measures = [1, 2, 3] as const

/** Those who lead a place hold its reviews and record stays there. */
const leads = ['town_leader', 'office', 'district_supervisor', 'district_leader', 'district_secretary'] as const

export const isLead = ({ role }: Identity): boolean => leads.some((lead) => lead === role)

export const prepareReview = (scope: string, people: readonly OptionGroup[], word: Word): Action => ({
  name: 'prepare',
  words: word('reviewCommand.prepare'),
  hint: word('reviews.prepareHint'),
  fields: [
    { name: 'from', kind: 'day', label: word('reviews.form.from'), need: true },
    { name: 'to', kind: 'day', label: word('reviews.form.to'), need: true },
    { name: 'startsAt', kind: 'when', label: word('reviews.form.startsAt'), need: true },
    { name: 'people', kind: 'many', label: word('reviews.form.invited'), hint: word('reviews.form.invitedHint'), groups: people },
  ],
  body: { scope },
})

type About = { caseId: string; place: string }

const where = (places: readonly OptionGroup[], word: Word, about?: About): ActionField[] => (about ? [] : [{ name: 'place', kind: 'one', label: word('reviews.form.place'), groups: places, need: true }])
const bodyAbout = (about?: About): Partial<Action> => (about ? { body: { place: about.place, caseId: about.caseId } } : {})

/** A stay at one of the places, or on a case, that is to be. */
export const planStay = (places: readonly OptionGroup[], people: readonly OptionGroup[], word: Word, about?: About): Action => ({
  name: 'plan',
  words: word('reviewCommand.plan'),
  hint: word('reviews.planHint'),
  fields: [
    ...where(places, word, about),
    { name: 'from', kind: 'when', label: word('reviews.form.comes'), need: true },
    { name: 'to', kind: 'when', label: word('reviews.form.leaves'), need: true },
    { name: 'people', kind: 'many', label: word('reviews.form.goes'), hint: word('reviews.form.peopleHint'), groups: people },
    { name: 'task', kind: 'text', label: word('reviews.form.task'), need: true, limit: 2000 },
  ],
  aside: about !== undefined,
  ...bodyAbout(about),
})

const outcome = (word: Word): ActionField[] => [
  { name: 'found', kind: 'text', label: word('reviews.form.found'), need: true, limit: 2000 },
  { name: 'agreed', kind: 'text', label: word('reviews.form.agreed'), need: true, limit: 2000 },
  { name: 'by', kind: 'when', label: word('reviews.form.by') },
  attachments(word),
]

/** A stay at one of the places, or on a case, that was. */
export const recordStay = (places: readonly OptionGroup[], people: readonly OptionGroup[], word: Word, about?: About): Action => ({
  name: 'record',
  words: word('reviewCommand.record'),
  hint: word('reviews.recordHint'),
  fields: [
    ...where(places, word, about),
    { name: 'from', kind: 'when', label: word('reviews.form.came'), need: true },
    { name: 'to', kind: 'when', label: word('reviews.form.left'), need: true },
    { name: 'people', kind: 'many', label: word('reviews.form.people'), hint: word('reviews.form.peopleHint'), groups: people },
    ...outcome(word),
  ],
  aside: true,
  ...bodyAbout(about),
})

/** What may be done with a stay: they come to its place or to one within it, write down what they found, or it is called off. */
export const stayActions = (stay: GuidanceDetail, within: readonly OptionGroup[], word: Word): Action[] => [
  {
    name: 'begin',
    words: word('reviewCommand.begin'),
    fields: [
      { name: 'place', kind: 'one', label: word('reviews.form.place'), groups: within, need: true, start: stay.item.place },
      { name: 'arrived', kind: 'when', label: word('reviews.form.came'), hint: word('reviews.form.nowHint') },
    ],
  },
  { name: 'finish', words: word('reviewCommand.finish'), hint: word('reviews.recordHint'), fields: [{ name: 'left', kind: 'when', label: word('reviews.form.left'), hint: word('reviews.form.nowHint') }, ...outcome(word)] },
  { name: 'call-off', words: word('reviewCommand.call-off'), fields: [{ name: 'reason', kind: 'text', label: word('reviews.form.reason'), need: true, limit: 500 }], aside: true },
  {
    name: 'follow-up',
    words: word('reviewCommand.follow-up'),
    fields: [
      { name: 'result', kind: 'text', label: word('reviews.form.result'), need: true, limit: 2000 },
      { name: 'done', kind: 'yes_no', label: word('reviews.form.done'), yes: word('reviews.form.allDone'), no: word('reviews.form.goesOn'), need: true },
      attachments(word),
    ],
  },
]

/** What may be done with a review meeting. */
export function reviewActions(review: ReviewDetail, people: readonly OptionGroup[], word: Word): Action[] {
  const cases: OptionGroup[] = [{ list: review.cases.map((one) => ({ value: String(one.number), words: word('reviews.caseOption', { n: one.number, number: one.caseNumber ?? '', said: one.lesson || one.leftOut ? word('reviews.said') : '' }) })) }]
  const open: OptionGroup[] = [{ list: review.cases.flatMap((one) => one.measures.filter((measure) => !measure.doneAt).map((measure) => ({ value: String(measure.number), words: measure.text }))) }]
  const next = review.cases.find((one) => !one.lesson && !one.leftOut)
  const item: ActionField = { name: 'item', kind: 'one', label: word('reviews.form.case'), groups: cases, need: true, ...(next ? { start: String(next.number) } : {}) }
  const filled = (values: Values, n: number) => n === 1 || Boolean(String(values[`m${n - 1}.text`] ?? '').trim())
  return [
    {
      name: 'record-lesson',
      words: word('reviewCommand.record-lesson'),
      hint: word('reviews.lessonHint'),
      fields: [
        item,
        { name: 'lesson', kind: 'text', label: word('reviews.form.lesson'), need: true, limit: 2000 },
        ...measures.flatMap((n): ActionField[] => {
          const wanted = (values: Values) => n === 1 || Boolean(String(values[`m${n}.text`] ?? '').trim())
          return [
            { name: `m${n}.text`, kind: 'text', label: word('reviews.form.measure', { n }), limit: 500, need: n === 1, shown: (values) => filled(values, n) },
            { name: `m${n}.owner`, kind: 'one', label: word('reviews.form.owner', { n }), groups: people, need: wanted, shown: wanted },
            { name: `m${n}.dueAt`, kind: 'when', label: word('reviews.form.dueAt', { n }), need: wanted, shown: wanted },
          ]
        }),
      ],
      shape: ({ item: which, lesson, ...rest }) => ({ item: Number(which), lesson, measures: measures.flatMap((n) => (rest[`m${n}`] as object | undefined) ?? []) }),
    },
    { name: 'leave-out', words: word('reviewCommand.leave-out'), fields: [item, { name: 'reason', kind: 'text', label: word('reviews.form.reason'), need: true, limit: 500 }], aside: true, shape: (body) => ({ ...body, item: Number(body.item) }) },
    { name: 'conclude', words: word('reviewCommand.conclude'), hint: word('reviews.concludeHint'), fields: [{ name: 'summary', kind: 'text', label: word('reviews.form.summary'), limit: 2000 }, attachments(word)] },
    {
      name: 'finish-measure',
      words: word('reviewCommand.finish-measure'),
      fields: [{ name: 'measure', kind: 'one', label: word('reviews.form.which'), groups: open, need: true }, { name: 'result', kind: 'text', label: word('reviews.form.result'), need: true, limit: 2000 }, attachments(word)],
      shape: (body) => ({ ...body, measure: Number(body.measure) }),
    },
    { name: 'cancel', words: word('reviewCommand.cancel'), fields: [{ name: 'reason', kind: 'text', label: word('reviews.form.reason'), need: true, limit: 500 }], aside: true },
  ]
}
