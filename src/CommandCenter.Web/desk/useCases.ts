import { computed, shallowRef, watch, type Ref } from 'vue'
import type { Client, Query } from '../api/client'
import { openStages, type Board, type CaseList, type CaseSummary, type OpenStage } from '../api/types'
import { localDate } from '../live/countdown'
import type { CaseFilter } from '../parts/deskLink'
import { byPressure, matches } from './filter'

export type Queue = OpenStage | 'open' | 'all'
export type Counts = Record<OpenStage | 'open', number>

const pageSize = 200

export interface CasesOptions {
  client: Client
  filter: Ref<CaseFilter>
  queue: Ref<Queue>
  /** A post handler's posts; empty for everybody else. */
  posts: Ref<string[]>
  board: Ref<Board | undefined>
  now: Ref<number>
  timeZone: () => string
}

/** Pages of one list, or of one list per post, each with its own cursor: null after the last page. */
interface Held {
  items: CaseSummary[]
  cursors: (string | null)[]
  pages: number
}

interface Asked {
  query: Query
  posts: (string | undefined)[]
}

const nothing: Held = { items: [], cursors: [], pages: 0 }
const goesOn = (held: Held): boolean => held.cursors.some((cursor) => cursor !== null)

export function useCases({ client, filter, queue, posts, board, now, timeZone }: CasesOptions) {
  const list = shallowRef<Held>()
  const counted = shallowRef<Held>()
  const failure = shallowRef<unknown>()
  /** Requests are numbered; an answer counts only if none of a newer request was shown before it. */
  let asked = 0
  let shown = 0

  const stage = computed(() => openStages.find((name) => name === queue.value))
  /** Work is listed by what is due; what also holds finished cases is listed newest first, as the host does. */
  const isWork = computed(() => queue.value !== 'all' && filter.value.today === undefined)
  const wantedPosts = computed(() => (filter.value.post ? [filter.value.post] : posts.value.length > 0 ? posts.value : [undefined]))
  const visible = computed<Asked>(() => {
    const { scope, sector, late, level, dueSoon, today } = filter.value
    return {
      query: {
        scope,
        sector,
        late,
        level,
        dueSoon,
        stage: stage.value ?? filter.value.stage,
        open: isWork.value && !stage.value ? true : filter.value.open,
        limit: pageSize,
        ...(isWork.value ? { sort: 'due' } : {}),
        ...(today ? { [`${today}On`]: localDate(now.value, timeZone()) } : {}),
      },
      posts: wantedPosts.value,
    }
  })
  /** The board counts by scope, sector and stage. Counts of anything narrower are taken from one page of open cases. */
  const isNarrow = computed(() => wantedPosts.value[0] !== undefined || Boolean(filter.value.late || filter.value.level || filter.value.dueSoon))
  const narrow = computed<Asked>(() => {
    const { scope, sector, late, level, dueSoon } = filter.value
    return { query: { scope, sector, late, level, dueSoon, open: true, limit: pageSize, sort: 'due' }, posts: wantedPosts.value }
  })

  async function nextPage({ query, posts }: Asked, held: Held): Promise<Held> {
    const lists = await Promise.all(
      posts.map((post, index) => {
        const cursor = held.cursors[index]
        return cursor === null ? undefined : client.get<CaseList>('/api/cases', { ...query, post, cursor })
      }),
    )
    const items = new Map(held.items.map((item) => [item.id, item]))
    for (const item of lists.flatMap((page) => page?.items ?? [])) items.set(item.id, item)
    return { items: [...items.values()], cursors: lists.map((page) => page?.next ?? null), pages: held.pages + 1 }
  }

  async function allPages(wanted: Asked, pages: number): Promise<Held> {
    let held = await nextPage(wanted, nothing)
    while (held.pages < pages && goesOn(held)) held = await nextPage(wanted, held)
    return held
  }

  async function request(work: () => Promise<() => void>): Promise<void> {
    const mine = ++asked
    try {
      const show = await work()
      if (mine < shown) return
      shown = mine
      show()
      failure.value = undefined
    } catch (error) {
      if (mine >= shown) failure.value = error
    }
  }

  const refresh = () =>
    request(async () => {
      const [fresh, other] = await Promise.all([allPages(visible.value, list.value?.pages ?? 1), isNarrow.value && !(isWork.value && queue.value === 'open') ? nextPage(narrow.value, nothing) : undefined])
      return () => {
        list.value = fresh
        counted.value = other ?? fresh
      }
    })

  const more = () =>
    request(async () => {
      const held = await nextPage(visible.value, list.value ?? nothing)
      return () => (list.value = held)
    })

  watch(
    () => JSON.stringify([queue.value, visible.value, narrow.value]),
    () => {
      // Whatever is still on its way answers another question.
      shown = asked + 1
      list.value = undefined
      counted.value = undefined
      void refresh()
    },
  )

  const counts = computed<Counts | undefined>(() => {
    const result = Object.fromEntries([...openStages, 'open'].map((name) => [name, 0])) as Counts
    if (isNarrow.value) {
      if (!counted.value) return undefined
      for (const item of counted.value.items.filter((one) => matches(one, { ...filter.value, stage: undefined, today: undefined, open: true }, now.value, timeZone()))) {
        result.open++
        if (item.stage in result) result[item.stage as OpenStage]++
      }
      return result
    }
    if (!board.value || board.value.scope !== filter.value.scope) return undefined
    for (const panel of board.value.sectors.filter(({ sector }) => !filter.value.sector || sector === filter.value.sector)) {
      result.open += panel.open
      for (const name of openStages) result[name] += panel.funnel[name]
    }
    return result
  })

  const items = computed(() => {
    const held = list.value?.items.filter((item) => matches(item, { ...filter.value, scope: undefined, stage: stage.value ?? filter.value.stage }, now.value, timeZone()))
    return isWork.value ? held?.sort(byPressure) : held
  })

  return {
    items,
    counts,
    /** There are more cases than the counts know of. */
    truncated: computed(() => isNarrow.value && counted.value !== undefined && goesOn(counted.value)),
    failure,
    refresh,
    more,
    hasMore: computed(() => list.value !== undefined && goesOn(list.value)),
  }
}
