import { onScopeDispose, shallowRef } from 'vue'
import type { MatterAt, Matters, MatterTier } from '../api/types'
import { useClient } from '../api/useClient'

/** The catalogue of matters at a place with its tiers, once it is known; without it every unit and category is offered alike, and the host refuses what a list does not hold. */
export function useMatters(area: string, wanted: boolean) {
  const client = useClient()
  const held = shallowRef<ReadonlyMap<string, MatterAt>>(new Map())
  let gone = false
  onScopeDispose(() => (gone = true))
  async function load() {
    const matters = await client.get<Matters>('/api/matters', { area })
    if (!gone) held.value = new Map(matters.items.map((item) => [item.code, item]))
  }
  // A hint and no condition: what cannot be read now is decided by the host when the form is sent.
  if (wanted) load().catch(() => (held.value = new Map()))

  const tier = (matter: string, level: MatterTier['level']): MatterTier | undefined => held.value.get(matter)?.tiers.find((one) => one.level === level)
  return {
    /** Whether the list of a tier keeps a matter from it. */
    barred: (matter: string, level: MatterTier['level']): boolean => tier(matter, level)?.admitted === false,
    /** The lowest tier that lists let have a matter, `undefined` where no list speaks of it, `null` where the town itself may not. */
    lowest(matter: string): MatterTier['level'] | null | undefined {
      const tiers = held.value.get(matter)?.tiers
      if (!tiers?.some((one) => one.listed)) return undefined
      return tiers.filter((one) => one.admitted).at(-1)?.level ?? null
    },
  }
}
