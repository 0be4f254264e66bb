import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Client, Identity } from '../api/client'
import { NetworkError, ProblemError } from '../api/problem'
import { ServerClock } from '../api/serverClock'
import { emptyDraft, sourcesOf, toRequest, whatIsMissing, type Draft } from './draft'
import { Outbox, receiptsOf, type Receipt } from './outbox'
import { instant, waitBefore } from './sender'
import { memoryStore, type Store } from './store'

const worker: Identity = { actor: 'grid-worker-01', role: 'grid_worker' }
const draft = (change: Partial<Draft> = {}): Draft => ({ ...emptyDraft('500153003001001'), text: ' 污水外溢 ', category: 'sewage', ...change })
const photo = (id: string) => ({ id, blob: new Blob(['x'], { type: 'image/jpeg' }) })

describe('The outbox', () => {
  let store: Store
  let posts: { key: string; body: unknown; actor: string; path: string }[]
  let uploads: string[]
  let post: (attempt: number) => unknown
  let upload: (attempt: number) => unknown
  let keys = 0

  const clientFor = (identity: Identity): Client =>
    ({
      post: async (path: string, body: unknown, options: { key: string }) => {
        posts.push({ key: options.key, body, actor: identity.actor, path })
        const result = post(posts.length)
        if (result instanceof Error) throw result
        return result
      },
      upload: async (blob: Blob, key: string) => {
        uploads.push(key)
        const result = upload(uploads.length)
        if (result instanceof Error) throw result
        return { file: `sha256:${key}`, kind: 'image', mediaType: blob.type, length: blob.size, keptUntil: '' }
      },
      get: async () => ({ id: 'c1', number: '20261121-0007' }),
    }) as unknown as Client
  const open = () => new Outbox({ store, clientFor, key: () => `key-${++keys}` })
  const settle = () => vi.advanceTimersByTimeAsync(10)

  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-11-21T03:04:05.006Z') })
    store = memoryStore()
    posts = []
    uploads = []
    keys = 0
    post = () => ({ id: 'c1', version: 1, position: '1:5', stage: 'reported' })
    upload = () => undefined
  })
  afterEach(() => vi.useRealTimers())

  it('sends at once and shows the number', async () => {
    const outbox = open()
    await outbox.submit(worker, draft())
    await settle()
    expect(outbox.entries.value[0]).toMatchObject({ state: 'received', receipt: { id: 'c1', number: '20261121-0007' } })
    expect(posts).toHaveLength(1)
    expect(posts[0]).toMatchObject({ actor: 'grid-worker-01', body: { text: '污水外溢', area: '500153003001001', happenedAt: '2026-11-21T03:04:05.006000Z' } })
    expect(await store.list('outbox/')).toEqual([])
    expect(await store.get<Receipt[]>(receiptsOf('grid-worker-01'))).toMatchObject([{ id: 'c1', number: '20261121-0007', text: '污水外溢' }])
  })

  it('waits longer and longer without a signal, with the same key and the same content', async () => {
    post = (attempt) => (attempt < 4 ? new NetworkError('down') : { id: 'c1' })
    const outbox = open()
    await outbox.submit(worker, draft())
    await settle()
    expect(outbox.entries.value[0]?.state).toBe('waiting')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(posts).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(4_000)
    expect(posts).toHaveLength(3)
    await vi.advanceTimersByTimeAsync(8_000)
    expect(posts).toHaveLength(4)
    expect(outbox.entries.value[0]?.state).toBe('received')
    expect(new Set(posts.map((sent) => sent.key)).size).toBe(1)
    expect(new Set(posts.map((sent) => JSON.stringify(sent.body))).size).toBe(1)
  })

  it('goes on after the page was closed, with the key from before', async () => {
    post = () => new NetworkError('down')
    const before = open()
    await before.submit(worker, draft())
    await settle()
    before.stop()
    post = () => ({ id: 'c1' })
    const after = open()
    await after.resume()
    await settle()
    expect(posts.map((sent) => sent.key)).toEqual(['key-1', 'key-1'])
    expect(after.entries.value[0]?.state).toBe('received')
  })

  it('tries at once when the signal is back', async () => {
    post = (attempt) => (attempt === 1 ? new NetworkError('down') : { id: 'c1' })
    const outbox = open()
    await outbox.submit(worker, draft())
    await settle()
    outbox.hurry()
    await settle()
    expect(outbox.entries.value[0]?.state).toBe('received')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(posts).toHaveLength(2)
  })

  it('does not send a photo twice that has arrived', async () => {
    upload = (attempt) => (attempt === 2 ? new NetworkError('down') : undefined)
    const outbox = open()
    await outbox.submit(worker, draft({ photos: [photo('a'), photo('b')] }))
    await settle()
    expect(outbox.entries.value[0]).toMatchObject({ state: 'waiting', references: { a: 'sha256:file-a' } })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(uploads).toEqual(['file-a', 'file-b', 'file-b'])
    expect(posts[0]?.body).toMatchObject({ photos: ['sha256:file-a', 'sha256:file-b'] })
  })

  it('carries what was solved on the spot through a lost signal and a closed page, photos of before and after apart', async () => {
    upload = (attempt) => (attempt === 2 ? new NetworkError('down') : undefined)
    const before = open()
    await before.submit(worker, draft({ solved: true, outcome: ' 当场清理完毕 ', photos: [photo('a')], proof: [photo('b')] }))
    await settle()
    before.stop()
    const after = open()
    await after.resume()
    await settle()
    expect(uploads).toEqual(['file-a', 'file-b', 'file-b'])
    expect(posts).toMatchObject([{ path: '/api/cases/solved', key: 'key-1', body: { report: { text: '污水外溢', photos: ['sha256:file-a'] }, outcome: '当场清理完毕', photos: ['sha256:file-b'], happenedAt: '2026-11-21T03:04:05.006000Z' } }])
    expect(posts[0]?.body).not.toHaveProperty('report.happenedAt')
    expect(after.entries.value[0]?.state).toBe('received')
  })

  it('sends attachments with their names, also of what was solved on the spot, once all are there', async () => {
    const attachments = [{ id: 'c', blob: new Blob(['%PDF']), name: '合同.pdf' }]
    upload = (attempt) => (attempt === 2 ? new NetworkError('down') : undefined)
    const outbox = open()
    await outbox.submit(worker, draft({ photos: [photo('a')], attachments }))
    await outbox.submit(worker, draft({ solved: true, outcome: '已清理', proof: [photo('b')], attachments }))
    await settle()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(posts).toHaveLength(2)
    expect(posts.find((sent) => sent.path === '/api/cases')?.body).toMatchObject({ photos: ['sha256:file-a'], attachments: [{ file: 'sha256:file-c', name: '合同.pdf' }] })
    expect(posts.find((sent) => sent.path === '/api/cases/solved')?.body).toMatchObject({ photos: ['sha256:file-b'], attachments: [{ file: 'sha256:file-c', name: '合同.pdf' }] })
    expect(posts.find((sent) => sent.path === '/api/cases/solved')?.body).not.toHaveProperty('report.attachments')
  })

  it('uploads again what the host kept no longer, and gives up only when that does not help', async () => {
    const forgotten = () => new ProblemError({ type: '', title: '', status: 422, code: 'photo.unknown', message: { zh: '照片尚未上传。', en: 'not uploaded' } })
    post = (attempt) => (attempt === 1 ? forgotten() : { id: 'c1' })
    const outbox = open()
    await outbox.submit(worker, draft({ photos: [photo('a')] }))
    await settle()
    expect(outbox.entries.value[0]).toMatchObject({ state: 'waiting', references: {}, round: 1 })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(uploads).toEqual(['file-a', 'file-a-1'])
    expect(outbox.entries.value[0]?.state).toBe('received')

    post = forgotten
    await outbox.submit(worker, draft({ photos: [photo('b')] }))
    await vi.advanceTimersByTimeAsync(120_000)
    expect(outbox.entries.value[1]).toMatchObject({ state: 'refused', problem: { code: 'photo.unknown' } })
  })

  it('does not retry a refusal but keeps the words', async () => {
    post = () => new ProblemError({ type: '', title: '', status: 422, code: 'place.outside_district', message: { zh: '区外', en: 'outside' } })
    const outbox = open()
    await outbox.submit(worker, draft())
    await vi.advanceTimersByTimeAsync(120_000)
    expect(posts).toHaveLength(1)
    expect(outbox.entries.value[0]).toMatchObject({ state: 'refused', problem: { code: 'place.outside_district' }, draft: { text: ' 污水外溢 ' } })
    expect(await store.list('outbox/')).toHaveLength(1)
  })

  describe('on a phone whose clock is wrong', () => {
    const refusal = () => new ProblemError({ type: '', title: '', status: 422, code: 'time.out_of_range', field: 'happenedAt', message: { zh: '不能在将来', en: 'in the future' } })
    const times = () => posts.map((sent) => (sent.body as { happenedAt?: string }).happenedAt)

    it('says when it happened by the clock of the host', async () => {
      const server = new ServerClock()
      server.learn('Sat, 21 Nov 2026 02:50:00 GMT', Date.now())
      const outbox = new Outbox({ store, clientFor, key: () => 'k', serverNow: () => server.at(Date.now()) })
      await outbox.submit(worker, draft())
      await settle()
      expect(times()).toEqual(['2026-11-21T02:50:00.000000Z'])
    })

    it('sends the report again without its time when the host refuses the time', async () => {
      post = (attempt) => (attempt === 1 ? refusal() : { id: 'c1' })
      const outbox = open()
      await outbox.submit(worker, draft())
      await settle()
      expect(outbox.entries.value[0]?.state).toBe('received')
      expect(times()).toEqual(['2026-11-21T03:04:05.006000Z', undefined])
      expect(new Set(posts.map((sent) => sent.key)).size).toBe(1)
    })

    it('does not take the time up again after a lost answer or a restart', async () => {
      post = (attempt) => (attempt === 1 ? refusal() : new NetworkError('down'))
      const before = open()
      await before.submit(worker, draft())
      await settle()
      before.stop()
      post = () => ({ id: 'c1' })
      const after = open()
      await after.resume()
      await settle()
      expect(times()).toEqual(['2026-11-21T03:04:05.006000Z', undefined, undefined])
      expect(after.entries.value[0]?.state).toBe('received')
    })

    it('tries without the time only once', async () => {
      post = refusal
      const outbox = open()
      await outbox.submit(worker, draft())
      await vi.advanceTimersByTimeAsync(120_000)
      expect(posts).toHaveLength(2)
      expect(outbox.entries.value[0]?.state).toBe('refused')
    })
  })

  it('never waits longer than a minute', () => {
    expect([1, 2, 3, 6, 50].map(waitBefore)).toEqual([2_000, 4_000, 8_000, 60_000, 60_000])
  })
})

