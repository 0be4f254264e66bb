import type { ReviewDetail } from '../api/types'
import { attachments, type Action, type ActionField, type OptionGroup, type Values } from '../parts/actions'

type Word = (key: string, named?: Record<string, unknown>) => string

/** How many measures a form has room for; further ones go into another lesson. */
const measures = [1, 2, 3] as const

/** Those who lead a place hold its reviews and record stays there. */
export const leads = ['town_leader', 'office', 'district_supervisor', 'district_leader', 'district_secretary'] as const

export const prepareReview = (scope: string, word: Word): Action => ({
  name: 'prepare',
  words: word('reviewCommand.prepare'),
  hint: word('reviews.prepareHint'),
  fields: [
    { name: 'from', kind: 'day', label: word('reviews.form.from'), need: true },
    { name: 'to', kind: 'day', label: word('reviews.form.to'), need: true },
    { name: 'startsAt', kind: 'when', label: word('reviews.form.startsAt'), need: true },
  ],
  body: { scope },
})

/** A stay at one of the places, or on a case. */
export const recordStay = (places: readonly OptionGroup[], people: readonly OptionGroup[], word: Word, about?: { caseId: string; place: string }): Action => ({
  name: 'record',
  words: word('reviewCommand.record'),
  hint: word('reviews.recordHint'),
  fields: [
    ...(about ? [] : [{ name: 'place', kind: 'one', label: word('reviews.form.place'), groups: places, need: true } satisfies ActionField]),
    { name: 'from', kind: 'when', label: word('reviews.form.came'), need: true },
    { name: 'to', kind: 'when', label: word('reviews.form.left'), need: true },
    { name: 'people', kind: 'many', label: word('reviews.form.people'), hint: word('reviews.form.peopleHint'), groups: people },
    { name: 'found', kind: 'text', label: word('reviews.form.found'), need: true, limit: 2000 },
    { name: 'agreed', kind: 'text', label: word('reviews.form.agreed'), need: true, limit: 2000 },
    { name: 'by', kind: 'when', label: word('reviews.form.by') },
    attachments(word),
  ],
  aside: about !== undefined,
  ...(about ? { body: { place: about.place, caseId: about.caseId } } : {}),
})

export const followUp = (word: Word): Action => ({
  name: 'follow-up',
  words: word('reviewCommand.follow-up'),
  fields: [
    { name: 'result', kind: 'text', label: word('reviews.form.result'), need: true, limit: 2000 },
    { name: 'done', kind: 'yes_no', label: word('reviews.form.done'), yes: word('reviews.form.allDone'), no: word('reviews.form.goesOn'), need: true },
    attachments(word),
  ],
})

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
