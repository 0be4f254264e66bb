import { computed, shallowRef, watch, type Ref } from 'vue'
import type { Client, Query } from '../api/client'
import { inOrder as newestOnly } from '../api/inOrder'
import { beforeFiling, funnelStages, openStages, type Board, type CaseList, type CaseSummary, type OpenStage } from '../api/types'
import { localDate } from '../live/countdown'
import type { CaseFilter } from '../parts/deskLink'
import { byPressure, matches, type Queue } from './filter'

export type Counts = Record<OpenStage | 'open', number> & { unit?: number; incoming?: number }

const pageSize = 200

export interface CasesOptions {
  client: Client
  filter: Ref<CaseFilter>
  queue: Ref<Queue>
  /** The units of whoever sits here; empty for somebody to whom no work is sent. */
  units: Ref<string[]>
  /** Whether nothing but the work of those units is listed: so for post handlers. */
  onlyUnits: Ref<boolean>
  /** The town that others ask to take cases, for whoever answers for it. */
  town: Ref<string | undefined>
  board: Ref<Board | undefined>
  now: Ref<number>
  timeZone: () => string
}

/** Pages of one list, or of one list per unit, each with its own cursor: null after the last page. */
interface Held {
  items: CaseSummary[]
  cursors: (string | null)[]
  pages: number
}

interface Asked {
  query: Query
  units: (string | undefined)[]
}

const nothing: Held = { items: [], cursors: [], pages: 0 }
const goesOn = (held: Held): boolean => held.cursors.some((cursor) => cursor !== null)

