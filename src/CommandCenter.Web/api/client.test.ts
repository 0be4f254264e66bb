import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient } from './client'
import { CommandKey, newKey } from './commandKey'
import { NetworkError, ProblemError } from './problem'
import { ServerClock } from './serverClock'

const answer = (body: unknown, status = 200, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { status, headers })

describe('The client', () => {
  const calls: { url: string; headers: Record<string, string>; body: unknown }[] = []
  let reply: () => Response | Promise<Response>
  let now = 0

  beforeEach(() => {
    calls.length = 0
    now = 0
    reply = () => answer({})
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      calls.push({ url, headers: init.headers as Record<string, string>, body: init.body })
      return reply()
    })
  })
  afterEach(() => vi.unstubAllGlobals())
  const client = createClient(
    () => ({ actor: 'dispatcher-02', role: 'dispatcher' }),
    () => now,
  )

  it('says who asks', async () => {
    await client.get('/api/cases', { stage: 'filed', late: undefined, post: '' })
    expect(calls[0]?.url).toBe('/api/cases?stage=filed')
    expect(calls[0]?.headers).toMatchObject({ 'X-Actor': 'dispatcher-02', 'X-Role': 'dispatcher' })
  })

  it('lets a resident ask without a role', async () => {
    await createClient(() => ({ actor: 'resident', role: 'resident' })).get('/api/organization')
    expect(calls[0]?.headers).not.toHaveProperty('X-Role')
  })

  it('sends a command with its key and the version that was seen', async () => {
    await client.post('/api/cases/1/claim', {}, { key: 'k1', version: 5 })
    expect(calls[0]?.headers).toMatchObject({ 'Idempotency-Key': 'k1', 'If-Match': '"5"' })
  })

  it('reads its own writes for half a minute', async () => {
    reply = () => answer({}, 200, { 'X-Position': '1:77' })
    await client.post('/api/cases/1/claim', {}, { key: 'k1' })
    await client.get('/api/cases')
    await client.get('/api/organization')
    await client.get('/api/organization/borders')
    now = 31_000
    await client.get('/api/cases')
    expect(calls.map((call) => call.url)).toEqual(['/api/cases/1/claim', '/api/cases?minPosition=1%3A77', '/api/organization?minPosition=1%3A77', '/api/organization/borders', '/api/cases'])
  })

  it('learns the clock of the host from every answer, a refusal too', async () => {
    const server = new ServerClock()
    now = Date.parse('2026-11-21T04:10:00Z')
    const asked = createClient(() => ({ actor: 'resident' }), () => now, server)
    expect(server.at(now)).toBe(now)
    reply = () => answer({ code: 'x' }, 422, { Date: 'Sat, 21 Nov 2026 04:00:00 GMT' })
    await expect(asked.get('/api/organization')).rejects.toBeInstanceOf(ProblemError)
    expect(new Date(server.at(now)).toISOString()).toBe('2026-11-21T04:00:00.000Z')
    reply = () => answer({}, 200, { Date: 'Sat, 21 Nov 2026 04:09:59 GMT' })
    await asked.get('/api/organization')
    expect(server.at(now)).toBe(now)
    reply = () => answer({})
    await asked.get('/api/organization')
    expect(server.at(now)).toBe(now)
  })

  it('asks for nothing older than what the board has shown', async () => {
    const client = createClient(() => ({ actor: 'dispatcher-02', role: 'dispatcher' }), () => now)
    reply = () => answer({}, 200, { 'X-Position': '1:99' })
    await client.post('/api/cases/1/claim', {}, { key: 'k1' })
    client.seen('1:100')
    client.seen('1:9')
    await client.get('/api/inbox')
    client.seen('2:7')
    await client.get('/api/inbox')
    expect(calls.slice(1).map((call) => call.url)).toEqual(['/api/inbox?minPosition=1%3A100', '/api/inbox?minPosition=2%3A7'])
  })

  it('tells a refusal from a dead line', async () => {
    reply = () => answer({ code: 'case.closed', message: { zh: '案件已结案。', en: 'The case is closed.' }, status: 409 }, 409)
    await expect(client.get('/api/cases/1')).rejects.toBeInstanceOf(ProblemError)
    reply = () => Promise.reject(new TypeError('failed to fetch'))
    await expect(client.get('/api/cases/1')).rejects.toBeInstanceOf(NetworkError)
    reply = () => new Response('<html>', { status: 502 })
    await expect(client.get('/api/cases/1')).rejects.toBeInstanceOf(NetworkError)
  })
})

describe('A command key', () => {
  it('is kept for a retry of the same content and new for other content', () => {
    let n = 0
    const key = new CommandKey(() => `key-${++n}`)
    expect(key.for({ note: 'a' })).toBe('key-1')
    expect(key.for({ note: 'a' })).toBe('key-1')
    expect(key.for({ note: 'b' })).toBe('key-2')
    key.done()
    expect(key.for({ note: 'b' })).toBe('key-3')
  })

  it('is printable ASCII and does not repeat', () => {
    const keys = new Set(Array.from({ length: 1000 }, () => newKey()))
    expect(keys.size).toBe(1000)
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/)
  })
})
