import { describe, expect, it } from 'vitest'
import type { Board, BoardDelta, FeedItem, SectorPanel } from '../api/types'
import { applyDelta, epochOf, feedLength } from './board'
import { boardOf, gridOf, panelOf, placeOf } from './boardFixture'

const panel = (sector: SectorPanel['sector'], open: number): SectorPanel => panelOf(sector, { open, funnel: { reported: open, filed: 0, dispatched: 0, handling: 0, completed: 0, verified: 0, rated: 0 } })
const item = (position: number): FeedItem => ({ position, at: '2026-11-21T00:00:00.000000Z', type: 'case_reported', urgency: 'normal', id: String(position), number: '1', category: 'sewage', sector: 'economy', area: '500153003001001' })
const board: Board = boardOf({
  position: '1:100',
  frame: 7,
  at: '2026-11-21T00:00:00.000000Z',
  today: { reported: 1, filed: 0, closed: 0, escalated: 0 },
  open: 3,
  overdue: 1,
  sectors: [panel('economy', 2), panel('livelihood', 1)],
  places: [placeOf('500153003001', { open: 2 }), placeOf('500153003003', { reportedToday: 1 })],
  grids: [gridOf('500153003001001', { open: 2, overdue: 1 })],
  feed: [item(100)],
})
const delta = (change: Partial<BoardDelta>): BoardDelta => ({ scope: '500153003', from: '1:100', to: '1:103', frame: 8, at: '2026-11-21T00:00:05.000000Z', ...change })

describe('A delta', () => {
  it('moves the position and replaces only what it carries', () => {
    const result = applyDelta(board, delta({ open: 4, sectors: [panel('economy', 3)] }))
    expect(result.kind).toBe('applied')
    if (result.kind !== 'applied') return
    expect(result.board.position).toBe('1:103')
    expect(result.board.open).toBe(4)
    expect(result.board.overdue).toBe(1)
    expect(result.board.sectors.map((value) => [value.sector, value.open])).toEqual([
      ['economy', 3],
      ['livelihood', 1],
    ])
    expect(result.board.sectors[1]).toBe(board.sectors[1])
  })

  it('puts new feed items first and keeps the feed short', () => {
    let current = board
    for (let n = 0; n < 40; n++) {
      const result = applyDelta(current, delta({ from: current.position, to: `1:${200 + n}`, frame: current.frame + 1, feed: [item(200 + n)] }))
      if (result.kind === 'applied') current = result.board
    }
    expect(current.feed).toHaveLength(feedLength)
    expect(current.feed[0]?.position).toBe(239)
  })

  it('that is a heartbeat changes only the time', () => {
    const result = applyDelta(board, delta({ to: '1:100' }))
    expect(result).toEqual({ kind: 'applied', board: { ...board, frame: 8, at: '2026-11-21T00:00:05.000000Z' } })
  })

  it('that does not follow on what is held is a gap', () => {
    expect(applyDelta(board, delta({ from: '1:99' })).kind).toBe('gap')
    expect(applyDelta(board, delta({ from: '1:104', to: '1:105' })).kind).toBe('gap')
  })

  it('that only the clock made is missed by its number, because its position is the same', () => {
    expect(applyDelta(board, delta({ to: '1:100', frame: 9 })).kind).toBe('gap')
  })

  it('that was in the board already is an echo', () => {
    expect(applyDelta(board, delta({ from: '1:98', to: '1:100', frame: 7 })).kind).toBe('echo')
  })

  it('of another epoch is told apart from a gap', () => {
    expect(applyDelta(board, delta({ from: '2:90', to: '2:91' })).kind).toBe('new_epoch')
  })

  it('of another scope is not for this wall', () => {
    expect(applyDelta(board, delta({ scope: '500153004' })).kind).toBe('other_scope')
  })

  it('lays changed and new places over those that are held, by code', () => {
    const result = applyDelta(board, delta({ places: [placeOf('500153003001', { open: 3, overdue: 1 }), placeOf('500153003002', { open: 1 })] }))
    expect(result.kind === 'applied' && result.board.places).toEqual([placeOf('500153003001', { open: 3, overdue: 1 }), placeOf('500153003002', { open: 1 }), board.places[1]])
  })

  it('takes away a place and a grid that have nothing left to count, and no place that still has', () => {
    const result = applyDelta(board, delta({ places: [placeOf('500153003001'), placeOf('500153003003', { satisfied: { part: 0, of: 1 } })], grids: [gridOf('500153003001001')] }))
    expect(result.kind).toBe('applied')
    if (result.kind !== 'applied') return
    expect(result.board.places.map((place) => place.area)).toEqual(['500153003003'])
    expect(result.board.grids).toEqual([])
  })

  it('without places leaves them as they are', () => {
    const result = applyDelta(board, delta({ open: 4 }))
    expect(result.kind === 'applied' && [result.board.places, result.board.grids]).toEqual([board.places, board.grids])
  })

  it('adds a sector that the board did not have', () => {
    const result = applyDelta(board, delta({ sectors: [panel('party_building', 1)] }))
    expect(result.kind === 'applied' && result.board.sectors.map((value) => value.sector)).toEqual(['economy', 'livelihood', 'party_building'])
  })
})

describe('A position', () => {
  it('carries the epoch of the log', () => {
    expect(epochOf('12:345')).toBe('12')
  })
})
