import { shallowRef } from 'vue'
import type { Client } from '../api/client'
import type { CaseDetail, HistoryItem } from '../api/types'

/** The case that a form on the phone is about: read when the form opens, and again on demand. */
export function useCaseAtHand(client: Client, caseId: string, { history: wantsHistory = false, whenRead = () => {} }: { history?: boolean; whenRead?: () => void } = {}) {
  const detail = shallowRef<CaseDetail>()
  const history = shallowRef<HistoryItem[]>([])
  const failure = shallowRef<unknown>()

  async function load(): Promise<void> {
    try {
      detail.value = await client.get<CaseDetail>(`/api/cases/${caseId}`)
      if (wantsHistory) history.value = (await client.get<{ items: HistoryItem[] }>(`/api/cases/${caseId}/history`)).items
      failure.value = undefined
      whenRead()
    } catch (problem) {
      failure.value = problem
    }
  }
  void load()

  return { detail, history, failure, load }
}
