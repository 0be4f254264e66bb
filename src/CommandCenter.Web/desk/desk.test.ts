import { describe, expect, it } from 'vitest'
import { stagesOf, type CaseSummary } from '../api/types'
import { deskLink, type CaseFilter } from '../parts/deskLink'
import { textOf, wordsOf } from '../parts/history'
import { fitInside } from '../parts/photos'
import document from '../api/openapi.json'
import { byPressure, matches, ownQueues, readFilter } from './filter'
import { bodyOf, choicesOf, fenOf, fieldsOf, formsOf, isCommand, filesOf, wrongIn } from './forms'

const now = Date.parse('2026-11-21T04:00:00Z')
const zone = 'Asia/Shanghai'
const summary = (change: Partial<CaseSummary> = {}): CaseSummary => ({
  id: 'a',
  number: '20261121-0001',
  version: 3,
  text: 'x',
  category: 'sewage',
  sector: 'economy',
  urgency: 'normal',
  stage: 'filed',
  area: '500153003001001002',
  reportedAt: '2026-11-20T17:00:00.000000Z',
  updatedAt: '2026-11-20T17:00:00.000000Z',
  late: false,
  photos: 0,
  supervised: false,
  onAgenda: false,
  underReview: false,
  ...change,
})

describe('A number on the wall', () => {
  it('opens the desk on exactly its cases', () => {
    const filter: CaseFilter = { scope: '500153003', sector: 'economy', stages: stagesOf('reported'), open: true }
    const link = deskLink(filter)
    expect(link).toBe('/desk/?scope=500153003&sector=economy&open=true&stage=reported,assessing,checking,transferring')
    expect(readFilter(link.slice(link.indexOf('?')))).toEqual(filter)
  })

  it('survives nonsense in an address', () => {
    expect(readFilter('?stage=nonsense&sector=&late=maybe&today=never')).toEqual({})
  })
})

describe('A filter', () => {
  it('takes a deadline that passed since the last answer for late', () => {
    expect(matches(summary({ dueAt: '2026-11-21T03:59:59.000000Z' }), { late: true }, now, zone)).toBe(true)
    expect(matches(summary({ dueAt: '2026-11-21T04:00:01.000000Z' }), { late: true }, now, zone)).toBe(false)
  })

  it('knows what is due within a day', () => {
    expect(matches(summary({ dueAt: '2026-11-22T03:00:00.000000Z' }), { dueSoon: true }, now, zone)).toBe(true)
    expect(matches(summary({ dueAt: '2026-11-22T05:00:00.000000Z' }), { dueSoon: true }, now, zone)).toBe(false)
    expect(matches(summary({ dueAt: '2026-11-21T03:00:00.000000Z' }), { dueSoon: true }, now, zone)).toBe(false)
    expect(matches(summary(), { dueSoon: true }, now, zone)).toBe(false)
    expect(matches(summary({ hardLimitAt: '2026-11-21T09:00:00.000000Z' }), { dueSoon: true }, now, zone)).toBe(true)
  })

  it('counts today from midnight in the district', () => {
    expect(matches(summary({ reportedAt: '2026-11-20T16:00:00.000000Z' }), { today: 'reported' }, now, zone)).toBe(true)
    expect(matches(summary({ reportedAt: '2026-11-20T15:59:59.000000Z' }), { today: 'reported' }, now, zone)).toBe(false)
    expect(matches(summary(), { today: 'closed' }, now, zone)).toBe(false)
  })

  it('looks inside areas by prefix', () => {
    expect(matches(summary(), { scope: '500153003001' }, now, zone)).toBe(true)
    expect(matches(summary(), { scope: '500153003002' }, now, zone)).toBe(false)
  })
})

describe('The list', () => {
  it('puts danger to life first and then what is due soonest', () => {
    const list = [summary({ id: 'none' }), summary({ id: 'late', dueAt: '2026-11-21T01:00:00.000000Z' }), summary({ id: 'soon', dueAt: '2026-11-21T05:00:00.000000Z' }), summary({ id: 'life', urgency: 'emergency', dueAt: '2026-11-22T05:00:00.000000Z' })]
    expect(list.sort(byPressure).map((item) => item.id)).toEqual(['life', 'late', 'soon', 'none'])
  })

  it("opens on the role's own work", () => {
    expect((['center_operator', 'dispatcher', 'post_handler', 'village_secretary', 'grid_worker', 'town_leader'] as const).map((role) => ownQueues(role)[0])).toEqual(['reported', 'filed', 'dispatched', 'assessing', 'checking', undefined])
  })
})

