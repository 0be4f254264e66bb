import { inject, provide, type InjectionKey } from 'vue'
import type { Client } from './client'

const key: InjectionKey<Client> = Symbol('client')

export const provideClient = (client: Client): Client => {
  provide(key, client)
  return client
}

export function useClient(): Client {
  const client = inject(key)
  if (!client) throw new Error('provideClient was not called above')
  return client
}
