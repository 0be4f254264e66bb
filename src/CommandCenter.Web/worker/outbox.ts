import { shallowRef, type ShallowRef } from 'vue'
import type { Client, Identity } from '../api/client'
import { newKey } from '../api/commandKey'
import { mayRetry, ProblemError } from '../api/problem'
import { serverClock } from '../api/serverClock'
import type { CaseDetail, CommandReceipt, Problem } from '../api/types'
import { isForgotten, uploadFiles, type LocalUpload } from '../parts/useCommand'
import { plain, toRequest, toSolvedRequest, type Draft } from './draft'
import type { Store } from './store'

/** In the order in which they are sent: photos of the report first, then the proof, then what else there is. */
export const allFiles = (draft: Draft): LocalUpload[] => [...draft.photos, ...(draft.solved ? draft.proof : []), ...(draft.attachments ?? [])]

export type SubmissionState = 'sending' | 'waiting' | 'received' | 'refused'

/** A report on its way. Its key is made once, and kept with it until the host has answered. */
export interface Submission {
  key: string
  identity: Identity
  draft: Draft
  /** By the host's clock as far as it is known; missing once the host has refused it. */
  happenedAt?: string
  state: SubmissionState
  attempts: number
  references: Record<string, string>
  /** How often the host had forgotten what was uploaded, because the report stayed away too long. */
  round?: number
  nextAt?: number
  photo?: { index: number; share: number }
  receipt?: { id: string; number?: string }
  problem?: Problem
}

export interface Receipt {
  id: string
  number?: string
  text: string
  at: string
}

const first = 2_000
const longest = 60_000
/** So often what was uploaded is sent again before a person has to look. */
const mostRounds = 3

export const waitBefore = (attempt: number): number => Math.min(longest, first * 2 ** Math.max(0, attempt - 1))

/** An instant as the host wants it, with six digits. */
export const instant = (at: number): string => new Date(at).toISOString().replace('Z', '000Z')

export interface OutboxOptions {
  store: Store
  clientFor: (identity: Identity) => Client
  clock?: () => number
  /** The host's clock as far as it is known. */
  serverNow?: () => number
  key?: () => string
}

/** Holds what was submitted until it has arrived: at once, after a lost signal, or after a restart of the phone. */
export class Outbox {
  readonly entries: ShallowRef<Submission[]> = shallowRef([])
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>()
  private readonly busy = new Set<string>()
  private readonly clock: () => number
  private readonly serverNow: () => number
  private readonly key: () => string

  constructor(private readonly options: OutboxOptions) {
    this.clock = options.clock ?? (() => Date.now())
    this.serverNow = options.serverNow ?? (() => serverClock.at(this.clock()))
    this.key = options.key ?? newKey
  }

  /** Takes up what an earlier page left. */
  async resume(): Promise<void> {
    const kept = await this.options.store.list<Submission>('outbox/')
    this.entries.value = [...kept.filter((entry) => !this.find(entry.key)), ...this.entries.value]
    for (const entry of kept) if (entry.state === 'sending' || entry.state === 'waiting') void this.send(entry.key)
  }

  async submit(identity: Identity, draft: Draft): Promise<Submission> {
    const entry: Submission = { key: this.key(), identity: { ...identity }, draft: plain(draft), happenedAt: instant(this.serverNow()), state: 'sending', attempts: 0, references: {} }
    this.entries.value = [...this.entries.value, entry]
    await this.keep(entry)
    void this.send(entry.key)
    return entry
  }

  /** The signal is back, or a person is impatient. */
  hurry(): void {
    for (const entry of this.entries.value) if (entry.state === 'waiting') void this.send(entry.key)
  }