describe('What a person may do', () => {
  const possible = ['send-to-village', 'check', 'file', 'refuse', 'redirect', 'merge', 'request-transfer', 'transfer', 'urge', 'supervise', 'link']

  it('begins with the usual next steps, and the rest stands behind them in groups', () => {
    expect(choicesOf({ stage: 'reported', urgency: 'normal', possible })).toEqual({
      next: ['file', 'refuse', 'check', 'send-to-village'],
      more: [
        { group: 'route', commands: ['redirect', 'request-transfer', 'transfer'] },
        { group: 'level', commands: ['urge', 'supervise'] },
        { group: 'relation', commands: ['merge', 'link'] },
      ],
    })
  })

  it("puts a leader's open question before everything", () => {
    expect(choicesOf({ stage: 'handling', urgency: 'normal', possible: ['plan', 'complete', 'answer-supervision', 'link'] }).next).toEqual(['answer-supervision', 'complete', 'plan'])
  })

  it('puts an alarm that rings before everything', () => {
    expect(choicesOf({ stage: 'reported', urgency: 'emergency', possible: ['file', 'acknowledge-alarm', 'urge'] }).next).toEqual(['acknowledge-alarm', 'file'])
  })

  it('gives an emergency to 110, 119 or 120 without a search', () => {
    expect(choicesOf({ stage: 'filed', urgency: 'emergency', possible: ['dispatch', 'redirect', 'merge'] }).next).toEqual(['dispatch', 'redirect'])
  })

  it('leaves out nothing that the host calls possible, and has a form for each command of the API', () => {
    const { next, more } = choicesOf({ stage: 'reported', urgency: 'normal', possible })
    expect([...next, ...more.flatMap((group) => group.commands)].sort()).toEqual([...possible].sort())
    const named = Object.keys(document.paths).flatMap((path) => /^\/api\/cases\/\{id\}\/([a-z-]+)$/.exec(path)?.[1] ?? [])
    expect(Object.keys(fieldsOf).sort()).toEqual(named.filter((name) => !['history', 'deadlines', 'notices'].includes(name)).sort())
  })

  it('sends only members that the API knows, and every one that it wants', () => {
    const schemas = document.components.schemas as Record<string, { properties?: object; required?: string[] } | undefined>
    for (const [path, { post }] of Object.entries(document.paths as Record<string, { post?: { requestBody?: { content: Record<string, { schema: { $ref?: string } }> } } }>)) {
      const command = /^\/api\/cases\/\{id\}\/([a-z-]+)$/.exec(path)?.[1]
      const schema = schemas[post?.requestBody?.content['application/json']?.schema.$ref?.split('/').at(-1) ?? '']
      if (!command || !isCommand(command) || command === 'rate' || !schema) continue
      const asked = fieldsOf[command].map((field) => field.name)
      expect([command, asked.filter((name) => !(name in (schema.properties ?? {})))]).toEqual([command, []])
      expect([command, (schema.required ?? []).filter((name) => !fieldsOf[command].some((field) => field.name === name && field.need))]).toEqual([command, []])
    }
  })
})

