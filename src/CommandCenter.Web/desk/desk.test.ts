import { describe, expect, it } from 'vitest'
import type { CaseSummary } from '../api/types'
import { deskLink } from '../parts/deskLink'
import { textOf, wordsOf } from '../parts/history'
import { fitInside } from '../parts/photos'
import { byPressure, firstQueue, matches, readFilter } from './filter'
import { bodyOf, formsOf, missingIn } from './forms'

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
  ...change,
})

describe('A number on the wall', () => {
  it('opens the desk on exactly its cases', () => {
    const filter = { scope: '500153003', sector: 'economy', stage: 'handling', open: true } as const
    const link = deskLink(filter)
    expect(link).toBe('/desk/?scope=500153003&sector=economy&stage=handling&open=true')
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
    expect([firstQueue('center_operator'), firstQueue('dispatcher'), firstQueue('post_handler'), firstQueue('town_leader')]).toEqual(['reported', 'filed', 'dispatched', undefined])
  })
})

describe('A form', () => {
  const start = { category: 'sewage', urgency: 'normal', post: 'village-construction' } as const

  it('keeps what was typed for a case while another is looked at', () => {
    formsOf('case-1', start).fields.reason = '不属本岗'
    expect(formsOf('case-2', start).fields.reason).toBe('')
    expect(formsOf('case-1', start).fields.reason).toBe('不属本岗')
    expect(formsOf('case-1', start).touched('return')).toBe(true)
    formsOf('case-1', start).clear('return')
    expect(formsOf('case-1', start).touched('return')).toBe(false)
  })

  it('asks for a reason when verification fails, and not when it passes', () => {
    const { fields } = formsOf('case-3', start)
    expect(missingIn('verify', fields)).toEqual(['passed'])
    fields.passed = true
    expect(missingIn('verify', fields)).toEqual([])
    fields.passed = false
    expect(missingIn('verify', fields)).toEqual(['note'])
  })

  it('takes a case back only with a reason', () => {
    const { fields } = formsOf('case-5', start)
    expect(missingIn('recall', fields)).toEqual(['recallReason'])
    fields.recallReason = ' 派错岗位 '
    expect(missingIn('recall', fields)).toEqual([])
    expect(bodyOf('recall', fields)).toEqual({ reason: '派错岗位' })
    expect(formsOf('case-5', start).touched('recall')).toBe(true)
    expect(formsOf('case-5', start).touched('return')).toBe(false)
  })

  it('sends only what its command takes', () => {
    const { fields } = formsOf('case-4', start)
    fields.note = ' 已核对 '
    expect(bodyOf('file', fields)).toEqual({ category: 'sewage', urgency: 'normal', note: '已核对' })
    expect(bodyOf('dispatch', fields)).toEqual({ post: 'village-construction' })
    expect(bodyOf('claim', fields)).toEqual({})
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
