import { beforeEach, describe, expect, it } from 'vitest'
import { NetworkError, ProblemError } from './problem'
import { largestPiece, sendFile, smallestPiece, type Line } from './resumable'

const kilobyte = 1024
const problem = (status: number, code: string) => new ProblemError({ type: '', title: '', status, code, message: { zh: '无', en: 'no' } })

/** A host that keeps what it is sent, over a line that fails as it is told. */
class Host implements Line {
  uploads = new Map<string, { length: number; name?: string; got: Uint8Array[] }>()
  calls: string[] = []
  pieces: number[] = []
  /** How many bytes of the next pieces come through before the line breaks; undefined: all. */
  breaks: (number | undefined)[] = []
  /** Whether the answer to a piece is lost. */
  silent: boolean[] = []
  down = 0
  gone = new Set<string>()

  private size = (url: string) => this.uploads.get(url)!.got.reduce((sum, piece) => sum + piece.length, 0)

  private check(call: string) {
    this.calls.push(call)
    if (this.down > 0) {
      this.down--
      throw new NetworkError('down')
    }
  }

  begin = async (length: number, name: string | undefined, key: string) => {
    this.check(`begin ${key}`)
    const url = `/api/uploads/${key}`
    if (!this.uploads.has(url)) this.uploads.set(url, { length, name, got: [] })
    return { url, offset: this.size(url) }
  }

  offset = async (url: string) => {
    this.check('offset')
    if (this.gone.has(url)) throw problem(410, 'upload.expired')
    return this.size(url)
  }

  send = async (url: string, offset: number, piece: Blob, progress: (sent: number) => void) => {
    this.check(`send ${offset}`)
    if (this.gone.has(url)) throw problem(404, 'upload.unknown')
    if (offset !== this.size(url)) throw problem(409, 'upload.wrong_offset')
    const cut = this.breaks.shift()
    const bytes = new Uint8Array(await piece.arrayBuffer())
    this.pieces.push(bytes.length)
    progress(bytes.length / 2)
    this.uploads.get(url)!.got.push(cut === undefined ? bytes : bytes.slice(0, cut))
    if (cut !== undefined || this.silent.shift()) throw new NetworkError('broken')
    return this.size(url)
  }

  receipt = async (url: string) => {
    this.check('receipt')
    const upload = this.uploads.get(url)!
    if (this.size(url) < upload.length) return undefined
    return { file: `sha256:${upload.length}`, kind: 'document' as const, mediaType: 'application/pdf', length: upload.length, keptUntil: '' }
  }

  /** Whether an upload is just these bytes. */
  holds(key: string, bytes: Uint8Array): boolean {
    return Buffer.concat(this.uploads.get(`/api/uploads/${key}`)!.got).equals(Buffer.from(bytes))
  }
}

describe('A file that is sent piece by piece', () => {
  let host: Host
  const bytes = Uint8Array.from({ length: 900 * kilobyte }, (_, i) => (i * 31 + (i >> 12)) & 255)
  const file = new Blob([bytes])
  beforeEach(() => (host = new Host()))

  it('arrives whole, and tells how far it is', async () => {
    const shares: number[] = []
    expect(await sendFile(host, file, 'k', { name: '合同.pdf', progress: (share) => shares.push(share) })).toMatchObject({ file: `sha256:${bytes.length}` })
    expect(host.holds('k', bytes)).toBe(true)
    expect(host.uploads.get('/api/uploads/k')?.name).toBe('合同.pdf')
    expect(shares[0]).toBe(0)
    expect(shares.at(-1)).toBe(1)
    expect([...shares].sort((a, b) => a - b)).toEqual(shares)
    expect(host.calls.filter((call) => call === 'offset')).toEqual([])
  })

  it('goes on after a broken line where the host says, not where the sender was', async () => {
    host.breaks = [100 * kilobyte, undefined, 0]
    await sendFile(host, file, 'k')
    expect(host.holds('k', bytes)).toBe(true)
    expect(host.calls[2]).toBe('offset')
    expect(host.calls[3]).toBe(`send ${100 * kilobyte}`)
  })

  it('sends nothing twice whose answer alone was lost', async () => {
    host.silent = [true, true]
    await sendFile(host, file, 'k')
    expect(host.holds('k', bytes)).toBe(true)
    expect(host.pieces.reduce((sum, piece) => sum + piece, 0)).toBe(bytes.length)
  })

  it('goes on after the page was closed, under the key from before', async () => {
    host.breaks = [50 * kilobyte, 0, 0, 0]
    await expect(sendFile(host, file, 'k')).rejects.toBeInstanceOf(NetworkError)
    host.calls = []
    await sendFile(host, file, 'k')
    expect(host.calls.slice(0, 2)).toEqual(['begin k', `send ${50 * kilobyte}`])
    expect(host.holds('k', bytes)).toBe(true)
  })

  it('asks only what became of it when all had arrived before', async () => {
    await sendFile(host, file, 'k')
    host.calls = []
    expect(await sendFile(host, file, 'k')).toMatchObject({ length: bytes.length })
    expect(host.calls).toEqual(['begin k', 'receipt'])
  })

  it('leaves it to others when to go on once the line brings nothing any more', async () => {
    host.breaks = [0, 0, 0, 0, 0]
    await expect(sendFile(host, file, 'k')).rejects.toBeInstanceOf(NetworkError)
    expect(host.calls.filter((call) => call.startsWith('send'))).toHaveLength(3)
    host.down = 1
    await expect(sendFile(host, file, 'other')).rejects.toBeInstanceOf(NetworkError)
  })

  it('takes smaller pieces on a slow line and larger ones on a quick one', async () => {
    let now = 0
    const slowly = () => (now += 10_000)
    await sendFile(host, file, 'slow', { clock: slowly })
    const steady = [...host.pieces]
    expect(new Set(steady.slice(0, -1))).toEqual(new Set([256 * kilobyte]))
    host.pieces = []
    await sendFile(host, file, 'slower', { clock: () => (now += 20_000) })
    expect(Math.min(...host.pieces.slice(0, -1))).toBe(smallestPiece)
    host.pieces = []
    await sendFile(host, new Blob([new Uint8Array(3 * largestPiece)]), 'quick', { clock: () => (now += 1) })
    expect(Math.max(...host.pieces)).toBe(largestPiece)
  }, 20_000)

  it('begins anew once what the host keeps no longer, and no more than once', async () => {
    host.gone.add('/api/uploads/k')
    await sendFile(host, file, 'k')
    expect(host.holds('k-anew', bytes)).toBe(true)
    host.gone.add('/api/uploads/m').add('/api/uploads/m-anew')
    await expect(sendFile(host, file, 'm')).rejects.toMatchObject({ problem: { code: 'upload.unknown' } })
  })

  it('says at once when the host does not want it', async () => {
    host.send = async () => {
      throw problem(415, 'file.type_unknown')
    }
    await expect(sendFile(host, file, 'k')).rejects.toMatchObject({ problem: { code: 'file.type_unknown' } })
  })
})
