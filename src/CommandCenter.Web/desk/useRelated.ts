import { computed, shallowRef, watch, type ShallowRef } from 'vue'
import type { Client } from '../api/client'
import { ProblemError } from '../api/problem'
import type { CaseDetail, HistoryItem } from '../api/types'

/** Another case as this reader may see it; null where that is nothing. */
export type Related = ReadonlyMap<string, CaseDetail | null>

function idsOf(detail: CaseDetail, history: readonly HistoryItem[]): string[] {
  const { links, absorbed, mergedInto, children, parent } = detail.details
  const told = history.flatMap(({ data }) => [data.case, data.main]).filter((id): id is string => typeof id === 'string')
  return [...new Set([...links.map((link) => link.case), ...absorbed, ...children, ...told, ...(mergedInto ? [mergedInto] : []), ...(parent ? [parent] : [])])]
}

/** Looks up the cases that a case names, so that people read their numbers instead of ids. */
export function useRelated(client: Client, detail: ShallowRef<CaseDetail | undefined>, history: ShallowRef<HistoryItem[]>) {
  const related = shallowRef<Related>(new Map())
  const asked = new Set<string>()

  async function look(id: string): Promise<void> {
    asked.add(id)
    try {
      const other = await client.get<CaseDetail>(`/api/cases/${id}`)
      related.value = new Map(related.value).set(id, other)
    } catch (error) {
      // Not this reader's: then it stays nameless. Anything else may be better at the next look.
      if (error instanceof ProblemError && error.problem.status < 500) related.value = new Map(related.value).set(id, null)
      else asked.delete(id)
    }
  }

  watch([detail, history], ([value, items]) => {
    if (value) for (const id of idsOf(value, items)) if (!asked.has(id)) void look(id)
  })
  const names = computed(() => new Map([...related.value].flatMap(([id, other]): [string, string][] => (other?.number ? [[id, other.number]] : []))))
  return { related, names }
}
