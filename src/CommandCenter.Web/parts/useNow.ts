import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'

/** The device's clock, once a second. */
export function useNow(): ShallowRef<number> {
  const now = shallowRef(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), 1_000)
  onScopeDispose(() => clearInterval(timer))
  return now
}