  async remove(key: string): Promise<void> {
    clearTimeout(this.timers.get(key))
    this.entries.value = this.entries.value.filter((entry) => entry.key !== key)
    await this.options.store.delete(`outbox/${key}`)
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer)
  }

  private find(key: string): Submission | undefined {
    return this.entries.value.find((entry) => entry.key === key)
  }

  private async send(key: string): Promise<void> {
    const entry = this.find(key)
    if (!entry || this.busy.has(key)) return
    this.busy.add(key)
    clearTimeout(this.timers.get(key))
    const client = this.options.clientFor(entry.identity)
    const attempts = entry.attempts + 1
    const known = new Map(Object.entries(entry.references))
    try {
      await this.change(key, { state: 'sending', attempts, nextAt: undefined })
      const references = await uploadFiles(client, allFiles(entry.draft), known, (index, share) => this.show(key, { photo: { index, share } }), entry.round)
      await this.change(key, { photo: undefined, references: Object.fromEntries(known) })
      const receipt = await this.deliver(client, entry, references)
      await this.remember(entry, { id: receipt.id })
      await this.change(key, { state: 'received', receipt: { id: receipt.id } })
      await this.number(client, entry, receipt.id)
    } catch (error) {
      const forgotten = isForgotten(error) && (entry.round ?? 0) < mostRounds
      if (error instanceof ProblemError && !mayRetry(error) && !forgotten) await this.change(key, { state: 'refused', photo: undefined, problem: error.problem })
      else {
        const wait = waitBefore(attempts)
        const kept = forgotten ? { references: {}, round: (entry.round ?? 0) + 1 } : { references: Object.fromEntries(known) }
        await this.change(key, { state: 'waiting', photo: undefined, ...kept, nextAt: this.clock() + wait })
        this.timers.set(
          key,
          setTimeout(() => void this.send(key), wait),
        )
      }
    } finally {
      this.busy.delete(key)
    }
  }

  private async deliver(client: Client, entry: Submission, references: string[]): Promise<CommandReceipt> {
    const { draft, key } = entry
    const photos = references.slice(0, draft.photos.length)
    const proof = references.slice(draft.photos.length, draft.photos.length + (draft.solved ? draft.proof.length : 0))
    const attachments = (draft.attachments ?? []).map(({ name }, index) => ({ file: references[photos.length + proof.length + index] ?? '', name }))
    const post = (happenedAt?: string) =>
      draft.solved
        ? client.post<CommandReceipt>('/api/cases/solved', toSolvedRequest(draft, photos, proof, happenedAt, attachments), { key })
        : client.post<CommandReceipt>('/api/cases', toRequest(draft, photos, happenedAt, attachments), { key })
    if (!entry.happenedAt) return post()
    try {
      return await post(entry.happenedAt)
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code !== 'time.out_of_range') throw error
      // Nobody typed this time. A refusal is not kept under its key, so the same key may carry the report without it.
      await this.change(entry.key, { happenedAt: undefined })
      return post()
    }
  }

  /** The number is a courtesy: the report has arrived whether or not it can be read at once. */
  private async number(client: Client, entry: Submission, id: string): Promise<void> {
    try {
      const { number } = await client.get<CaseDetail>(`/api/cases/${id}`)
      await this.remember(entry, { id, number })
      await this.change(entry.key, { receipt: { id, number } })
    } catch {
      // My reports will show it later.
    }
  }

  private async remember(entry: Submission, arrived: { id: string; number?: string }): Promise<void> {
    const name = receiptsOf(entry.identity.actor)
    const receipt: Receipt = { ...arrived, text: entry.draft.text.trim(), at: this.find(entry.key)?.happenedAt ?? instant(this.serverNow()) }
    const others = ((await this.options.store.get<Receipt[]>(name)) ?? []).filter((other) => other.id !== receipt.id)
    await this.options.store.set(name, [receipt, ...others].slice(0, 50))
  }

  private show(key: string, change: Partial<Submission>): void {
    this.entries.value = this.entries.value.map((entry) => (entry.key === key ? { ...entry, ...change } : entry))
  }

  private async change(key: string, change: Partial<Submission>): Promise<void> {
    this.show(key, change)
    const entry = this.find(key)
    if (entry) await this.keep(entry)
  }

  /** What has arrived needs no place on the phone any more. */
  private async keep(entry: Submission): Promise<void> {
    const name = `outbox/${entry.key}`
    if (entry.state === 'received') await this.options.store.delete(name)
    else await this.options.store.set(name, entry)
  }
}

export const receiptsOf = (actor: string): string => `receipts/${actor}`
