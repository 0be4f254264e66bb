/** 128 random bits as hex. Not crypto.randomUUID, which a phone on a plain-http address of the town's network lacks. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Gives one submission one key: a retry of the same content keeps it, other content gets a new one. */
export class CommandKey {
  private last?: { content: string; key: string }

  constructor(private readonly create: () => string = newKey) {}

  for(content: unknown): string {
    const text = JSON.stringify(content ?? null)
    if (this.last?.content !== text) this.last = { content: text, key: this.create() }
    return this.last.key
  }

  /** After success: the same words sent once more on purpose are a new command. */
  done(): void {
    this.last = undefined
  }
}
