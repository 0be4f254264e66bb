import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref, type EffectScope } from 'vue'
import type { Client } from '../api/client'
import type { AlarmLine, Board } from '../api/types'
import { createWords } from '../i18n'
import { boardOf, placeOf } from '../live/boardFixture'
import { useAlarm } from './useAlarm'
import { usePastBoard } from './usePastBoard'
import { nextScope, restsFor, rotationOf, useRotation } from './useRotation'
import { startTheme, themeAt } from './useTheme'
import WallPage from './WallPage.vue'

const [district, first, second] = ['500153', '500153003', '500153004']

describe('A rotation', () => {
  let scope: EffectScope
  beforeEach(() => {
    vi.useFakeTimers()
    scope = effectScope()
  })
  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
  })

  const begin = (seconds?: number) => {
    const rotation = scope.run(() => useRotation(ref(district), seconds))!
    rotation.learn([placeOf(first, { open: 1 }), placeOf(second, { open: 2 }), placeOf('500153005', { closedToday: 1 })])
    return rotation
  }
  const seen = async (rotation: ReturnType<typeof useRotation>, turns: number) => {
    const scopes = [rotation.scope.value]
    for (let turn = 0; turn < turns; turn++) {
      await vi.advanceTimersByTimeAsync(60_000)
      scopes.push(rotation.scope.value)
    }
    return scopes
  }

  it('shows the district, then each town that has anything in hand, and begins anew', async () => {
    expect(await seen(begin(60), 4)).toEqual([district, first, second, district, first])
  })

  it('stands still without seconds', async () => {
    expect(await seen(begin(), 3)).toEqual([district, district, district, district])
  })

  it('goes on to the next town when the one that it shows has nothing in hand any more', () => {
    expect(nextScope(first!, district!, [second!])).toBe(second)
    expect(nextScope(second!, district!, [first!])).toBe(district)
    expect(nextScope(district!, district!, [])).toBe(district)
  })

  it.each(['keydown', 'pointerdown', 'wheel'])('rests after a %s, until it was left alone or told to go on', async (touch) => {
    const rotation = begin(60)
    globalThis.dispatchEvent(new Event(touch))
    expect(rotation.running.value).toBe(false)
    expect(await seen(rotation, 1)).toEqual([district, district])
    await vi.advanceTimersByTimeAsync(restsFor)
    expect(rotation.running.value).toBe(true)
    globalThis.dispatchEvent(new Event(touch))
    rotation.resume()
    expect(rotation.running.value).toBe(true)
  })

  it('is asked for in seconds, and not too few', () => {
    expect(['?rotate=60', '?rotate=1', '?rotate=no', '?rotate=-3', ''].map(rotationOf)).toEqual([60, 10, undefined, undefined, undefined])
  })
})

describe('The theme', () => {
  it('follows the district\'s day, whatever zone the browser is in', () => {
    const at = (time: string) => themeAt(Date.parse(`2026-11-21T${time}+08:00`), 'Asia/Shanghai')
    expect(['06:59', '07:00', '18:59', '19:00', '00:00'].map(at)).toEqual(['night', 'day', 'day', 'night', 'night'])
  })

  it('is what the address says, else what was chosen here, else the time of day', () => {
    expect(startTheme('?theme=day', 'night')).toBe('day')
    expect(startTheme('', 'night')).toBe('night')
    expect(startTheme('?theme=pink', 'nonsense')).toBe('auto')
  })
})

const emergency = (id: string, change: Partial<AlarmLine> = {}): AlarmLine => ({ case: id, number: id, category: 'fire-hazard', sector: 'safety_and_law', area: first!, since: '2026-11-21T04:00:00.000000Z', ...change })
const answer = { actor: 'dispatcher-01', role: 'dispatcher', at: '2026-11-21T04:09:30.000000Z', wall: first! } as const
const alarms = (...lines: AlarmLine[]) => ({ ringing: lines.filter((line) => !line.acknowledged).length, lines })

