import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, ref, shallowRef, type EffectScope } from 'vue'
import type { Client, Identity } from '../api/client'
import { NetworkError, ProblemError } from '../api/problem'
import type { Board } from '../api/types'
import { boardOf } from './boardFixture'
import type { HubHandlers } from './hub'
import { useLiveBoard, type LiveBoard } from './useLiveBoard'

const start = Date.parse('2026-11-21T00:00:00Z')
const board = (position: string): Board => boardOf({ scope: 't', position, at: new Date(Date.now()).toISOString() })

describe('A live board', () => {
  let scope: EffectScope
  let live: LiveBoard
  let handlers: HubHandlers | undefined
  let hubIsUp = true
  let pollIsUp = true
  let position = '1:10'
  let folding = false
  const watched = vi.fn()
  const polled = vi.fn()

  beforeEach(() => {
    vi.useFakeTimers({ now: start })
    hubIsUp = pollIsUp = true
    folding = false
    position = '1:10'
    handlers = undefined
    watched.mockClear()
    polled.mockClear()
    begin()
  })

  function begin() {
    scope = effectScope()
    const client = {
      get: async () => {
        polled()
        if (!pollIsUp) throw new NetworkError('down')
        if (folding) throw new ProblemError({ type: '', title: '', status: 503, code: 'board.catching_up', message: { zh: '', en: '' } })
        return board(position)
      },
    } as unknown as Client
    scope.run(() => {
      live = useLiveBoard({
        client,
        identity: shallowRef<Identity>({ actor: 'dispatcher-01', role: 'dispatcher' }),
        scope: ref('t'),
        connectHub: async (_, given) => {
          if (!hubIsUp) throw new Error('no hub')
          handlers = given
          return {
            watch: async () => {
              watched()
              if (folding) throw new Error('An unexpected error occurred invoking Watch. HubException: board.catching_up')
              return board(position)
            },
            stop: async () => undefined,
          }
        },
      })
    })
  }

  function beginAnew() {
    scope.stop()
    watched.mockClear()
    begin()
  }

  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
  })

  const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

  it('comes by the hub when there is one, and then does not poll', async () => {
    await pass(100)
    expect(live.link.value).toMatchObject({ state: 'live', transport: 'hub' })
    await pass(14_000)
    expect(polled).not.toHaveBeenCalled()
  })

  it('asks for the board again after a gap', async () => {
    await pass(100)
    position = '1:14'
    handlers?.delta({ scope: 't', from: '1:12', to: '1:13', frame: 4, at: new Date().toISOString() })
    await pass(100)
    expect(watched).toHaveBeenCalledTimes(2)
    expect(live.board.value?.position).toBe('1:14')
    expect(live.link.value.state).toBe('live')
  })

  it('falls back to polling when the hub goes, and returns to it later', async () => {
    await pass(100)
    hubIsUp = false
    handlers?.closed()
    await pass(50)
    expect(live.link.value).toMatchObject({ state: 'live', transport: 'poll' })
    hubIsUp = true
    await pass(31_000)
    expect(live.link.value).toMatchObject({ state: 'live', transport: 'hub' })
  })

  it('dims and counts the age of its data when nothing answers, and recovers', async () => {
    await pass(100)
    hubIsUp = pollIsUp = false
    handlers?.closed()
    await pass(20_000)
    expect(live.link.value.state).toBe('lost')
    expect(live.dim.value).toBe(true)
    expect(live.age.value).toBeGreaterThanOrEqual(20_000)
    pollIsUp = true
    await pass(6_000)
    expect(live.link.value.state).toBe('live')
    expect(live.dim.value).toBe(false)
    expect(live.age.value).toBeLessThan(6_000)
  })

  it('asks aloud when the line stands but is silent', async () => {
    await pass(100)
    expect(watched).toHaveBeenCalledTimes(1)
    await pass(17_000)
    expect(watched.mock.calls.length).toBeGreaterThan(1)
    expect(live.link.value.state).toBe('live')
  })

  it('waits for a host that is still folding its log, and keeps its line', async () => {
    folding = true
    beginAnew()
    await pass(10_000)
    expect(live.link.value).toMatchObject({ state: 'connecting', reason: 'catching_up', transport: 'hub' })
    expect(watched.mock.calls.length).toBeGreaterThan(3)
    expect(watched.mock.calls.length).toBeLessThan(7)
    expect(polled).not.toHaveBeenCalled()
    folding = false
    await pass(3_000)
    expect(live.link.value.state).toBe('live')
  })

  it('waits for a folding host by polling too', async () => {
    hubIsUp = false
    folding = true
    beginAnew()
    await pass(7_000)
    expect(live.link.value).toMatchObject({ state: 'connecting', reason: 'catching_up' })
    folding = false
    await pass(6_000)
    expect(live.link.value.state).toBe('live')
  })

  it('dims what it shows when a restarted host takes long to fold, and says why', async () => {
    await pass(100)
    folding = true
    handlers?.closed()
    await pass(5_000)
    expect(live.link.value).toMatchObject({ state: 'refetching', reason: 'catching_up' })
    await pass(15_000)
    expect(live.link.value).toMatchObject({ state: 'stale', reason: 'catching_up' })
    expect(live.dim.value).toBe(true)
    folding = false
    await pass(6_000)
    expect(live.link.value.state).toBe('live')
  })

  it('carries the server clock on between two words', async () => {
    await pass(100)
    const before = live.serverNow.value
    await pass(3_000)
    expect(live.serverNow.value - before).toBe(3_000)
  })
})