describe('A draft', () => {
  it('says what is missing', () => {
    expect(whatIsMissing(emptyDraft())).toEqual(['text', 'category', 'place'])
    expect(whatIsMissing(draft({ area: '500153003001' }))).toEqual(['grid'])
    expect(whatIsMissing(draft({ area: '', point: { latitude: 29.3, longitude: 105.4 } }))).toEqual([])
  })

  it('that says "solved" wants what was done and a photo of it', () => {
    expect(whatIsMissing(draft({ solved: true }))).toEqual(['outcome', 'proof'])
    expect(whatIsMissing(draft({ solved: true, outcome: '已清理', proof: [photo('a')] }))).toEqual([])
  })

  it('names its source only where it is not simply the reporter, and a reference only where the source has one', () => {
    expect(toRequest(draft({ source: 'qr_code', reference: ' 17 ' }), [])).toMatchObject({ source: 'qr_code', reference: '17' })
    expect(toRequest(draft({ source: 'patrol', reference: '17' }), [])).not.toHaveProperty('reference')
    expect(toRequest(draft(), [])).not.toHaveProperty('source')
    expect(sourcesOf('resident')).toEqual([])
    expect(sourcesOf('dispatcher')).toContain('hotline')
    expect(sourcesOf('grid_worker')).not.toContain('device')
  })

  it('sends only what was filled in', () => {
    expect(toRequest(draft(), [], instant(0))).toEqual({ text: '污水外溢', category: 'sewage', urgency: 'normal', area: '500153003001001', happenedAt: '1970-01-01T00:00:00.000000Z' })
    expect(toRequest(draft({ phone: ' 13800000000 ', address: '12 号', point: { latitude: 29.3, longitude: 105.4, accuracyMetres: 12 } }), ['sha256:a'], instant(0))).toMatchObject({
      point: { latitude: 29.3, longitude: 105.4, accuracyMetres: 12, system: 'wgs84' },
      reporter: { phone: '13800000000' },
      address: '12 号',
      photos: ['sha256:a'],
    })
  })
})
