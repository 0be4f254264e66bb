import { ref, shallowRef } from 'vue'
import type { Client } from '../api/client'
import { CommandKey } from '../api/commandKey'
import { ProblemError } from '../api/problem'
import type { CommandReceipt, Command } from '../api/types'
import type { LocalFile } from './files'

export interface LocalPhoto {
  id: string
  blob: Blob
}

/** A photo or a file beside the photos. */
export type LocalUpload = LocalPhoto | LocalFile

/**
 * Sends what is not yet at the host and answers with the references of all; what arrived once is not sent again, and what arrived in part goes on where it was.
 * @param round Raised when the host keeps no longer what it had: then all begins anew.
 */
export async function uploadFiles(client: Client, files: readonly LocalUpload[], known: Map<string, string>, progress?: (done: number, share: number) => void, round = 0): Promise<string[]> {
  const references: string[] = []
  for (const [index, file] of files.entries()) {
    let reference = known.get(file.id)
    if (!reference) {
      progress?.(index, 0)
      reference = (await client.upload(file.blob, `file-${file.id}${round > 0 ? `-${round}` : ''}`, (share) => progress?.(index, share), 'name' in file ? file.name : undefined)).file
      known.set(file.id, reference)
    }
    references.push(reference)
  }
  return references
}

/** Photos are named by their references, attachments by reference and name. */
export const namedIn = (files: readonly LocalUpload[], references: readonly string[]): unknown[] =>
  files.map((file, index) => ('name' in file ? { file: references[index], name: file.name } : references[index]))

/** A request with a member set, or one of a member: `lines.0.photos`. */
export function withMember(body: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const [first = '', ...rest] = path.split('.')
  if (rest.length === 0) return { ...body, [first]: value }
  const inner = body[first]
  if (!Array.isArray(inner)) return { ...body, [first]: withMember((inner ?? {}) as Record<string, unknown>, rest.join('.'), value) }
  return { ...body, [first]: inner.map((one: Record<string, unknown>, index) => (index === Number(rest[0]) ? withMember(one, rest.slice(1).join('.'), value) : one)) }
}

/** The host has what was uploaded no longer, because nobody named it in time: it is to be sent again. */
export const isForgotten = (error: unknown): boolean => error instanceof ProblemError && ['photo.unknown', 'attachment.unknown'].includes(error.problem.code)

/** One form's request: while its content stays the same, every retry carries the same key. */
export function useRequest(client: Client) {
  const busy = ref(false)
  const error = shallowRef<unknown>()
  const key = new CommandKey()
  const uploaded = new Map<string, string>()
  /** How far a request is that has files to bring. */
  const progress = shallowRef<{ index: number; total: number; share: number }>()
  let round = 0

  /** @param version Of what is changed; none for what is new. */
  async function send<T = CommandReceipt>(path: string, version: number | undefined, body: object, files: Record<string, readonly LocalUpload[]> = {}): Promise<T | undefined> {
    if (busy.value) return undefined
    busy.value = true
    error.value = undefined
    try {
      let content: Record<string, unknown> = { ...body }
      const total = Object.values(files).reduce((sum, list) => sum + list.length, 0)
      let before = 0
      for (const [member, list] of Object.entries(files)) {
        if (list.length > 0) content = withMember(content, member, namedIn(list, await uploadFiles(client, list, uploaded, (index, share) => (progress.value = { index: before + index, total, share }), round)))
        before += list.length
      }
      progress.value = undefined
      // Not the version: after a lost answer the page may show a newer one, and the retry is still the same command.
      const receipt = await client.post<T>(path, content, { key: key.for([path, content]), version })
      key.done()
      return receipt
    } catch (failure) {
      if (isForgotten(failure)) {
        uploaded.clear()
        round++
      }
      error.value = failure
      return undefined
    } finally {
      progress.value = undefined
      busy.value = false
    }
  }

  return { busy, error, progress, send }
}

/** A command on a case. */
export function useCommand(client: Client) {
  const { busy, error, progress, send } = useRequest(client)
  const run = (id: string, command: Command, version: number, body: object, files: Record<string, readonly LocalUpload[]> = {}) => send(`/api/cases/${id}/${command}`, version, body, files)
  return { busy, error, progress, run }
}
