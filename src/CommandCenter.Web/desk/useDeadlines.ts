import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { Client } from '../api/client'
import type { Deadline } from '../api/types'

export interface Deadlines {
  clocks: ShallowRef<Deadline[] | undefined>
  failure: ShallowRef<unknown>
  /** When what is held was read, in milliseconds: working time goes on without an event. */
  readAt: ShallowRef<number>
  load: () => Promise<void>
}

/** The clocks of a case, read again whenever it changed and every minute while somebody looks. */
export function useDeadlines(client: Client, caseId: () => string, version: () => number | undefined): Deadlines {
  const clocks = shallowRef<Deadline[]>()
  const failure = shallowRef<unknown>()
  const readAt = shallowRef(0)
  let asked = 0

  async function load(): Promise<void> {
    const mine = ++asked
    try {
      const read = await client.get<{ clocks: Deadline[] }>(`/api/cases/${caseId()}/deadlines`)
      // Answers may overtake each other: only the last that was asked for is laid on the page.
      if (mine !== asked) return
      clocks.value = read.clocks
      readAt.value = Date.now()
      failure.value = undefined
    } catch (problem) {
      if (mine === asked) failure.value = problem
    }
  }

  watch(version, (now) => now !== undefined && void load(), { immediate: true })
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible' && version() !== undefined) void load()
  }, 60_000)
  onScopeDispose(() => clearInterval(timer))
  return { clocks, failure, readAt, load }
}
