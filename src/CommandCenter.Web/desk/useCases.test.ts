import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref, shallowRef, type EffectScope, type Ref } from 'vue'
import type { Client, Query } from '../api/client'
import type { Board, CaseList, CaseSummary, SectorPanel } from '../api/types'
import { boardOf, panelOf } from '../live/boardFixture'
import { atMostEvery } from '../parts/atMostEvery'
import type { CaseFilter } from '../parts/deskLink'
import type { Queue } from './filter'
import { useCases } from './useCases'

const summary = (id: string, change: Partial<CaseSummary> = {}): CaseSummary => ({ id, number: id, version: 1, text: 'x', category: 'sewage', sector: 'economy', urgency: 'normal', stage: 'filed', area: '500153003001001', reportedAt: '2026-11-20T17:00:00.000000Z', updatedAt: '2026-11-20T17:00:00.000000Z', late: false, photos: 0, supervised: false, onAgenda: false, underReview: false, ...change })
const panel = (sector: SectorPanel['sector'], filed: number): SectorPanel => panelOf(sector, { funnel: { reported: 1, filed, dispatched: 0, handling: 0, completed: 0, verified: 0, rated: 0 }, open: filed + 1 })
const board: Board = boardOf({ sectors: [panel('economy', 1500), panel('livelihood', 20)] })

