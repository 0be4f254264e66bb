import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { Board, FeedItem } from '../api/types'

/** An emergency that came longer ago is in the columns, and no news. */
const newsFor = 30 * 60_000
const repeats = 4_000
const remembered = 'command-center.wall.acknowledged'
const keeps = 200
const ends = new Set(['case_closed', 'case_refused', 'case_redirected', 'case_merged', 'case_split'])

/** The emergencies that ring: those that did, less what ended, and what the feed brought anew. The newest first. */
export function ringing(before: readonly FeedItem[], board: Pick<Board, 'feed' | 'at'>, acknowledged: ReadonlySet<string>): FeedItem[] {
  const ended = new Set(board.feed.filter((item) => ends.has(item.type)).map((item) => item.id))
  const isNews = (item: FeedItem) => item.urgency === 'emergency' && !ends.has(item.type) && Date.parse(board.at) - Date.parse(item.at) < newsFor
  const all = [...before, ...board.feed.filter(isNews).toReversed()]
  const first = new Map<string, FeedItem>()
  for (const item of all) if (!first.has(item.id) && !ended.has(item.id) && !acknowledged.has(item.id)) first.set(item.id, item)
  return [...first.values()].sort((a, b) => b.position - a.position)
}

function load(): string[] {
  try {
    const value = JSON.parse(localStorage.getItem(remembered) ?? '[]') as unknown
    return Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : []
  } catch {
    return []
  }
}

export interface Alarm {
  items: ShallowRef<FeedItem[]>
  acknowledge: () => void
  /** on: it will be heard. blocked: wanted, but the browser waits for a gesture. off: not wanted. */
  sound: ComputedRef<'on' | 'blocked' | 'off'>
  toggleSound: () => void
}

export type MakeAudio = () => AudioContext | undefined

const makeAudio: MakeAudio = () => (typeof AudioContext === 'undefined' ? undefined : new AudioContext())

/** Two tones, falling, twice: heard over talk, and like no telephone. */
function beep(audio: AudioContext): void {
  for (const [offset, frequency] of [[0, 880], [0.22, 660], [0.5, 880], [0.72, 660]] as const) {
    const from = audio.currentTime + offset
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    tone.frequency.value = frequency
    volume.gain.setValueAtTime(0.0001, from)
    volume.gain.exponentialRampToValueAtTime(0.3, from + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.2)
    tone.connect(volume).connect(audio.destination)
    tone.start(from)
    tone.stop(from + 0.21)
  }
}

/** New emergencies, shown and sounded until a person at this wall has acknowledged them. */
export function useAlarm(board: Ref<Board | undefined>, create: MakeAudio = makeAudio): Alarm {
  const items = shallowRef<FeedItem[]>([])
  const acknowledged = new Set(load())
  const wanted = ref(true)
  const allowed = ref(false)
  let audio: AudioContext | undefined
  let timer: ReturnType<typeof setInterval> | undefined

  const ring = () => {
    if (audio && wanted.value && allowed.value) beep(audio)
  }
  watch(
    board,
    (now) => {
      if (!now) return
      const next = ringing(items.value, now, acknowledged)
      const isNew = next.some((item) => !items.value.some((known) => known.id === item.id))
      if (isNew || next.length !== items.value.length) items.value = next
      if (isNew) ring()
    },
    { immediate: true },
  )
  watch(
    () => items.value.length > 0,
    (rings) => {
      clearInterval(timer)
      timer = rings ? setInterval(ring, repeats) : undefined
    },
    { immediate: true },
  )

  /** Browsers let a page make sounds only after somebody has clicked or typed in it. */
  async function allow(): Promise<void> {
    audio ??= create()
    await audio?.resume().catch(() => undefined)
    allowed.value = audio?.state === 'running'
  }
  // The button that turns the sound on and off decides for itself what its click means.
  const gesture = (event: Event) => {
    if (!(event.target instanceof Element && event.target.closest('[data-sound]'))) void allow()
  }
  for (const name of ['pointerdown', 'keydown'] as const) globalThis.addEventListener(name, gesture, { passive: true })
  onScopeDispose(() => {
    clearInterval(timer)
    for (const name of ['pointerdown', 'keydown'] as const) globalThis.removeEventListener(name, gesture)
    void audio?.close().catch(() => undefined)
  })

  return {
    items,
    sound: computed(() => (!wanted.value ? 'off' : allowed.value ? 'on' : 'blocked')),
    toggleSound() {
      wanted.value = allowed.value ? !wanted.value : true
      void allow()
    },
    acknowledge() {
      for (const item of items.value) acknowledged.add(item.id)
      items.value = []
      try {
        localStorage.setItem(remembered, JSON.stringify([...acknowledged].slice(-keeps)))
      } catch {
        // Without storage a reload rings once more for what is younger than half an hour.
      }
    },
  }
}
