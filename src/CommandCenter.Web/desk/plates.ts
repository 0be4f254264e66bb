import { encode } from 'uqr'
import type { SpotListItem } from '../api/types'

/** What a plate's picture holds: the page that opens on the phone of whoever scans it. */
export function plateLink(base: string, code: string): string {
  return `${base.trim().replace(/\/+$/, '')}/worker/?spot=${encodeURIComponent(code)}`
}

/** Whether an address may be printed: one that a phone can open. */
export function isAddress(base: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(base.trim()).protocol)
  } catch {
    return false
  }
}

export interface Picture {
  /** Modules along one side, the quiet border included. */
  size: number
  /** The dark modules as a path in units of one module. */
  path: string
}

/** A QR code that a scratched plate still gives away: a quarter of it may be lost. */
export function pictureOf(text: string): Picture {
  // Four modules of quiet around it, as the standard asks for.
  const { data, size } = encode(text, { ecc: 'Q', border: 4 })
  const runs: string[] = []
  data.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue
      const from = x
      while (row[x + 1]) x++
      runs.push(`M${from} ${y}h${x - from + 1}v1H${from}z`)
    }
  })
  return { size, path: runs.join('') }
}

/** The spots of each village, in the order in which the host lists them. */
export function byVillage(items: readonly SpotListItem[]): { village: string; items: SpotListItem[] }[] {
  const groups = new Map<string, SpotListItem[]>()
  for (const item of items) {
    const village = item.area.slice(0, 12)
    const held = groups.get(village)
    if (held) held.push(item)
    else groups.set(village, [item])
  }
  return [...groups].map(([village, list]) => ({ village, items: list }))
}