export function useCases({ client, filter, queue, units, onlyUnits, town, board, now, timeZone }: CasesOptions) {
  const list = shallowRef<Held>()
  const counted = shallowRef<Held>()
  const countedEarly = shallowRef<Held>()
  const countedOurs = shallowRef<Held>()
  const countedIncoming = shallowRef<Held>()
  const failure = shallowRef<unknown>()
  /** Requests are numbered; an answer counts only if none of a newer request was shown before it. */
  const inOrder = newestOnly()
  let asked = 0
  let shown = 0

  const stage = computed(() => openStages.find((name) => name === queue.value))
  /** Work is listed by what is due; what also holds finished cases is listed newest first, as the host does. */
  const isWork = computed(() => queue.value !== 'all' && filter.value.today === undefined)
  const wantedUnits = computed(() => (filter.value.unit ? [filter.value.unit] : (onlyUnits.value || queue.value === 'unit') && units.value.length > 0 ? units.value : [undefined]))
  const visible = computed<Asked>(() => {
    const { scope, words, sector, spot, late, level, dueSoon, urgency, standing, today } = filter.value
    return {
      query: {
        // What another town asks us to take lies there still.
        ...(queue.value === 'incoming' ? { transferTo: town.value } : { scope }),
        words,
        sector,
        spot,
        late,
        level,
        dueSoon,
        urgency,
        ...(standing ? { [standing]: true } : {}),
        stage: stage.value ?? filter.value.stages?.join(','),
        open: isWork.value && !stage.value ? true : filter.value.open,
        limit: pageSize,
        ...(isWork.value ? { sort: 'due' } : {}),
        ...(today ? { [`${today}On`]: localDate(now.value, timeZone()) } : {}),
      },
      units: wantedUnits.value,
    }
  })
  /** The board counts by scope, sector and stage. Counts of anything narrower are taken from one page of open cases. */
  const isNarrow = computed(() => onlyUnits.value || Boolean(filter.value.words || filter.value.unit || filter.value.spot || filter.value.late || filter.value.level || filter.value.dueSoon || filter.value.urgency || filter.value.standing))
  const narrow = computed<Asked>(() => {
    const { scope, words, sector, spot, late, level, dueSoon, urgency, standing } = filter.value
    return { query: { scope, words, sector, spot, late, level, dueSoon, urgency, ...(standing ? { [standing]: true } : {}), open: true, limit: pageSize, sort: 'due' }, units: filter.value.unit ? [filter.value.unit] : onlyUnits.value && units.value.length > 0 ? units.value : [undefined] }
  })
  /** What the board does not count by itself: the stages that its first figure sums up, and the own unit's work. */
  const apart = computed(() => !isNarrow.value && filter.value.scope !== undefined)
  const early = computed<Asked>(() => ({ query: { scope: filter.value.scope, sector: filter.value.sector, stage: beforeFiling.slice(1).join(','), limit: pageSize, sort: 'due' }, units: [undefined] }))
  const incoming = computed<Asked>(() => ({ query: { transferTo: town.value, limit: pageSize, sort: 'due' }, units: [undefined] }))
  const ours = computed<Asked>(() => ({ query: { scope: filter.value.scope, sector: filter.value.sector, open: true, limit: pageSize, sort: 'due' }, units: units.value }))

  async function nextPage({ query, units }: Asked, held: Held): Promise<Held> {
    const lists = await Promise.all(
      units.map((unit, index) => {
        const cursor = held.cursors[index]
        return cursor === null ? undefined : client.get<CaseList>('/api/cases', { ...query, unit, cursor })
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

  /** Beside the list, which does not wait for it. A count that could not be had stays as it was: the list says what is wrong. */
  async function countApart(): Promise<void> {
    const isNewest = inOrder()
    const [unfiled, unit, coming] = await Promise.allSettled([
      apart.value ? nextPage(early.value, nothing) : undefined,
      !onlyUnits.value && units.value.length > 0 ? nextPage(ours.value, nothing) : undefined,
      town.value ? nextPage(incoming.value, nothing) : undefined,
    ])
    if (!isNewest()) return
    if (coming.status === 'fulfilled') countedIncoming.value = coming.value
    if (unfiled.status === 'fulfilled') countedEarly.value = unfiled.value
    if (unit.status === 'fulfilled') countedOurs.value = unit.value
  }

  const refreshList = () =>
    request(async () => {
      const [fresh, other] = await Promise.all([allPages(visible.value, list.value?.pages ?? 1), isNarrow.value && !(isWork.value && queue.value === 'open') ? nextPage(narrow.value, nothing) : undefined])
      return () => {
        list.value = fresh
        counted.value = other ?? fresh
      }
    })

  const refresh = () => Promise.all([refreshList(), countApart()])

  const more = () =>
    request(async () => {
      const held = await nextPage(visible.value, list.value ?? nothing)
      return () => (list.value = held)
    })

  watch(
    () => JSON.stringify([queue.value, visible.value, narrow.value, units.value]),
    () => {
      // Whatever is still on its way answers another question.
      shown = asked + 1
      list.value = undefined
      counted.value = undefined
      countedEarly.value = undefined
      void refresh()
    },
  )

  const counts = computed<Counts | undefined>(() => {
    const result = Object.fromEntries([...openStages, 'open'].map((name) => [name, 0])) as Counts
    if (countedOurs.value) result.unit = countedOurs.value.items.length
    if (countedIncoming.value) result.incoming = countedIncoming.value.items.length
    if (isNarrow.value) {
      if (!counted.value) return undefined
      for (const item of counted.value.items.filter((one) => matches(one, { ...filter.value, stages: undefined, today: undefined, open: true }, now.value, timeZone()))) {
        result.open++
        if (item.stage in result) result[item.stage as OpenStage]++
      }
      return result
    }
    if (!board.value || board.value.scope !== filter.value.scope) return undefined
    for (const panel of board.value.sectors.filter(({ sector }) => !filter.value.sector || sector === filter.value.sector)) {
      result.open += panel.open
      for (const name of funnelStages) result[name] += panel.funnel[name]
    }
    for (const item of countedEarly.value?.items ?? []) {
      const name = item.stage as OpenStage
      if (!beforeFiling.some((stage) => stage === name) || name === 'reported') continue
      result[name]++
      result.reported = Math.max(0, result.reported - 1)
    }
    return result
  })

  const items = computed(() => {
    const held = list.value?.items.filter((item) => matches(item, { ...filter.value, scope: undefined, stages: stage.value ? [stage.value] : filter.value.stages }, now.value, timeZone()))
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
