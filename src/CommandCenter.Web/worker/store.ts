/** A small drawer on the device: drafts, photos and unsent reports outlive a lost signal and a closed page. */
export interface Store {
  readonly lasting: boolean
  get<T>(name: string): Promise<T | undefined>
  set(name: string, value: unknown): Promise<void>
  delete(name: string): Promise<void>
  list<T>(prefix: string): Promise<T[]>
}

export function memoryStore(): Store {
  const values = new Map<string, unknown>()
  return {
    lasting: false,
    get: async <T>(name: string) => values.get(name) as T | undefined,
    set: async (name, value) => void values.set(name, value),
    delete: async (name) => void values.delete(name),
    list: async <T>(prefix: string) => [...values].filter(([name]) => name.startsWith(prefix)).map(([, value]) => value as T),
  }
}

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
  })

/** IndexedDB, because it keeps photos; memory where a browser refuses it (private windows). */
export async function openStore(name = 'command-center'): Promise<Store> {
  try {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore('drawer')
    const database = await answer(request)
    const drawer = (mode: IDBTransactionMode) => database.transaction('drawer', mode).objectStore('drawer')
    return {
      lasting: true,
      get: <T>(key: string) => answer(drawer('readonly').get(key)) as Promise<T | undefined>,
      set: async (key, value) => void (await answer(drawer('readwrite').put(value, key))),
      delete: async (key) => void (await answer(drawer('readwrite').delete(key))),
      list: <T>(prefix: string) => answer(drawer('readonly').getAll(IDBKeyRange.bound(prefix, `${prefix}\uffff`))) as Promise<T[]>,
    }
  } catch {
    return memoryStore()
  }
}
