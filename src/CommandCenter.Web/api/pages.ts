import type { Client, Query } from './client'

/** The first pages of a list together, as many as somebody has asked for. */
export async function readPages<T>(client: Client, path: string, query: Query, pages: number): Promise<{ items: T[]; next?: string }> {
  const items: T[] = []
  let next: string | undefined
  for (let page = 0; page < pages; page++) {
    const answer = await client.get<{ items: T[]; next?: string }>(path, { ...query, cursor: next })
    items.push(...answer.items)
    next = answer.next
    if (!next) break
  }
  return next === undefined ? { items } : { items, next }
}
