import { computed, onScopeDispose, ref, watchEffect, type ComputedRef, type Ref } from 'vue'
import { startOfDay } from '../live/countdown'

export const themeChoices = ['auto', 'day', 'night'] as const
export type ThemeChoice = (typeof themeChoices)[number]
export type Theme = 'day' | 'night'

const remembered = 'command-center.wall.theme'
const hour = 3600_000
const [sunrise, sunset] = [7 * hour, 19 * hour]

/** By the district's own clock: a wall in a room that is lit from seven to seven. */
export function themeAt(now: number, timeZone: string): Theme {
  const since = now - startOfDay(now, timeZone)
  return since >= sunrise && since < sunset ? 'day' : 'night'
}

const isChoice = (value: unknown): value is ThemeChoice => themeChoices.includes(value as ThemeChoice)

/** The address says it, else the last choice on this device, else the time of day. */
export function startTheme(search: string, stored: string | null): ThemeChoice {
  const asked = new URLSearchParams(search).get('theme')
  return isChoice(asked) ? asked : isChoice(stored) ? stored : 'auto'
}

function stored(): string | null {
  try {
    return localStorage.getItem(remembered)
  } catch {
    return null
  }
}

/** The theme stands on the root element, so that dialogs and the page behind follow it. */
export function useTheme(now: Ref<number>, timeZone: () => string): { choice: Ref<ThemeChoice>; theme: ComputedRef<Theme>; choose: (choice: ThemeChoice) => void } {
  const choice = ref(startTheme(location.search, stored()))
  const theme = computed(() => (choice.value === 'auto' ? themeAt(now.value, timeZone()) : choice.value))
  watchEffect(() => (document.documentElement.dataset.theme = theme.value))
  onScopeDispose(() => delete document.documentElement.dataset.theme)
  return {
    choice,
    theme,
    choose(next) {
      choice.value = next
      try {
        localStorage.setItem(remembered, next)
      } catch {
        // Without storage the choice holds until the page is closed.
      }
    },
  }
}
