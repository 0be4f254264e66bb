import { inject, type InjectionKey, type ShallowRef } from 'vue'
import type { Outbox } from './outbox'
import type { Store } from './store'

export const storeKey: InjectionKey<ShallowRef<Store | undefined>> = Symbol('store')
export const outboxKey: InjectionKey<ShallowRef<Outbox | undefined>> = Symbol('outbox')

/** Inside the page, which shows its tabs only once both are open. */
export function useDrawer(): { store: Store; outbox: Outbox } {
  const store = inject(storeKey)?.value
  const outbox = inject(outboxKey)?.value
  if (!store || !outbox) throw new Error('the drawer is not open')
  return { store, outbox }
}
