import { NetworkError, ProblemError } from './problem'
import type { FileReceipt } from './types'

/** An upload under way, as the host knows it. */
export interface Begun {
  url: string
  offset: number
}

/** What of HTTP the protocol needs; each may fail with a NetworkError or a ProblemError. */
export interface Line {
  /** Begins an upload, or finds the one that was begun under the same key, with how far it is. */
  begin(length: number, name: string | undefined, key: string): Promise<Begun>
  offset(url: string): Promise<number>
  /** Sends a piece and answers with how far the upload is then. */
  send(url: string, offset: number, piece: Blob, progress: (sent: number) => void): Promise<number>
  /** What the upload became; missing while it is not whole. */
  receipt(url: string): Promise<FileReceipt | undefined>
}

export const smallestPiece = 64 * 1024
export const largestPiece = 1024 * 1024
const firstPiece = 256 * 1024
/** A piece that took less may be larger the next time, one that took more is made smaller: what is lost with a line is a piece. */
const quick = 3_000
const slow = 15_000
/** So many broken lines without a byte between them, and somebody else decides when to go on. */
const patience = 3

export interface SendOptions {
  name?: string
  progress?: (share: number) => void
  clock?: () => number
}

const isGone = (error: unknown): boolean => error instanceof ProblemError && (error.problem.status === 404 || error.problem.status === 410) && error.problem.code.startsWith('upload.')

/**
 * Sends a file piece by piece (tus 1.0.0) and answers with what it became. Where to go on is always the host's word: after a broken line, after the page was closed, after
 * the host was killed. What the host keeps no longer is begun anew, once.
 */
export async function sendFile(line: Line, file: Blob, key: string, options: SendOptions = {}): Promise<FileReceipt> {
  try {
    return await sendOnce(line, file, key, options)
  } catch (error) {
    if (!isGone(error)) throw error
    return sendOnce(line, file, `${key}-anew`, options)
  }
}

async function sendOnce(line: Line, file: Blob, key: string, { name, progress, clock = () => Date.now() }: SendOptions): Promise<FileReceipt> {
  const { url, offset: begun } = await line.begin(file.size, name, key)
  let offset = begun
  let size = firstPiece
  let broken = 0
  const show = (sent: number) => progress?.(Math.min(1, (offset + sent) / file.size))
  show(0)
  while (offset < file.size) {
    const started = clock()
    try {
      const now = await line.send(url, offset, file.slice(offset, offset + size), show)
      if (now > offset) broken = 0
      offset = now
      const took = clock() - started
      if (took < quick) size = Math.min(largestPiece, size * 2)
      else if (took > slow) size = Math.max(smallestPiece, size / 2)
    } catch (error) {
      const isElsewhere = error instanceof ProblemError && error.problem.code === 'upload.wrong_offset'
      if (!(error instanceof NetworkError) && !isElsewhere) throw error
      size = Math.max(smallestPiece, size / 2)
      const before = offset
      offset = await line.offset(url)
      broken = offset > before ? 0 : broken + 1
      if (broken >= patience) throw error
    }
    show(0)
  }
  const receipt = await line.receipt(url)
  if (!receipt) throw new NetworkError('upload')
  return receipt
}
