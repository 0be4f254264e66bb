import { computed } from 'vue'
import type { Client, Identity } from '../api/client'
import type { CommandReceipt } from '../api/types'
import { plainOf } from '../parts/kept'
import type { CommandCarrier, NewCommand, SentCommand } from '../parts/sentCommands'
import { namedIn, withMember, type LocalUpload } from '../parts/useCommand'
import { Sender, type Parcel, type SenderOptions } from './sender'

/** A command on a task or a whistle on its way. */
export type CommandParcel = Parcel & SentCommand

/** The commands of this phone on tasks and whistles. */
export class CommandOutbox extends Sender<CommandParcel> {
  constructor(options: SenderOptions) {
    super(options, 'commands')
  }

  submit(identity: Identity, command: NewCommand): Promise<CommandParcel> {
    return this.take(identity, plainOf(command))
  }

  /** For the forms of one person: what somebody else gave on the same phone is none of theirs. */
  carrierFor(identity: Identity): CommandCarrier {
    return {
      entries: computed(() => this.entries.value.filter((entry) => entry.identity.actor === identity.actor)),
      submit: async (command) => void (await this.submit(identity, command)),
      hurry: () => this.hurry(),
      remove: (key) => this.remove(key),
    }
  }

  protected filesOf({ files }: CommandParcel): LocalUpload[] {
    return Object.values(files).flat()
  }

  protected post(client: Client, { path, body, files, key, version }: CommandParcel, references: readonly string[], happenedAt?: string): Promise<CommandReceipt> {
    // When it was given, unless somebody typed when it took place.
    let content: Record<string, unknown> = { ...(happenedAt ? { happenedAt } : {}), ...body }
    let from = 0
    for (const [member, list] of Object.entries(files)) {
      if (list.length > 0) content = withMember(content, member, namedIn(list, references.slice(from, from + list.length)))
      from += list.length
    }
    return client.post<CommandReceipt>(path, content, { key, version })
  }

  protected async arrived(_: CommandParcel, receipt: CommandReceipt): Promise<Partial<CommandParcel>> {
    return { receipt }
  }
}
