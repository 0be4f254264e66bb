import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import type { Client } from '../api/client'
import { inOrder } from '../api/inOrder'
import { openStages, type CaseList, type CaseSummary, type OpenStage } from '../api/types'
import { localDate } from '../live/countdown'
import type { CaseFilter } from '../parts/deskLink'
import { byPressure, matches } from './filter'

export type Queue = OpenStage | 'open' | 'all'

const pageSize = 200
/** More open cases than this are counted as "more than": nobody works through such a list by eye. */
const pages = 5

export interface CasesOptions {
  client: Client
  filter: Ref<CaseFilter>
  queue: Ref<Queue>
  /** A post handler's posts; empty for everybody else. */
  posts: Ref<string[]>
  now: Ref<number>
  timeZone: () => string
}

export function useCases({ client, filter, queue, posts, now, timeZone }: CasesOptions) {
  const open = shallowRef<CaseSummary[]>()
  const asked = shallowRef<CaseSummary[]>()
  const next = ref<string>()
  const truncated = ref(false)
  const failure = shallowRef<unknown>()
  let run = 0
  const asksOpen = inOrder()
  const asksHost = inOrder()

  /** Closed cases, and what only the host can tell, are asked of the host page by page. */
  const byHost = computed(() => queue.value === 'all' || filter.value.today !== undefined)
  const hostQuery = computed(() => {
    const { scope, sector, late, level, dueSoon, today, stage, open } = filter.value
    return { scope, sector, late, level, dueSoon, stage, open, ...(today ? { [`${today}On`]: localDate(now.value, timeZone()) } : {}), post: filter.value.post ?? (posts.value.length === 1 ? posts.value[0] : undefined) }
  })

  async function loadOpen(mine: number): Promise<void> {
    const isNewest = asksOpen()
    const all = new Map<string, CaseSummary>()
    let more = false
    for (const post of posts.value.length > 0 ? posts.value : [filter.value.post]) {
      let cursor: string | undefined
      for (let page = 0; page < pages; page++) {
        const list = await client.get<CaseList>('/api/cases', { scope: filter.value.scope, post, open: true, limit: pageSize, cursor })
        for (const item of list.items) all.set(item.id, item)
        cursor = list.next
        if (!cursor) break
      }
      more ||= cursor !== undefined
    }
    if (mine !== run || !isNewest()) return
    open.value = [...all.values()]
    truncated.value = more
  }

  async function loadAsked(mine: number): Promise<void> {
    const isNewest = asksHost()
    const list = await client.get<CaseList>('/api/cases', { ...hostQuery.value, limit: 50 })
    if (mine !== run || !isNewest()) return
    const fresh = new Set(list.items.map((item) => item.id))
    const older = asked.value && asked.value.length > list.items.length ? asked.value.filter((item) => !fresh.has(item.id)) : []
    asked.value = [...list.items, ...older]
    if (older.length === 0) next.value = list.next
  }

  async function more(): Promise<void> {
    const mine = run
    try {
      const list = await client.get<CaseList>('/api/cases', { ...hostQuery.value, limit: 50, cursor: next.value })
      if (mine !== run) return
      const known = new Set(asked.value?.map((item) => item.id))
      asked.value = [...(asked.value ?? []), ...list.items.filter((item) => !known.has(item.id))]
      next.value = list.next
    } catch (error) {
      failure.value = error
    }
  }

  async function refresh(): Promise<void> {
    const mine = run
    try {
      await Promise.all([loadOpen(mine), byHost.value ? loadAsked(mine) : undefined])
      if (mine === run) failure.value = undefined
    } catch (error) {
      if (mine === run) failure.value = error
    }
  }

  watch([() => filter.value.scope, () => filter.value.post, () => posts.value.join()], () => {
    run++
    open.value = undefined
    asked.value = undefined
    void refresh()
  })
  watch([byHost, () => JSON.stringify(hostQuery.value)], () => {
    run++
    asked.value = undefined
    next.value = undefined
    if (byHost.value || open.value === undefined) void refresh()
  })

  const conditions = computed<CaseFilter>(() => ({ ...filter.value, stage: undefined, today: undefined }))
  const counted = computed(() => (open.value ?? []).filter((item) => matches(item, conditions.value, now.value, timeZone())))
  const counts = computed(() => {
    const result = Object.fromEntries([...openStages, 'open'].map((name) => [name, 0])) as Record<OpenStage | 'open', number>
    for (const item of counted.value) {
      result.open++
      if (item.stage in result) result[item.stage as OpenStage]++
    }
    return result
  })
  const items = computed(() => {
    if (byHost.value) return asked.value?.filter((item) => matches(item, { ...filter.value, scope: undefined }, now.value, timeZone()))
    if (!open.value) return undefined
    return counted.value.filter((item) => queue.value === 'open' || item.stage === queue.value).sort(byPressure)
  })

  return { items, counts, truncated, failure, refresh, more, hasMore: computed(() => byHost.value && next.value !== undefined) }
}
