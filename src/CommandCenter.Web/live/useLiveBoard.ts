import { computed, onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { Client, Identity } from '../api/client'
import { ProblemError } from '../api/problem'
import type { Board, BoardDelta } from '../api/types'
import { connectHub as signalr, type ConnectHub, type Hub } from './hub'
import { isDim, needsBoard, reduceLink, startingLink, type Link, type LinkEvent } from './link'

export interface LiveBoardOptions {
  client: Client
  identity: Ref<Identity | undefined>
  scope: Ref<string | undefined>
  connectHub?: ConnectHub
  clock?: () => number
  pollEvery?: number
}

export interface LiveBoard {
  link: ShallowRef<Link>
  board: Ref<Board | undefined>
  dim: Ref<boolean>
  /** Milliseconds since the shown data was last known to be true. */
  age: Ref<number>
  /** The server's clock, carried on by the local one, so that a wall with a wrong clock counts down right. */
  serverNow: Ref<number>
}

/** How long after a failed connection the hub is tried again; polling bridges the time. */
const hubRetries = [1_000, 2_000, 5_000, 10_000, 20_000, 30_000]

/** How long a host that still folds its log is left alone before it is asked again. */
const untilFolded = 2_000

/** Over the hub a refusal is only words, with its code among them. */
const isCatchingUp = (error: unknown): boolean => (error instanceof ProblemError ? error.problem.code : String(error)).includes('board.catching_up')

/** A board that keeps itself fresh: by the hub, else by polling, and that always knows how old it is. */
export function useLiveBoard({ client, identity, scope, connectHub = signalr, clock = () => Date.now(), pollEvery = 5_000 }: LiveBoardOptions): LiveBoard {
  const link = shallowRef<Link>(startingLink)
  const now = shallowRef(clock())
  let hub: Hub | undefined
  let hubAttempts = 0
  let hubTimer: ReturnType<typeof setTimeout> | undefined
  let pollTimer: ReturnType<typeof setTimeout> | undefined
  let fetching = false
  let askedAt = -Infinity
  let run = 0

  const tell = (event: LinkEvent) => {
    link.value = reduceLink(link.value, event)
    now.value = clock()
    // A line that stands but is silent is asked aloud now and then.
    const patient = link.value.reason === 'catching_up' && now.value - askedAt < untilFolded
    const ask = (needsBoard(link.value) && !patient) || (link.value.state === 'stale' && now.value - askedAt >= pollEvery)
    if (hub && ask) void watchAnew()
  }

  async function watchAnew(): Promise<void> {
    const mine = run
    const current = hub
    if (!current || !scope.value || fetching) return
    fetching = true
    askedAt = clock()
    try {
      const board = await current.watch(scope.value)
      if (mine === run && current === hub) tell({ type: 'board', board, transport: 'hub', now: clock() })
    } catch (error) {
      if (mine !== run || current !== hub) return
      if (isCatchingUp(error)) tell({ type: 'catching_up', now: clock() })
      else await drop()
    } finally {
      fetching = false
    }
  }

  async function drop(): Promise<void> {
    const current = hub
    hub = undefined
    await current?.stop().catch(() => undefined)
    lostHub()
  }

  function lostHub(): void {
    tell({ type: 'line_lost', reason: 'no_line', now: clock() })
    void poll()
    const wait = hubRetries[Math.min(hubAttempts++, hubRetries.length - 1)]
    clearTimeout(hubTimer)
    hubTimer = setTimeout(() => void connect(), wait)
  }

  async function connect(): Promise<void> {
    const mine = run
    const who = identity.value
    if (!who || !scope.value) return
    let opened: Hub | undefined
    try {
      opened = await connectHub(who, {
        delta: (delta: BoardDelta) => {
          if (mine === run && hub === opened) tell({ type: 'delta', delta, now: clock() })
        },
        closed: () => {
          if (mine !== run || hub !== opened) return
          hub = undefined
          lostHub()
        },
      })
      if (mine !== run) return void opened.stop().catch(() => undefined)
      hub = opened
      hubAttempts = 0
      clearTimeout(pollTimer)
      tell({ type: 'line_back', transport: 'hub', now: clock() })
    } catch {
      if (mine === run && hub === undefined) {
        if (link.value.transport === 'none') void poll()
        const wait = hubRetries[Math.min(hubAttempts++, hubRetries.length - 1)]
        clearTimeout(hubTimer)
        hubTimer = setTimeout(() => void connect(), wait)
      }
    }
  }

  async function poll(): Promise<void> {
    const mine = run
    clearTimeout(pollTimer)
    if (hub || !scope.value) return
    try {
      const board = await client.get<Board>('/api/board', { scope: scope.value })
      if (mine === run && !hub) tell({ type: 'board', board, transport: 'poll', now: clock() })
    } catch (error) {
      if (mine === run && !hub) tell(isCatchingUp(error) ? { type: 'catching_up', now: clock() } : { type: 'line_lost', reason: error instanceof ProblemError && error.problem.status < 500 ? 'refused' : 'no_line', now: clock() })
    }
    if (mine === run && !hub) {
      clearTimeout(pollTimer)
      pollTimer = setTimeout(() => void poll(), pollEvery)
    }
  }

  function stop(): void {
    run++
    clearTimeout(hubTimer)
    clearTimeout(pollTimer)
    const current = hub
    hub = undefined
    void current?.stop().catch(() => undefined)
  }

  watch(
    [() => identity.value?.actor, () => identity.value?.role, scope],
    () => {
      stop()
      link.value = startingLink
      hubAttempts = 0
      fetching = false
      if (identity.value && scope.value) void connect()
    },
    { immediate: true },
  )

  const ticking = setInterval(() => tell({ type: 'tick', now: clock() }), 1_000)
  const online = () => {
    if (!hub) void connect()
  }
  globalThis.addEventListener?.('online', online)
  onScopeDispose(() => {
    stop()
    clearInterval(ticking)
    globalThis.removeEventListener?.('online', online)
  })

  return {
    link,
    board: computed(() => link.value.board),
    dim: computed(() => isDim(link.value)),
    age: computed(() => (link.value.heardAt === undefined ? 0 : Math.max(0, now.value - link.value.heardAt))),
    serverNow: computed(() => (link.value.board && link.value.heardAt !== undefined ? Date.parse(link.value.board.at) + (now.value - link.value.heardAt) : now.value)),
  }
}
