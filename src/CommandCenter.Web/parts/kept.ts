import { inject, onScopeDispose, ref, toRaw, watch, type InjectionKey, type Ref, type ShallowRef } from 'vue'

/** Where a page keeps what was typed: on the phone a drawer that outlives it. */
export interface Drawer {
  get<T>(name: string): Promise<T | undefined>
  set(name: string, value: unknown): Promise<void>
  delete(name: string): Promise<void>
}

export const drawerKey: InjectionKey<ShallowRef<Drawer | undefined>> = Symbol('drawer')

const memory = new Map<string, unknown>()

/** Where nothing lasting is provided: for as long as the page is open. */
const untilClosed: Drawer = {
  get: async <T>(name: string) => memory.get(name) as T | undefined,
  set: async (name, value) => void memory.set(name, value),
  delete: async (name) => void memory.delete(name),
}

/** Without the wrappers that make it observable: IndexedDB stores only plain things. */
export function plainOf<T>(value: T): T {
  const raw = toRaw(value)
  if (Array.isArray(raw)) return raw.map(plainOf) as T
  if (raw && typeof raw === 'object' && Object.getPrototypeOf(raw) === Object.prototype) return Object.fromEntries(Object.entries(raw).map(([name, inner]) => [name, plainOf(inner)])) as T
  return raw
}

/**
 * What is being typed about one thing, kept until it is done or discarded: going to look at another thing, a lost signal and a closed page lose nothing.
 * @param isWorthIt False empties the drawer.
 */
export function useKept<T extends object>(name: string, start: T, isWorthIt: (value: T) => boolean): { value: Ref<T>; restored: Ref<boolean>; lasting: Ref<boolean>; clear: (to: T) => Promise<void> } {
  const drawer = inject(drawerKey, undefined)?.value ?? untilClosed
  const value = ref(start) as Ref<T>
  const restored = ref(false)
  const lasting = ref(true)
  let loaded = false
  let saving: ReturnType<typeof setTimeout> | undefined

  void drawer
    .get<T>(name)
    .catch(() => undefined)
    .then((held) => {
      loaded = true
      if (!held) return
      value.value = { ...value.value, ...held }
      restored.value = true
    })

  async function save(): Promise<void> {
    clearTimeout(saving)
    if (!loaded) return
    try {
      if (isWorthIt(value.value)) await drawer.set(name, plainOf(value.value))
      else await drawer.delete(name)
      lasting.value = true
    } catch {
      // A full or locked device: the page says that it cannot keep it.
      lasting.value = false
    }
  }
  watch(
    value,
    () => {
      clearTimeout(saving)
      saving = setTimeout(() => void save(), 300)
    },
    { deep: true },
  )
  const hidden = () => void save()
  addEventListener('pagehide', hidden)
  onScopeDispose(() => {
    removeEventListener('pagehide', hidden)
    void save()
  })

  return {
    value,
    restored,
    lasting,
    clear: async (to) => {
      value.value = to
      restored.value = false
      await save()
    },
  }
}