describe('The alarm', () => {
  const at = '2026-11-21T04:10:00.000000Z'
  const now = ref(Date.parse(at))

  it('rings for what the board says nobody has acknowledged, however old, and falls silent with the board', async () => {
    const board = ref<Board | undefined>(boardOf({ at, alarms: alarms(emergency('a', { since: '2026-11-20T04:00:00.000000Z' }), emergency('b', { acknowledged: answer })) }))
    const scope = effectScope()
    const alarm = scope.run(() => useAlarm(board, now, () => undefined))!
    expect(alarm.items.value.map((line) => line.case)).toEqual(['a'])
    board.value = boardOf({ at, alarms: alarms(emergency('b', { acknowledged: answer })) })
    await nextTick()
    expect(alarm.items.value).toEqual([])
    scope.stop()
  })

  it('says for a minute who answered', () => {
    const clock = ref(Date.parse(at))
    const scope = effectScope()
    const alarm = scope.run(() => useAlarm(ref<Board | undefined>(boardOf({ at, alarms: alarms(emergency('b', { acknowledged: answer })) })), clock, () => undefined))!
    expect(alarm.answered.value?.acknowledged?.actor).toBe('dispatcher-01')
    clock.value += 31_000
    expect(alarm.answered.value).toBeUndefined()
    scope.stop()
  })

  it('is heard only after a gesture, says so, and is silent after the acknowledgement', async () => {
    vi.useFakeTimers()
    localStorage.clear()
    const started = vi.fn()
    const parameter = { setValueAtTime: () => undefined, exponentialRampToValueAtTime: () => undefined, value: 0 }
    const node = { connect: (to: unknown) => to, frequency: parameter, gain: parameter, start: started, stop: () => undefined }
    const audio = { currentTime: 0, state: 'suspended', destination: {}, createOscillator: () => node, createGain: () => node, resume: async () => void (audio.state = 'running'), close: async () => undefined }
    const board = ref<Board | undefined>(boardOf({ at }))
    const scope = effectScope()
    const alarm = scope.run(() => useAlarm(board, now, () => audio as unknown as AudioContext))!
    board.value = boardOf({ at, alarms: alarms(emergency('a')) })
    await nextTick()
    expect(alarm.items.value).toHaveLength(1)
    expect(alarm.sound.value).toBe('blocked')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(started).not.toHaveBeenCalled()
    globalThis.dispatchEvent(new Event('pointerdown'))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(alarm.sound.value).toBe('on')
    expect(started).toHaveBeenCalled()
    board.value = boardOf({ at, alarms: alarms(emergency('a', { acknowledged: answer })) })
    await nextTick()
    started.mockClear()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(started).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
    scope.stop()
    vi.useRealTimers()
  })
})

describe('A past board', () => {
  let scope: EffectScope
  const asked: { at: string; answer: (board: Board) => void; fail: () => void }[] = []
  const client = { get: (_: string, query: { asOf: string }) => new Promise((answer, reject) => asked.push({ at: query.asOf, answer, fail: () => reject(new Error('down')) })) } as unknown as Client
  beforeEach(() => {
    vi.useFakeTimers()
    asked.length = 0
    scope = effectScope()
  })
  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
  })
  const t = (minute: number) => Date.UTC(2026, 10, 20, 4, minute)

  it('asks for where the slider rests, and shows only the last answer', async () => {
    const past = scope.run(() => usePastBoard(client, ref('t')))!
    past.asOf.value = t(0)
    await vi.advanceTimersByTimeAsync(1)
    for (let minute = 1; minute < 9; minute++) {
      past.asOf.value = t(minute)
      await vi.advanceTimersByTimeAsync(50)
    }
    await vi.advanceTimersByTimeAsync(300)
    expect(asked.map((question) => question.at)).toEqual([t(0), t(8)].map((at) => new Date(at).toISOString()))
    asked[1]!.answer(boardOf({ open: 8 }))
    asked[0]!.answer(boardOf({ open: 1 }))
    await vi.advanceTimersByTimeAsync(1)
    expect(past.board.value?.open).toBe(8)
  })

  it('tries again when the moment does not come, and lets go of it when one comes back to now', async () => {
    const past = scope.run(() => usePastBoard(client, ref('t')))!
    past.asOf.value = t(0)
    await vi.advanceTimersByTimeAsync(1)
    asked[0]!.fail()
    await vi.advanceTimersByTimeAsync(1)
    expect(past.state.value).toBe('failed')
    await vi.advanceTimersByTimeAsync(3_000)
    expect(asked).toHaveLength(2)
    past.asOf.value = undefined
    await nextTick()
    asked[1]!.answer(boardOf({ open: 8 }))
    await vi.advanceTimersByTimeAsync(1)
    expect([past.state.value, past.board.value]).toEqual(['now', undefined])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('of another scope is not shown as this one\'s', async () => {
    const at = ref('t')
    const past = scope.run(() => usePastBoard(client, at))!
    past.asOf.value = t(0)
    await vi.advanceTimersByTimeAsync(1)
    asked[0]!.answer(boardOf({ open: 1 }))
    await vi.advanceTimersByTimeAsync(1)
    at.value = 'u'
    await nextTick()
    expect(past.board.value).toBeUndefined()
  })
})