describe('The cases of the desk', () => {
  let scope: EffectScope
  let asked: Query[]
  let answers: ((list: CaseList) => void)[]
  let askedApart: Query[]
  let answersApart: ((list: CaseList) => void)[]
  let filter: Ref<CaseFilter>
  let queue: Ref<Queue>
  let cases: ReturnType<typeof useCases>

  function open(units: string[] = [], onlyUnits = units.length > 0, town?: string) {
    filter = ref<CaseFilter>({ scope: '500153003' })
    queue = ref<Queue>('filed')
    const client = {
      get: (_: string, query: Query) =>
        new Promise((resolve) => {
          const isApart = query.stage === 'assessing,checking,transferring'
          ;(isApart ? askedApart : asked).push(JSON.parse(JSON.stringify(query)) as Query)
          ;(isApart ? answersApart : answers).push(resolve)
        }),
    } as unknown as Client
    scope.run(() => (cases = useCases({ client, filter, queue, units: ref(units), onlyUnits: ref(onlyUnits), town: ref(town), board: shallowRef(board), now: ref(Date.parse('2026-11-21T04:00:00Z')), timeZone: () => 'Asia/Shanghai' })))
  }
  async function answer(index: number, list: CaseList) {
    answers[index]?.(list)
    for (let n = 0; n < 5; n++) await nextTick()
  }
  const ids = () => cases.items.value?.map((item) => item.id)

  beforeEach(() => {
    scope = effectScope()
    asked = []
    answers = []
    askedApart = []
    answersApart = []
  })
  afterEach(() => scope.stop())

  it('are only the queue that is looked at, what is due soonest first, with counts from the board', async () => {
    open()
    void cases.refresh()
    expect(asked).toEqual([{ scope: '500153003', stage: 'filed', limit: 200, sort: 'due' }])
    await answer(0, { items: [summary('a')] })
    expect(ids()).toEqual(['a'])
    expect(cases.counts.value).toMatchObject({ reported: 2, filed: 1520, open: 1522 })
    expect(cases.truncated.value).toBe(false)
    filter.value = { ...filter.value, sector: 'livelihood' }
    expect(cases.counts.value).toMatchObject({ filed: 20, open: 21 })
  })

  it('that lie with a village, a checker or another town are counted apart, because the board has one figure for all that is not filed', async () => {
    open()
    void cases.refresh()
    await answer(0, { items: [] })
    answersApart[0]?.({ items: [summary('b', { stage: 'checking' })] })
    for (let n = 0; n < 5; n++) await nextTick()
    expect(cases.counts.value).toMatchObject({ reported: 1, checking: 1, assessing: 0, transferring: 0, open: 1522 })
  })

  it('sent to the own unit have a queue and a count of their own for who has other work besides', async () => {
    open(['village:500153003001'], false)
    void cases.refresh()
    expect(asked).toMatchObject([{ stage: 'filed' }, { unit: 'village:500153003001', open: true }])
    await answer(1, { items: [summary('u', { stage: 'dispatched', unit: 'village:500153003001' })] })
    answersApart[0]?.({ items: [] })
    await answer(0, { items: [summary('a')] })
    expect(ids()).toEqual(['a'])
    expect(cases.counts.value).toMatchObject({ unit: 1, filed: 1520 })
    queue.value = 'unit'
    await nextTick()
    expect(asked[2]).toMatchObject({ unit: 'village:500153003001', open: true })
  })

  it('that another town asks ours to take have a queue and a count of their own, wherever they lie', async () => {
    open([], false, '500153003')
    void cases.refresh()
    expect(asked).toMatchObject([{ scope: '500153003', stage: 'filed' }, { transferTo: '500153003', sort: 'due' }])
    expect(asked[1]).not.toHaveProperty('scope')
    await answer(1, { items: [summary('n', { stage: 'transferring', area: '500153004001001' })] })
    answersApart[0]?.({ items: [] })
    await answer(0, { items: [summary('a')] })
    expect(ids()).toEqual(['a'])
    expect(cases.counts.value).toMatchObject({ incoming: 1, transferring: 0, filed: 1520 })
    queue.value = 'incoming'
    await nextTick()
    expect(asked[2]).toEqual({ transferTo: '500153003', open: true, limit: 200, sort: 'due' })
    await answer(2, { items: [summary('n', { stage: 'transferring', area: '500153004001001' })] })
    expect(ids()).toEqual(['n'])
  })

  it('have no counts while the board of their scope is not here', () => {
    open()
    filter.value = { scope: '500153004' }
    expect(cases.counts.value).toBeUndefined()
  })

  it('go on by cursor, and a refresh keeps as many pages', async () => {
    open()
    void cases.refresh()
    await answer(0, { items: [summary('a', { dueAt: '2026-11-21T05:00:00.000000Z' })], next: 'p2' })
    expect(cases.hasMore.value).toBe(true)
    void cases.more()
    expect(asked[1]).toMatchObject({ cursor: 'p2', sort: 'due', stage: 'filed' })
    await answer(1, { items: [summary('b', { dueAt: '2026-11-21T06:00:00.000000Z' })] })
    expect(ids()).toEqual(['a', 'b'])
    expect(cases.hasMore.value).toBe(false)
    void cases.refresh()
    await answer(2, { items: [summary('b')], next: 'p2' })
    await answer(3, { items: [summary('c')] })
    expect(ids()).toEqual(['b', 'c'])
  })

  it('do not go back to an answer that is older than what is shown', async () => {
    open()
    void cases.refresh()
    void cases.refresh()
    await answer(1, { items: [summary('new')] })
    await answer(0, { items: [summary('old')] })
    expect(ids()).toEqual(['new'])
  })

  it('forget what was asked for another queue', async () => {
    open()
    void cases.refresh()
    queue.value = 'handling'
    await nextTick()
    expect(asked[1]).toMatchObject({ stage: 'handling' })
    await answer(0, { items: [summary('filed')] })
    expect(ids()).toBeUndefined()
    await answer(1, { items: [summary('mine', { stage: 'handling' })] })
    expect(ids()).toEqual(['mine'])
  })

  it('of a post handler are asked for by unit, and counted from one page', async () => {
    open(['post:ecology', 'post:water'])
    queue.value = 'open'
    await nextTick()
    expect(asked.map((query) => [query.unit, query.open])).toEqual([
      ['post:ecology', true],
      ['post:water', true],
    ])
    await answer(0, { items: [summary('a', { stage: 'dispatched' })], next: 'p2' })
    await answer(1, { items: [summary('b', { stage: 'handling' })] })
    expect(cases.counts.value).toMatchObject({ dispatched: 1, handling: 1, open: 2 })
    expect(cases.truncated.value).toBe(true)
    void cases.more()
    expect(asked.slice(2)).toMatchObject([{ unit: 'post:ecology', cursor: 'p2' }])
  })

  it('that are late are counted among the late ones', async () => {
    open()
    filter.value = { ...filter.value, late: true }
    await nextTick()
    expect(asked).toMatchObject([
      { stage: 'filed', late: true },
      { open: true, late: true },
    ])
    await answer(0, { items: [summary('a', { late: true })] })
    await answer(1, { items: [summary('a', { late: true }), summary('b', { late: true, stage: 'handling' })] })
    expect(ids()).toEqual(['a'])
    expect(cases.counts.value).toMatchObject({ filed: 1, handling: 1, open: 2 })
  })

  it('that were closed come newest first, as the host lists them', async () => {
    open()
    queue.value = 'all'
    await nextTick()
    expect(asked[0]).not.toHaveProperty('sort')
    await answer(0, { items: [summary('newer', { stage: 'closed' }), summary('older', { urgency: 'emergency' })] })
    expect(ids()).toEqual(['newer', 'older'])
  })
})

describe('A look that is asked for again and again', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('happens at once, and then no more often than every two seconds', () => {
    const look = vi.fn()
    const { ask } = atMostEvery(2_000, look)
    for (let n = 0; n < 60; n++) {
      ask()
      vi.advanceTimersByTime(100)
    }
    expect(look).toHaveBeenCalledTimes(4)
    vi.advanceTimersByTime(10_000)
    expect(look).toHaveBeenCalledTimes(4)
  })
})
