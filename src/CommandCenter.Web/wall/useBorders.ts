import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { Client } from '../api/client'
import type { BorderCollection, BorderFeature } from '../api/types'

const hourly = 3600_000
const again = 20_000

/** The outlines under a scope, asked for once an hour, since a border may be redrawn while a wall hangs there. Empty while there are none: whoever draws has tiles for that. */
export function useBorders(client: Client, scope: Ref<string>): ShallowRef<BorderFeature[]> {
  const features = shallowRef<BorderFeature[]>([])
  // A wall that turns from scope to scope shows at once what it showed an hour ago.
  const seen = new Map<string, BorderFeature[]>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let run = 0

  async function load(): Promise<void> {
    const mine = ++run
    clearTimeout(timer)
    const asked = scope.value
    let wait = hourly
    try {
      const known = (await client.get<BorderCollection>('/api/organization/borders', { scope: asked }, true)).features
      seen.set(asked, known)
      if (mine === run) features.value = known
    } catch {
      // Without its map a wall has its tiles; the line's state says what is wrong.
      wait = again
    }
    if (mine === run) timer = setTimeout(() => void load(), wait)
  }

  watch(
    scope,
    (now) => {
      features.value = seen.get(now) ?? []
      void load()
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    run++
    clearTimeout(timer)
  })
  return features
}