describe('A wall', () => {
  const organization = { timeZone: 'Asia/Shanghai', areas: [{ code: district, name: '荣昌区', nameEn: 'Rongchang', level: 'district' }, { code: first, name: '广顺街道', nameEn: 'Guangshun', level: 'town' }], sectors: [], posts: [], people: [{ id: 'district-supervisor-01', name: '督查 01', nameEn: 'Supervisor 01', roles: [{ role: 'district_supervisor', place: district, acting: false }] }], categories: [] }

  it('that comes and goes many times, turning and ringing, leaves no timer and no listener behind', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-21T04:10:00Z') })
    localStorage.clear()
    vi.stubGlobal('fetch', async (url: string) => {
      if (url.startsWith('/hubs/')) return new Response('', { status: 404 })
      const scope = new URL(url, 'http://x').searchParams.get('scope') ?? ''
      return new Response(JSON.stringify(url.startsWith('/api/organization/borders') ? { type: 'FeatureCollection', features: [] } : url.startsWith('/api/organization') ? organization : boardOf({ scope, at: new Date().toISOString(), alarms: alarms(emergency('a')), places: [placeOf(first!, { open: 1 })] })), { status: 200 })
    })
    const listeners = new Map<string, number>()
    const count = (name: string, by: number) => listeners.set(name, (listeners.get(name) ?? 0) + by)
    for (const [target, label] of [[globalThis, 'window'], [document, 'document']] as const) {
      const [add, remove] = [target.addEventListener.bind(target), target.removeEventListener.bind(target)]
      vi.spyOn(target as EventTarget, 'addEventListener').mockImplementation((name: string, ...rest) => (count(`${label} ${name}`, 1), add(name as 'click', ...(rest as [() => void]))))
      vi.spyOn(target as EventTarget, 'removeEventListener').mockImplementation((name: string, ...rest) => (count(`${label} ${name}`, -1), remove(name as 'click', ...(rest as [() => void]))))
    }
    history.replaceState(null, '', '/wall/?rotate=10')
    try {
      const timers: number[] = []
      const heard: string[] = []
      for (let time = 0; time < 12; time++) {
        const page = mount(WallPage, { global: { plugins: [createWords('zh')] } })
        await vi.advanceTimersByTimeAsync(2_000)
        await flushPromises()
        expect(page.find('.figures').exists()).toBe(true)
        expect(page.find('.alarm-bar').exists()).toBe(true)
        await vi.advanceTimersByTimeAsync(12_000)
        expect(page.find('h1').text()).toContain('广顺街道')
        page.unmount()
        // What was on its way at the end of the page is let run out.
        await vi.advanceTimersByTimeAsync(60_000)
        timers.push(vi.getTimerCount())
        heard.push(JSON.stringify([...listeners].filter(([, number]) => number !== 0)))
      }
      expect(new Set(timers)).toEqual(new Set([0]))
      expect(new Set(heard)).toEqual(new Set(['[]']))
    } finally {
      vi.restoreAllMocks()
      vi.unstubAllGlobals()
      vi.useRealTimers()
    }
  })
})
