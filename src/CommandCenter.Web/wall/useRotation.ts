import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { PlaceFigures } from '../api/types'

/** An operator who touches the wall looks at something: the wall then stands still until it was left alone for so long. */
export const restsFor = 120_000
const touches = ['keydown', 'pointerdown', 'wheel'] as const

/** Whose turn is next: the district, then each town that has anything in hand, in the order of their codes. */
export function nextScope(shown: string, home: string, towns: readonly string[]): string {
  if (shown === home) return towns[0] ?? home
  return towns.find((town) => town > shown) ?? home
}

export interface Rotation {
  scope: Ref<string>
  running: ComputedRef<boolean>
  paused: Ref<boolean>
  resume: () => void
  /** What the home's board shows beneath it; asked for by whoever holds the board. */
  learn: (places: readonly PlaceFigures[]) => void
}

/** Turns through the scopes of an unattended wall. Without seconds it stands on its home. */
export function useRotation(home: Ref<string>, seconds: number | undefined): Rotation {
  const scope = ref(home.value)
  const towns = ref<string[]>([])
  const paused = ref(false)
  let turning: ReturnType<typeof setInterval> | undefined
  let resting: ReturnType<typeof setTimeout> | undefined

  const resume = () => {
    clearTimeout(resting)
    paused.value = false
  }
  const touched = () => {
    clearTimeout(resting)
    paused.value = true
    resting = setTimeout(resume, restsFor)
  }
  watch(home, (next) => (scope.value = next))
  if (seconds) {
    turning = setInterval(() => {
      if (!paused.value) scope.value = nextScope(scope.value, home.value, towns.value)
    }, seconds * 1000)
    for (const name of touches) globalThis.addEventListener(name, touched, { passive: true })
  }
  onScopeDispose(() => {
    clearInterval(turning)
    clearTimeout(resting)
    for (const name of touches) globalThis.removeEventListener(name, touched)
  })
  return {
    scope,
    running: computed(() => seconds !== undefined && !paused.value),
    paused,
    resume,
    learn(places) {
      towns.value = places.filter((place) => place.open > 0).map((place) => place.area)
    },
  }
}

/** `?rotate=60`: at least ten seconds, so that a board can come and be read; anything else is no rotation. */
export function rotationOf(search: string): number | undefined {
  const seconds = Number(new URLSearchParams(search).get('rotate') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds > 0 ? Math.max(10, seconds) : undefined
}
