import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Client, Identity } from '../api/client'
import { NetworkError, ProblemError } from '../api/problem'
import type { NewCommand } from '../parts/sentCommands'
import { CommandOutbox } from './commandOutbox'
import { memoryStore, type Store } from './store'

const worker: Identity = { actor: 'grid-worker-01', role: 'grid_worker' }
const photo = (id: string) => ({ id, blob: new Blob(['x'], { type: 'image/jpeg' }) })
const command = (change: Partial<NewCommand> = {}): NewCommand => ({ subject: 'task/t1', name: 'complete', path: '/api/tasks/t1/complete', body: { outcome: '排查完毕' }, files: {}, version: 3, values: { outcome: '排查完毕' }, words: '办结上报', about: '燃气排查', ...change })

describe('The outbox of commands on tasks and whistles', () => {
  let store: Store
  let posts: { key: string; version?: number; body: Record<string, unknown>; actor: string; path: string }[]
  let uploads: string[]
  let post: (attempt: number) => unknown
  let upload: (attempt: number) => unknown
  let keys = 0

  const clientFor = (identity: Identity): Client =>
    ({
      post: async (path: string, body: Record<string, unknown>, options: { key: string; version?: number }) => {
        posts.push({ ...options, body, actor: identity.actor, path })
        const result = post(posts.length)
        if (result instanceof Error) throw result
        return result
      },
      upload: async (blob: Blob, key: string) => {
        uploads.push(key)
        const result = upload(uploads.length)
        if (result instanceof Error) throw result
        return { file: `sha256:${key}`, mediaType: blob.type, length: blob.size }
      },
    }) as unknown as Client
  const open = () => new CommandOutbox({ store, clientFor, key: () => `key-${++keys}` })
  const settle = () => vi.advanceTimersByTimeAsync(10)
  const receipt = { id: 't1', version: 4, position: '1:9' }

  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-11-21T03:04:05.006Z') })
    store = memoryStore()
    posts = []
    uploads = []
    keys = 0
    post = () => receipt
    upload = () => undefined
  })
  afterEach(() => vi.useRealTimers())

  it('sends at once, with the version that was seen and the moment at which it was done', async () => {
    const outbox = open()
    await outbox.submit(worker, command())
    await settle()
    expect(posts).toEqual([{ key: 'key-1', version: 3, path: '/api/tasks/t1/complete', actor: 'grid-worker-01', body: { outcome: '排查完毕', happenedAt: '2026-11-21T03:04:05.006000Z' } }])
    expect(outbox.entries.value).toMatchObject([{ state: 'received', receipt }])
    expect(await store.list('commands/')).toEqual([])
  })

  it('waits longer and longer without a signal, with the same key and the same content', async () => {
    post = (attempt) => (attempt < 4 ? new NetworkError('down') : receipt)
    const outbox = open()
    await outbox.submit(worker, command())
    await settle()
    expect(outbox.entries.value[0]?.state).toBe('waiting')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(posts).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(4_000)
    await vi.advanceTimersByTimeAsync(8_000)
    expect(posts).toHaveLength(4)
    expect(outbox.entries.value[0]?.state).toBe('received')
    expect(new Set(posts.map((sent) => JSON.stringify(sent))).size).toBe(1)
  })

  it('is carried out once even when only the answer was lost and the phone was started again meanwhile', async () => {
    // The host keeps the first answer under its key, and counts what it carried out.
    const carriedOut = new Map<string, string>()
    let answers = false
    post = () => {
      const { key, body } = posts.at(-1)!
      carriedOut.set(key, JSON.stringify(body))
      return answers ? receipt : new NetworkError('lost')
    }
    const before = open()
    await before.submit(worker, command({ subject: 'whistle/w1/1', path: '/api/whistles/w1/calls/1/arrive', name: 'arrive', body: { point: { latitude: 29.3, longitude: 105.4, system: 'wgs84' } }, version: 5 }))
    await settle()
    before.stop()
    vi.setSystemTime(Date.parse('2026-11-21T05:00:00Z'))
    answers = true
    const after = open()
    await after.resume()
    await settle()
    expect(posts.map((sent) => [sent.key, sent.version])).toEqual([['key-1', 5], ['key-1', 5]])
    expect(posts[1]?.body).toEqual(posts[0]?.body)
    expect(posts[1]?.body.happenedAt).toBe('2026-11-21T03:04:05.006000Z')
    expect(carriedOut.size).toBe(1)
    expect(after.entries.value[0]?.state).toBe('received')
    expect(await store.list('commands/')).toEqual([])
  })

  it('tries at once when the signal is back', async () => {
    post = (attempt) => (attempt === 1 ? new NetworkError('down') : receipt)
    const outbox = open()
    await outbox.submit(worker, command())
    await settle()
    outbox.hurry()
    await settle()
    expect(outbox.entries.value[0]?.state).toBe('received')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(posts).toHaveLength(2)
  })

  it('does not send a photo twice that has arrived, and keeps the photos of each member apart', async () => {
    upload = (attempt) => (attempt === 2 ? new NetworkError('down') : undefined)
    const before = open()
    await before.submit(worker, command({ files: { photos: [photo('a')], proof: [photo('b')], none: [] } }))
    await settle()
    before.stop()
    const after = open()
    await after.resume()
    await settle()
    expect(uploads).toEqual(['file-a', 'file-b', 'file-b'])
    expect(posts).toHaveLength(1)
    expect(posts[0]?.body).toMatchObject({ photos: ['sha256:file-a'], proof: ['sha256:file-b'] })
    expect(posts[0]?.body).not.toHaveProperty('none')
  })

  it('does not retry a refusal but keeps what was filled in, for whoever gave it', async () => {
    post = () => new ProblemError({ type: '', title: '', status: 409, code: 'task.claimed_by_another', message: { zh: '已由他人签收', en: 'taken' } })
    const outbox = open()
    await outbox.submit(worker, command())
    await vi.advanceTimersByTimeAsync(120_000)
    expect(posts).toHaveLength(1)
    expect(outbox.carrierFor(worker).entries.value).toMatchObject([{ state: 'refused', problem: { code: 'task.claimed_by_another' }, values: { outcome: '排查完毕' } }])
    expect(outbox.carrierFor({ actor: 'grid-worker-02', role: 'grid_worker' }).entries.value).toEqual([])
    expect(await store.list('commands/')).toHaveLength(1)
    await outbox.remove('key-1')
    expect(await store.list('commands/')).toEqual([])
  })

  it('goes without its time when the host refuses that, under the same key', async () => {
    post = (attempt) => (attempt === 1 ? new ProblemError({ type: '', title: '', status: 422, code: 'time.out_of_range', field: 'happenedAt', message: { zh: '不能在将来', en: 'future' } }) : receipt)
    const outbox = open()
    await outbox.submit(worker, command())
    await settle()
    expect(outbox.entries.value[0]?.state).toBe('received')
    expect(posts.map((sent) => [sent.key, 'happenedAt' in sent.body])).toEqual([['key-1', true], ['key-1', false]])
  })

  it('stands apart from the reports of the same phone', async () => {
    await store.set('outbox/r1', { key: 'r1', state: 'waiting' })
    const outbox = open()
    await outbox.resume()
    expect(outbox.entries.value).toEqual([])
  })
})
