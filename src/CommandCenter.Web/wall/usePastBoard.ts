import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { Client } from '../api/client'
import type { Board } from '../api/types'

/** A slider that is drawn along asks for the moment where it rests, not for those on the way. */
const settled = 200
const retryAfter = 3_000

export interface PastBoard {
  /** The past moment that is asked for, in milliseconds; undefined is now. */
  asOf: Ref<number | undefined>
  /** The board of the moment last asked for that has come; kept while the next one is fetched. */
  board: ShallowRef<Board | undefined>
  state: Ref<'now' | 'fetching' | 'shown' | 'failed'>
}

/** The board of any past moment of a scope; what was not the last question is never shown. */
export function usePastBoard(client: Client, scope: Ref<string>): PastBoard {
  const asOf = ref<number>()
  const board = shallowRef<Board>()
  const state = ref<PastBoard['state']['value']>('now')
  let timer: ReturnType<typeof setTimeout> | undefined
  let run = 0

  async function fetchAt(at: number): Promise<void> {
    const mine = run
    try {
      const answer = await client.get<Board>('/api/board', { scope: scope.value, asOf: new Date(at).toISOString() })
      if (mine !== run) return
      board.value = answer
      state.value = 'shown'
    } catch {
      if (mine !== run) return
      state.value = 'failed'
      timer = setTimeout(() => void fetchAt(at), retryAfter)
    }
  }

  watch([asOf, scope], ([at], [before, scopeBefore]) => {
    clearTimeout(timer)
    run++
    if (scope.value !== scopeBefore || at === undefined) board.value = undefined
    if (at === undefined) {
      state.value = 'now'
      return
    }
    state.value = 'fetching'
    timer = setTimeout(() => void fetchAt(at), before === undefined ? 0 : settled)
  })
  onScopeDispose(() => {
    run++
    clearTimeout(timer)
  })
  return { asOf, board, state }
}
