import type { MediaKind } from '../api/types'

/** A file beside the photos, as it lies on the device. */
export interface LocalFile {
  id: string
  blob: Blob
  name: string
}

/** How many one command takes. */
export const mostFiles = 9

const mebibyte = 1024 * 1024
/** By extension what the host takes, and at most how much of it; the host looks at the content and has the last word. */
const taken: Record<string, { kind: MediaKind; longest: number }> = {
  jpg: { kind: 'image', longest: 10 * mebibyte },
  jpeg: { kind: 'image', longest: 10 * mebibyte },
  png: { kind: 'image', longest: 10 * mebibyte },
  webp: { kind: 'image', longest: 10 * mebibyte },
  pdf: { kind: 'document', longest: 30 * mebibyte },
  docx: { kind: 'document', longest: 30 * mebibyte },
  xlsx: { kind: 'sheet', longest: 30 * mebibyte },
  txt: { kind: 'text', longest: 5 * mebibyte },
  csv: { kind: 'text', longest: 5 * mebibyte },
  m4a: { kind: 'audio', longest: 50 * mebibyte },
  mp4: { kind: 'video', longest: 100 * mebibyte },
  m4v: { kind: 'video', longest: 100 * mebibyte },
  '3gp': { kind: 'video', longest: 100 * mebibyte },
  mov: { kind: 'video', longest: 100 * mebibyte },
}

export const acceptedFiles = Object.keys(taken)
  .map((extension) => `.${extension}`)
  .join(',')

const extensionOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''

export const kindOf = (name: string): MediaKind | undefined => taken[extensionOf(name)]?.kind

export type FileFault = { reason: 'unknown' } | { reason: 'tooLarge'; longest: number } | { reason: 'empty' } | { reason: 'name' }

/** What is known to be wrong before anything is sent, so that nobody waits for a refusal on a weak signal. */
export function faultOf(file: { name: string; size: number }): FileFault | undefined {
  const type = taken[extensionOf(file.name)]
  if (!type) return { reason: 'unknown' }
  if (file.size === 0) return { reason: 'empty' }
  if (file.size > type.longest) return { reason: 'tooLarge', longest: type.longest }
  if (file.name.trim().length > 150) return { reason: 'name' }
  return undefined
}

/** A length as people read it: whole kilobytes, or megabytes with one digit. */
export function sizeOf(bytes: number): { n: string; unit: 'KB' | 'MB' } {
  return bytes < mebibyte ? { n: String(Math.max(1, Math.round(bytes / 1024))), unit: 'KB' } : { n: (bytes / mebibyte).toFixed(bytes < 10 * mebibyte ? 1 : 0), unit: 'MB' }
}
