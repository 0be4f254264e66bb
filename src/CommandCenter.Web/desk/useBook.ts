import { shallowRef } from 'vue'
import { inOrder } from '../api/inOrder'

/** What a book shows of one queue: kept while it is read again, and never overlaid by an older answer. */
export function useBook<T>(read: () => Promise<T>) {
  const held = shallowRef<T>()
  const failure = shallowRef<unknown>()
  const asks = inOrder()

  async function refresh(): Promise<void> {
    const isNewest = asks()
    try {
      const fresh = await read()
      if (!isNewest()) return
      held.value = fresh
      failure.value = undefined
    } catch (error) {
      if (isNewest()) failure.value = error
    }
  }

  /** For another queue: what was held is none of its. */
  function turn(): Promise<void> {
    held.value = undefined
    failure.value = undefined
    return refresh()
  }
  void refresh()

  return { held, failure, refresh, turn }
}