describe('A form', () => {
  const start = { category: 'sewage', urgency: 'normal', unit: 'post:village-construction' } as const

  it('keeps what was typed for a case while another is looked at', () => {
    formsOf('case-1', start).of('return').reason = '不属本岗'
    expect(formsOf('case-2', start).of('return').reason).toBe('')
    expect(formsOf('case-1', start).of('return').reason).toBe('不属本岗')
    expect(formsOf('case-1', start).touched('return')).toBe(true)
    expect(formsOf('case-1', start).touched('recall')).toBe(false)
    formsOf('case-1', start).clear('return')
    expect(formsOf('case-1', start).touched('return')).toBe(false)
  })

  it('asks for a reason when verification fails, and not when it passes', () => {
    const values = formsOf('case-3', start).of('verify')
    expect(wrongIn('verify', values)).toEqual(['passed'])
    values.passed = true
    expect(wrongIn('verify', values)).toEqual([])
    values.passed = false
    expect(wrongIn('verify', values)).toEqual(['note'])
  })

  it('takes a case back only with a reason', () => {
    const values = formsOf('case-5', start).of('recall')
    expect(wrongIn('recall', values)).toEqual(['reason'])
    values.reason = ' 派错岗位 '
    expect(wrongIn('recall', values)).toEqual([])
    expect(bodyOf('recall', values)).toEqual({ reason: '派错岗位' })
  })

  it('is one press where the usual answer is known', () => {
    const forms = formsOf('case-4', start)
    forms.of('file').note = ' 已核对 '
    expect(bodyOf('file', forms.of('file'))).toEqual({ category: 'sewage', urgency: 'normal', level: 'town', note: '已核对' })
    expect(bodyOf('dispatch', forms.of('dispatch'))).toEqual({ unit: 'post:village-construction' })
    expect(bodyOf('claim', forms.of('claim'))).toEqual({})
    expect(wrongIn('dispatch', forms.of('dispatch'))).toEqual([])
  })

  it('takes yuan and sends fen, to the cent', () => {
    expect(['200000', '200,000', '0.5', '12.34', '4.35', '1.005', '-1', 'x', ''].map(fenOf)).toEqual([20_000_000, 20_000_000, 50, 1234, 435, undefined, undefined, undefined, undefined])
    const values = formsOf('case-6', start).of('record-funding')
    Object.assign(values, { amountFen: '0', from: '镇级财政' })
    expect(wrongIn('record-funding', values)).toEqual(['amountFen'])
    values.amountFen = '1000.5'
    expect(bodyOf('record-funding', values)).toEqual({ amountFen: 100_050, from: '镇级财政' })
  })

  it("means the district's time, wherever the browser stands", () => {
    const values = formsOf('case-7', start).of('plan')
    Object.assign(values, { plan: '三日内更换管网', until: '2026-11-28T18:00' })
    expect(bodyOf('plan', values, 'Asia/Shanghai')).toEqual({ plan: '三日内更换管网', until: '2026-11-28T10:00:00.000000Z' })
  })

  it('splits a case into at least two matters, each with its words', () => {
    const values = formsOf('case-8', start).of('split')
    expect(wrongIn('split', values)).toEqual(['parts'])
    values.parts = [{ text: '路灯不亮', category: 'street-light', area: '', photos: ['sha256:a', 'sha256:b'] }, { text: '路面塌陷 ', category: 'damaged-road', area: '500153003001002', photos: [] }]
    expect(wrongIn('split', values)).toEqual([])
    expect(bodyOf('split', values)).toEqual({ parts: [{ text: '路灯不亮', category: 'street-light', photos: ['sha256:a', 'sha256:b'] }, { text: '路面塌陷', category: 'damaged-road', area: '500153003001002' }] })
  })

  it('settles nothing in the village without a photo', () => {
    const values = formsOf('case-9', start).of('settle')
    values.outcome = '已疏通'
    expect(wrongIn('settle', values)).toEqual(['photos'])
    values.photos = [{ id: 'a', blob: new Blob(['x']) }]
    expect(wrongIn('settle', values)).toEqual([])
    expect(bodyOf('settle', values)).toEqual({ outcome: '已疏通' })
    expect(Object.keys(filesOf('progress', formsOf('case-9', start).of('progress')))).toEqual(['before', 'after', 'attachments'])
  })
})

describe('The history', () => {
  it('shows the words that a person wrote, whichever form they come in', () => {
    expect(textOf({ text: '请打 ⟦1⟧ 联系', spans: ['sealed:1:x'] })).toBe('请打 ⟦1⟧ 联系')
    expect(textOf('请打 ⟦phone⟧ 联系')).toBe('请打 ⟦phone⟧ 联系')
    expect(wordsOf({ reason: 'duplicate', note: '昨天已有人报' })).toBe('昨天已有人报')
    expect(wordsOf({ passed: true })).toBe('')
  })
})

describe('A photo', () => {
  it('is shrunk to the longest side and never enlarged', () => {
    expect(fitInside(4000, 3000)).toEqual({ width: 1600, height: 1200 })
    expect(fitInside(800, 600)).toEqual({ width: 800, height: 600 })
  })
})
