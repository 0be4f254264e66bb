import { describe, expect, it } from 'vitest'
import type { CaseDetail, TaskDetail } from '../api/types'
import { blank, bodyOf, countOf, isTouched, placeOf, wrongIn, type Action, type Values } from './actions'
import { workActions, workCommands } from './caseActions'
import { photosStillWanted, taskActions } from './taskActions'

const now = Date.parse('2026-11-30T04:00:00Z')
const task = (change: Partial<TaskDetail> = {}): TaskDetail => ({
  id: 't1', version: 2, list: 'l1', listTitle: '冬季排查', item: 1, title: '燃气排查', text: '逐户排查', matter: 'fire-hazard', target: '500153003001001', stage: 'claimed', dueAt: '2026-12-02T04:00:00.000000Z', late: false,
  evidence: {}, photos: [], photosHidden: 0, attachments: [], attachmentsHidden: 0, issuer: { id: 'dispatcher-01', role: 'dispatcher', place: '500153003' }, round: 1, assignedAt: '2026-11-29T04:00:00.000000Z', returns: 0, sentBacks: 0, past: [], history: [], possible: [], ...change,
})
const actionsOf = (change: Partial<TaskDetail> = {}) => new Map(taskActions(task(change), (key) => key, [], now).map((action) => [action.name, action]))
const action = (name: string, change: Partial<TaskDetail> = {}): Action => actionsOf(change).get(name)!
const wrong = (what: Action, values: Values) => wrongIn(what, { ...blank(what), ...values })
const photo = (id: string) => ({ id, blob: new Blob([id]) })

describe('A task that is reported as done', () => {
  it('needs what its list asks for, and nothing else', () => {
    expect(wrong(action('complete'), {})).toEqual([])
    expect(wrong(action('complete', { evidence: { text: true, photos: 2 } }), { photos: [photo('a')] })).toEqual(['outcome', 'photos'])
    expect(wrong(action('complete', { evidence: { text: true, photos: 2 } }), { outcome: '已排查', photos: [photo('a'), photo('b')] })).toEqual([])
  })

  it('counts the photos that were sent with progress', () => {
    expect(photosStillWanted(task({ evidence: { photos: 3 }, photos: ['sha256:a'], photosHidden: 1, attachments: [], attachmentsHidden: 0 }))).toBe(1)
    expect(photosStillWanted(task({ evidence: { photos: 1 }, photos: ['a', 'b'] }))).toBe(0)
  })

  it('needs its number, or the one that was reported before', () => {
    const quantity = { unit: '户', expected: 20 }
    expect(wrong(action('complete', { quantity }), { outcome: '已排查' })).toEqual(['number'])
    expect(wrong(action('complete', { quantity, number: 20 }), {})).toEqual([])
  })

  it('explains why it is fewer than expected', () => {
    const quantity = { unit: '户', expected: 20 }
    expect(wrong(action('complete', { quantity }), { number: '18' })).toEqual(['outcome'])
    expect(wrong(action('complete', { quantity }), { number: '18', outcome: '两户外出' })).toEqual([])
    expect(wrong(action('complete', { quantity }), { number: '20' })).toEqual([])
    expect(wrong(action('complete', { quantity }), { number: 'many', outcome: 'x' })).toEqual(['number'])
  })
})

describe('The progress of a task', () => {
  it('is words, a new number or photos', () => {
    const quantity = { unit: '户', expected: 20 }
    expect(wrong(action('progress', { quantity, number: 3 }), {})).toEqual(['note'])
    expect(wrong(action('progress', { quantity, number: 3 }), { number: '5' })).toEqual([])
    expect(wrong(action('progress'), { photos: [photo('a')] })).toEqual([])
    expect(wrong(action('progress'), { note: '过半' })).toEqual([])
  })
})

describe('A check', () => {
  it('that sends back says why, and gives a new limit where the old one passed meanwhile', () => {
    const check = action('check')
    expect(wrong(check, {})).toEqual(['passed'])
    expect(wrong(check, { passed: true })).toEqual([])
    expect(wrong(check, { passed: false })).toEqual(['note'])
    const over = { dueAt: '2026-11-30T03:00:00.000000Z' }
    expect(wrong(action('check', over), { passed: false, note: '缺照片' })).toEqual(['dueAt'])
    expect(wrong(action('check', { ...over, late: true }), { passed: false, note: '缺照片' })).toEqual([])
  })

  it('that passes sends no limit, even if one was typed before', () => {
    expect(bodyOf(action('check'), { passed: true, note: '', dueAt: '2026-12-05T18:00' }, 'Asia/Shanghai')).toEqual({ passed: true })
    expect(bodyOf(action('check'), { passed: false, note: ' 缺照片 ', dueAt: '2026-12-05T18:00' }, 'Asia/Shanghai')).toEqual({ passed: false, note: '缺照片', dueAt: '2026-12-05T10:00:00.000000Z' })
  })
})

describe('A form', () => {
  it('sends a number as a number and leaves out what is empty', () => {
    expect(bodyOf(action('complete', { quantity: { unit: '户' } }), { number: '1,020', outcome: ' ', photos: [photo('a')] }, 'Asia/Shanghai')).toEqual({ number: 1020 })
    expect(bodyOf(action('resend'), { target: '500153003001002', dueAt: '', note: '' }, 'Asia/Shanghai')).toEqual({ target: '500153003001002' })
  })

  it('knows whether there is anything in it to lose', () => {
    const complete = action('complete', { quantity: { unit: '户' }, number: 3 })
    expect(isTouched(complete, {})).toBe(false)
    expect(isTouched(complete, { number: '3' })).toBe(false)
    expect(isTouched(complete, { outcome: '已' })).toBe(true)
    expect(isTouched(complete, { photos: [photo('a')] })).toBe(true)
  })

  it('reads numbers as people write them', () => {
    expect(['12', ' 1,200 ', '0', '-1', '1.5', 'x', ''].map(countOf)).toEqual([12, 1200, 0, undefined, undefined, undefined, undefined])
  })

  it('reads a place in either order of its numbers', () => {
    expect(placeOf('29.3421, 105.5024')).toEqual({ latitude: 29.3421, longitude: 105.5024 })
    expect(placeOf('105.5024，29.3421')).toEqual({ latitude: 29.3421, longitude: 105.5024 })
    expect([placeOf('29.3421'), placeOf('29, 30'), placeOf('北纬29，东经105')]).toEqual([undefined, undefined, undefined])
  })
})

describe('What a unit does with a case on a phone', () => {
  const details = { subtasks: [{ number: 1, task: '清淤', finished: true }, { number: 2, task: '换管', finished: false }] } as unknown as CaseDetail['details']
  const actions = workActions({ stage: 'handling', details }, (key) => key, '')

  it('finishes or drops the parts that are open, by their numbers, and answers who had it watched', () => {
    const finish = actions.find((action) => action.name === 'finish-subtask')!
    expect(finish.fields[0]?.groups).toEqual([{ list: [{ value: '2', words: '换管' }] }])
    expect(bodyOf(finish, { number: '2', note: '已换' }, 'Asia/Shanghai')).toEqual({ number: 2, note: '已换' })
    expect(actions.map((action) => action.name)).toEqual([...workCommands])
    expect(actions.find((action) => action.name === 'answer-supervision')?.fields[0]?.need).toBe(true)
  })
})
