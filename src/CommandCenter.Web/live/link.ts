import type { Board, BoardDelta } from '../api/types'
import { applyDelta } from './board'

/**
 * connecting: nothing to show yet. live: heard from the host lately. refetching: what we hold has a hole; a new board is on its way.
 * stale: the line stands, but nothing new comes. lost: no line at all.
 */
export type LinkState = 'connecting' | 'live' | 'refetching' | 'stale' | 'lost'

/** Why the state is not live, for the words on the wall. */
export type LinkReason = 'first' | 'gap' | 'new_epoch' | 'reconnected' | 'silent' | 'no_line' | 'refused' | 'catching_up'

export type Transport = 'hub' | 'poll' | 'none'

export interface Link {
  state: LinkState
  reason?: LinkReason
  transport: Transport
  board?: Board
  /** The local clock when the board was last known to be true. */
  heardAt?: number
}

export type LinkEvent =
  | { type: 'board'; board: Board; transport: Transport; now: number }
  | { type: 'delta'; delta: BoardDelta; now: number }
  | { type: 'line_lost'; reason: 'no_line' | 'refused'; now: number }
  | { type: 'catching_up'; now: number }
  | { type: 'line_back'; transport: Transport; now: number }
  | { type: 'tick'; now: number }

/** Data older than this is not shown as if it were true. */
export const staleAfter = 15_000

export const startingLink: Link = { state: 'connecting', reason: 'first', transport: 'none' }

export const isDim = (link: Link): boolean => link.board !== undefined && (link.state === 'stale' || link.state === 'lost')

export const needsBoard = (link: Link): boolean => link.state === 'refetching' || (link.state === 'connecting' && link.transport !== 'none')

/** The whole life of the link as one pure function, so that time and a bad network can be played in a test. */
export function reduceLink(link: Link, event: LinkEvent): Link {
  switch (event.type) {
    case 'board':
      return withBoard(link, event.board, event.transport, event.now)
    case 'delta':
      return withDelta(link, event.delta, event.now)
    case 'line_lost':
      return { ...link, state: link.board ? 'lost' : 'connecting', reason: event.reason, transport: 'none' }
    case 'catching_up':
      return withoutBoardYet(link, event.now)
    case 'line_back':
      return { ...link, state: link.board ? 'refetching' : 'connecting', reason: link.board ? 'reconnected' : 'first', transport: event.transport }
    case 'tick':
      return link.state !== 'lost' && link.heardAt !== undefined && event.now - link.heardAt > staleAfter ? { ...link, state: 'stale', reason: link.state === 'stale' || link.reason === 'catching_up' ? (link.reason ?? 'silent') : 'silent' } : link
  }
}

/** The host is there and folds its log: nothing is wrong, but what is shown grows old meanwhile. */
function withoutBoardYet(link: Link, now: number): Link {
  const old = link.heardAt !== undefined && now - link.heardAt > staleAfter
  return { ...link, state: !link.board ? 'connecting' : old ? 'stale' : 'refetching', reason: 'catching_up' }
}

function withBoard(link: Link, board: Board, transport: Transport, now: number): Link {
  // A cache that answers with the same old board is a line, but no news: its age goes on counting.
  const isNews = !link.board || link.board.scope !== board.scope || board.at > link.board.at || board.position !== link.board.position || board.frame !== link.board.frame
  if (isNews) return { state: 'live', transport, board, heardAt: now }
  const silent = link.heardAt !== undefined && now - link.heardAt > staleAfter
  return { ...link, transport, state: silent ? 'stale' : 'live', reason: silent ? 'silent' : undefined }
}

function withDelta(link: Link, delta: BoardDelta, now: number): Link {
  if (!link.board) return link
  // Until the new board is here, deltas that follow on nothing are expected.
  if (link.state === 'refetching' || link.state === 'lost') return link
  const applied = applyDelta(link.board, delta)
  switch (applied.kind) {
    case 'applied':
      // A host whose log is silent repeats its last moment: that is a line, but no news.
      return applied.board.at > link.board.at ? { state: 'live', transport: link.transport, board: applied.board, heardAt: now } : { ...link, board: applied.board }
    case 'new_epoch':
      return { ...link, state: 'refetching', reason: 'new_epoch' }
    case 'gap':
      return { ...link, state: 'refetching', reason: 'gap' }
    default:
      return link
  }
}
