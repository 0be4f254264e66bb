import type { InjectionKey, Ref, ShallowRef } from 'vue'
import type { CommandReceipt, Problem } from '../api/types'
import type { Values } from './actions'
import type { LocalUpload } from './useCommand'

/** A command as a form hands it over, to be carried through a lost signal and a closed page. */
export interface NewCommand {
  /** What was acted on: the name under which the form keeps what is typed. */
  subject: string
  /** Of the action within the form. */
  name: string
  path: string
  body: object
  /** Photos and other files by the member of the body that names them. */
  files: Record<string, readonly LocalUpload[]>
  version?: number
  /** What was filled in, so that it comes back into the form when the host refuses it. */
  values: Values
  /** What it is, in the words of whoever gave it. */
  words: string
  /** What it is about, for whoever reads of it where that is not seen. */
  about: string
}

/** A command on its way. */
export interface SentCommand extends NewCommand {
  key: string
  state: 'sending' | 'waiting' | 'received' | 'refused'
  nextAt?: number
  receipt?: CommandReceipt
  problem?: Problem
}

/** Carries the commands of whoever holds the device; where none is provided, a form sends by itself and keeps its key only as long as the page is open. */
export interface CommandCarrier {
  entries: Ref<SentCommand[]>
  submit: (command: NewCommand) => Promise<void>
  hurry: () => void
  remove: (key: string) => Promise<void>
}

export const carrierKey: InjectionKey<ShallowRef<CommandCarrier | undefined>> = Symbol('carrier')
