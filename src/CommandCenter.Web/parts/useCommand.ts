import { ref, shallowRef } from 'vue'
import type { Client } from '../api/client'
import { CommandKey } from '../api/commandKey'
import type { CommandReceipt, Command } from '../api/types'

export interface LocalPhoto {
  id: string
  blob: Blob
}

/** Sends photos that are not yet at the host and answers with the references of all; what arrived once is not sent again. */
export async function uploadPhotos(client: Client, photos: readonly LocalPhoto[], known: Map<string, string>, progress?: (done: number, share: number) => void): Promise<string[]> {
  const references: string[] = []
  for (const [index, photo] of photos.entries()) {
    let reference = known.get(photo.id)
    if (!reference) {
      progress?.(index, 0)
      reference = (await client.upload(photo.blob, `photo-${photo.id}`, (share) => progress?.(index, share))).photo
      known.set(photo.id, reference)
    }
    references.push(reference)
  }
  return references
}

/** One form's request: while its content stays the same, every retry carries the same key. */
export function useRequest(client: Client) {
  const busy = ref(false)
  const error = shallowRef<unknown>()
  const key = new CommandKey()
  const uploaded = new Map<string, string>()

  /** @param version Of what is changed; none for what is new. */
  async function send<T = CommandReceipt>(path: string, version: number | undefined, body: object, photos: Record<string, readonly LocalPhoto[]> = {}): Promise<T | undefined> {
    if (busy.value) return undefined
    busy.value = true
    error.value = undefined
    try {
      const content: Record<string, unknown> = { ...body }
      for (const [member, list] of Object.entries(photos)) if (list.length > 0) content[member] = await uploadPhotos(client, list, uploaded)
      // Not the version: after a lost answer the page may show a newer one, and the retry is still the same command.
      const receipt = await client.post<T>(path, content, { key: key.for([path, content]), version })
      key.done()
      return receipt
    } catch (failure) {
      error.value = failure
      return undefined
    } finally {
      busy.value = false
    }
  }

  return { busy, error, send }
}

/** A command on a case. */
export function useCommand(client: Client) {
  const { busy, error, send } = useRequest(client)
  const run = (id: string, command: Command, version: number, body: object, photos: Record<string, readonly LocalPhoto[]> = {}) => send(`/api/cases/${id}/${command}`, version, body, photos)
  return { busy, error, run }
}
