import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { AlarmLine, Board } from '../api/types'

const repeats = 4_000
/** So long a wall says who answered an alarm. */
const told = 60_000

export interface Alarm {
  /** What rings here as on every wall above the case, until somebody acknowledges it or it ends; the newest first. */
  items: ShallowRef<AlarmLine[]>
  /** What was acknowledged a moment ago, at whatever wall or desk. */
  answered: ComputedRef<AlarmLine | undefined>
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

/** Emergencies that nobody has acknowledged yet, shown and sounded: the board says which, so that all walls fall silent with one. */
export function useAlarm(board: Ref<Board | undefined>, now: Ref<number>, create: MakeAudio = makeAudio): Alarm {
  const items = shallowRef<AlarmLine[]>([])
  const wanted = ref(true)
  const allowed = ref(false)
  let audio: AudioContext | undefined
  let timer: ReturnType<typeof setInterval> | undefined

  const ring = () => {
    if (audio && wanted.value && allowed.value) beep(audio)
  }
  watch(
    board,
    (known) => {
      if (!known) return
      const next = known.alarms.lines.filter((line) => !line.acknowledged)
      const isNew = next.some((line) => !items.value.some((before) => before.case === line.case && before.since === line.since))
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
    answered: computed(() => board.value?.alarms.lines.find((line) => line.acknowledged && now.value - Date.parse(line.acknowledged.at) < told)),
    sound: computed(() => (!wanted.value ? 'off' : allowed.value ? 'on' : 'blocked')),
    toggleSound() {
      wanted.value = allowed.value ? !wanted.value : true
      void allow()
    },
  }
}
