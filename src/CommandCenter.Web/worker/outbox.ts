import type { Client, Identity } from '../api/client'
import type { CaseDetail, CommandReceipt } from '../api/types'
import type { LocalUpload } from '../parts/useCommand'
import { plain, toRequest, toSolvedRequest, wordsOf, type Draft } from './draft'
import { instant, Sender, type Parcel, type SenderOptions } from './sender'

/** In the order in which they are sent: photos of the report first, then the proof, then what else there is. */
export const allFiles = (draft: Draft): LocalUpload[] => [...draft.photos, ...(draft.solved ? draft.proof : []), ...(draft.attachments ?? [])]

/** A report on its way. */
export interface Submission extends Parcel {
  draft: Draft
  /** Joined where the thing was reported before: then it goes on with that case. */
  receipt?: { id: string; number?: string; joined?: boolean }
}

export interface Receipt {
  id: string
  number?: string
  text: string
  at: string
}

/** The reports of this phone. */
export class Outbox extends Sender<Submission> {
  constructor(options: SenderOptions) {
    super(options, 'outbox')
  }

  submit(identity: Identity, draft: Draft): Promise<Submission> {
    return this.take(identity, { draft: plain(draft) })
  }

  protected filesOf({ draft }: Submission): LocalUpload[] {
    return allFiles(draft)
  }

  protected post(client: Client, { draft, key }: Submission, references: readonly string[], happenedAt?: string): Promise<CommandReceipt> {
    const photos = references.slice(0, draft.photos.length)
    const proof = references.slice(draft.photos.length, draft.photos.length + (draft.solved ? draft.proof.length : 0))
    const attachments = (draft.attachments ?? []).map(({ name }, index) => ({ file: references[photos.length + proof.length + index] ?? '', name }))
    return draft.solved
      ? client.post<CommandReceipt>('/api/cases/solved', toSolvedRequest(draft, photos, proof, happenedAt, attachments), { key })
      : client.post<CommandReceipt>('/api/cases', toRequest(draft, photos, happenedAt, attachments), { key })
  }

  protected async arrived(entry: Submission, { id }: CommandReceipt): Promise<Partial<Submission>> {
    await this.remember(entry, { id })
    return { receipt: { id } }
  }

  /** The number is a courtesy: the report has arrived whether or not it can be read at once. */
  protected override async after(client: Client, entry: Submission, { id }: CommandReceipt): Promise<void> {
    try {
      const { number, stage } = await client.get<CaseDetail>(`/api/cases/${id}`)
      await this.remember(entry, { id, number })
      await this.change(entry.key, { receipt: { id, number, ...(stage === 'merged' ? { joined: true } : {}) } })
    } catch {
      // My reports will show it later.
    }
  }

  private async remember(entry: Submission, arrived: { id: string; number?: string }): Promise<void> {
    const name = receiptsOf(entry.identity.actor)
    const receipt: Receipt = { ...arrived, text: wordsOf(entry.draft), at: this.find(entry.key)?.happenedAt ?? instant(this.serverNow()) }
    const others = ((await this.store.get<Receipt[]>(name)) ?? []).filter((other) => other.id !== receipt.id)
    await this.store.set(name, [receipt, ...others].slice(0, 50))
  }
}

export const receiptsOf = (actor: string): string => `receipts/${actor}`
