import { shallowRef, type ShallowRef } from 'vue'
import type { Client, Identity } from '../api/client'
import { newKey } from '../api/commandKey'
import { mayRetry, ProblemError } from '../api/problem'
import { serverClock } from '../api/serverClock'
import type { CommandReceipt, Problem } from '../api/types'
import { isForgotten, uploadFiles, type LocalUpload } from '../parts/useCommand'
import type { Store } from './store'

export type ParcelState = 'sending' | 'waiting' | 'received' | 'refused'

/** Something on its way to the host. Its key is made once, and kept with it until the host has answered. */
export interface Parcel {
  key: string
  identity: Identity
  /** By the host's clock as far as it is known; missing once the host has refused it. */
  happenedAt?: string
  state: ParcelState
  attempts: number
  references: Record<string, string>
  /** How often the host had forgotten what was uploaded, because it stayed away too long. */
  round?: number
  nextAt?: number
  photo?: { index: number; share: number }
  problem?: Problem
}

const first = 2_000
const longest = 60_000
/** So often what was uploaded is sent again before a person has to look. */
const mostRounds = 3

export const waitBefore = (attempt: number): number => Math.min(longest, first * 2 ** Math.max(0, attempt - 1))

/** An instant as the host wants it, with six digits. */
export const instant = (at: number): string => new Date(at).toISOString().replace('Z', '000Z')

export interface SenderOptions {
  store: Store
  clientFor: (identity: Identity) => Client
  clock?: () => number
  /** The host's clock as far as it is known. */
  serverNow?: () => number
  key?: () => string
}

/** Holds what was submitted until it has arrived: at once, after a lost signal, or after a restart of the phone. */
export abstract class Sender<P extends Parcel> {
  readonly entries: ShallowRef<P[]> = shallowRef([])
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>()
  private readonly busy = new Set<string>()
  private readonly clock: () => number
  private readonly key: () => string
  protected readonly store: Store
  protected readonly serverNow: () => number

  /** @param drawer Where on the device its parcels are kept. */
  constructor(
    private readonly options: SenderOptions,
    private readonly drawer: string,
  ) {
    this.store = options.store
    this.clock = options.clock ?? (() => Date.now())
    this.serverNow = options.serverNow ?? (() => serverClock.at(this.clock()))
    this.key = options.key ?? newKey
  }

  /** In the order in which they are sent. */
  protected abstract filesOf(parcel: P): readonly LocalUpload[]
  protected abstract post(client: Client, parcel: P, references: readonly string[], happenedAt?: string): Promise<CommandReceipt>
  /** What the parcel keeps of the answer, and what the device does before it forgets the parcel. */
  protected abstract arrived(parcel: P, receipt: CommandReceipt): Promise<Partial<P>>
  /** What is a courtesy, once it has arrived. */
  protected async after(_client: Client, _parcel: P, _receipt: CommandReceipt): Promise<void> {}

  /** Takes up what an earlier page left. */
  async resume(): Promise<void> {
    const kept = await this.store.list<P>(`${this.drawer}/`)
    this.entries.value = [...kept.filter((entry) => !this.find(entry.key)), ...this.entries.value]
    for (const entry of kept) if (entry.state === 'sending' || entry.state === 'waiting') void this.send(entry.key)
  }

  /** The signal is back, or a person is impatient. */
  hurry(): void {
    for (const entry of this.entries.value) if (entry.state === 'waiting') void this.send(entry.key)
  }

  async remove(key: string): Promise<void> {
    clearTimeout(this.timers.get(key))
    this.entries.value = this.entries.value.filter((entry) => entry.key !== key)
    await this.store.delete(`${this.drawer}/${key}`)
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer)
  }

  /** Kept before it is sent, so that from here on nothing loses it. */
  protected async take(identity: Identity, content: Omit<P, keyof Parcel>): Promise<P> {
    const parcel: Parcel = { key: this.key(), identity: { ...identity }, happenedAt: instant(this.serverNow()), state: 'sending', attempts: 0, references: {} }
    const entry = { ...content, ...parcel } as P
    this.entries.value = [...this.entries.value, entry]
    await this.keep(entry)
    void this.send(entry.key)
    return entry
  }

  protected find(key: string): P | undefined {
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
      const references = await uploadFiles(client, this.filesOf(entry), known, (index, share) => this.show(key, { photo: { index, share } }), entry.round)
      await this.change(key, { photo: undefined, references: Object.fromEntries(known) })
      const receipt = await this.deliver(client, entry, references)
      await this.change(key, { ...(await this.arrived(entry, receipt)), state: 'received' })
      await this.after(client, entry, receipt)
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

  private async deliver(client: Client, entry: P, references: readonly string[]): Promise<CommandReceipt> {
    if (!entry.happenedAt) return this.post(client, entry, references)
    try {
      return await this.post(client, entry, references, entry.happenedAt)
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code !== 'time.out_of_range') throw error
      // Nobody typed this time. A refusal is not kept under its key, so the same key may carry the content without it.
      await this.change(entry.key, { happenedAt: undefined })
      return this.post(client, entry, references)
    }
  }

  private show(key: string, change: Partial<Parcel> | Partial<P>): void {
    this.entries.value = this.entries.value.map((entry) => (entry.key === key ? { ...entry, ...change } : entry))
  }

  protected async change(key: string, change: Partial<Parcel> | Partial<P>): Promise<void> {
    this.show(key, change)
    const entry = this.find(key)
    if (entry) await this.keep(entry)
  }

  /** What has arrived needs no place on the phone any more. */
  private async keep(entry: P): Promise<void> {
    const name = `${this.drawer}/${entry.key}`
    if (entry.state === 'received') await this.store.delete(name)
    else await this.store.set(name, entry)
  }
}
