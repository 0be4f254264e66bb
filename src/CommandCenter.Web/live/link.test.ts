import { describe, expect, it } from 'vitest'
import type { Board, BoardDelta } from '../api/types'
import { boardOf } from './boardFixture'
import { isDim, needsBoard, reduceLink, staleAfter, startingLink, type Link, type LinkEvent } from './link'

const board = (position: string, second = 0, frame = 1): Board => boardOf({ scope: 't', position, frame, at: `2026-11-21T00:00:${String(second).padStart(2, '0')}.000000Z` })
const delta = (from: string, to: string, frame = 2, second = 30): BoardDelta => ({ scope: 't', from, to, frame, at: `2026-11-21T00:00:${String(second).padStart(2, '0')}.000000Z` })
const play = (...events: LinkEvent[]): Link => events.reduce(reduceLink, startingLink)
const line: LinkEvent = { type: 'line_back', transport: 'hub', now: 0 }
const first: LinkEvent = { type: 'board', board: board('1:10'), transport: 'hub', now: 0 }

describe('The link', () => {
  it('is connecting until the first board', () => {
    expect(startingLink.state).toBe('connecting')
    expect(needsBoard(play(line))).toBe(true)
    expect(play(line, first)).toMatchObject({ state: 'live', transport: 'hub' })
  })

  it('stays live through heartbeats, however long', () => {
    let link = play(line, first)
    for (let beat = 1; beat < 10; beat++) {
      link = reduceLink(link, { type: 'delta', delta: delta('1:10', '1:10', beat + 1, beat * 5), now: beat * 5_000 })
      link = reduceLink(link, { type: 'tick', now: beat * 5_000 + 4_000 })
      expect(link.state).toBe('live')
    }
  })

  it('is stale once nothing was heard for fifteen seconds, and dims', () => {
    const link = play(line, first, { type: 'tick', now: staleAfter })
    expect(link.state).toBe('live')
    const stale = reduceLink(link, { type: 'tick', now: staleAfter + 1 })
    expect(stale).toMatchObject({ state: 'stale', reason: 'silent' })
    expect(isDim(stale)).toBe(true)
  })

  it('is live again with the next word after silence', () => {
    expect(play(line, first, { type: 'tick', now: 20_000 }, { type: 'delta', delta: delta('1:10', '1:11'), now: 20_500 }).state).toBe('live')
  })

  it('fetches anew after a gap and ignores deltas until the board is there', () => {
    const gap = play(line, first, { type: 'delta', delta: delta('1:12', '1:13'), now: 1_000 })
    expect(gap).toMatchObject({ state: 'refetching', reason: 'gap' })
    expect(needsBoard(gap)).toBe(true)
    expect(reduceLink(gap, { type: 'delta', delta: delta('1:13', '1:14'), now: 1_100 })).toBe(gap)
    expect(reduceLink(gap, { type: 'board', board: board('1:14', 2), transport: 'hub', now: 1_200 })).toMatchObject({ state: 'live', board: { position: '1:14' } })
  })

  it('takes a delta from before its board for an echo', () => {
    expect(play(line, first, { type: 'delta', delta: delta('1:8', '1:9', 1), now: 100 }).state).toBe('live')
  })

  it('fetches anew when the log has a new epoch, though its position is lower', () => {
    const link = play(line, first, { type: 'delta', delta: delta('2:3', '2:4'), now: 1_000 })
    expect(link).toMatchObject({ state: 'refetching', reason: 'new_epoch' })
    expect(reduceLink(link, { type: 'board', board: { ...board('2:4'), at: '2026-11-20T00:00:00.000000Z' }, transport: 'hub', now: 1_500 })).toMatchObject({ state: 'live', board: { position: '2:4' } })
  })

  it('is lost at once without a line, keeps what it shows, and dims it', () => {
    const link = play(line, first, { type: 'line_lost', reason: 'no_line', now: 2_000 })
    expect(link).toMatchObject({ state: 'lost', reason: 'no_line', transport: 'none', heardAt: 0, board: { position: '1:10' } })
    expect(isDim(link)).toBe(true)
    expect(reduceLink(link, { type: 'tick', now: 60_000 }).state).toBe('lost')
  })

  it('fetches the whole board when the line is back', () => {
    const back = play(line, first, { type: 'line_lost', reason: 'no_line', now: 2_000 }, { type: 'line_back', transport: 'hub', now: 3_000 })
    expect(back).toMatchObject({ state: 'refetching', reason: 'reconnected' })
    expect(needsBoard(back)).toBe(true)
  })

  it('is still connecting, not lost, when there never was a board', () => {
    const link = play({ type: 'line_lost', reason: 'refused', now: 0 })
    expect(link).toMatchObject({ state: 'connecting', reason: 'refused' })
    expect(isDim(link)).toBe(false)
  })

  it('does not take a host that repeats its last moment for news', () => {
    let link = play(line, first)
    for (let beat = 1; beat < 5; beat++) link = reduceLink(link, { type: 'delta', delta: delta('1:10', '1:10', beat + 1, 0), now: beat * 5_000 })
    expect(reduceLink(link, { type: 'tick', now: 20_000 })).toMatchObject({ state: 'stale', heardAt: 0 })
  })

  it('does not take the same answer from a cache for news', () => {
    const poll = (second: number, now: number): LinkEvent => ({ type: 'board', board: board('1:10', second), transport: 'poll', now })
    expect(play(poll(0, 0), poll(0, 5_000), poll(0, 10_000), poll(0, 20_000)).state).toBe('stale')
    expect(play(poll(0, 0), poll(5, 5_000), poll(10, 10_000), poll(20, 20_000)).state).toBe('live')
  })
})
