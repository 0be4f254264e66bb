import { describe, expect, it } from 'vitest'
import type { Client } from '../api/client'
import { NetworkError } from '../api/problem'
import { useCommand } from './useCommand'

function harness(answers: (Error | object)[]) {
  const sent: { path: string; body: unknown; key: string; version?: number }[] = []
  const uploads: string[] = []
  const client = {
    post: async (path: string, body: unknown, options: { key: string; version?: number }) => {
      sent.push({ path, body, ...options })
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return answer
    },
    upload: async (_: Blob, key: string) => {
      uploads.push(key)
      return { photo: `sha256:${key}`, mediaType: 'image/jpeg', length: 1 }
    },
  } as unknown as Client
  return { sent, uploads, ...useCommand(client) }
}

describe('A command of a form', () => {
  it('keeps its key after a lost answer, even when the page meanwhile shows a newer version', async () => {
    const { sent, run, error } = harness([new NetworkError('lost'), { id: '1' }])
    expect(await run('1', 'return', 4, { reason: '不属本岗' })).toBeUndefined()
    expect(error.value).toBeInstanceOf(NetworkError)
    expect(await run('1', 'return', 6, { reason: '不属本岗' })).toEqual({ id: '1' })
    expect(error.value).toBeUndefined()
    expect(sent[1]?.key).toBe(sent[0]?.key)
    expect(sent.map((command) => command.version)).toEqual([4, 6])
  })

  it('with other words is another command', async () => {
    const { sent, run } = harness([new NetworkError('lost'), { id: '1' }])
    await run('1', 'return', 4, { reason: 'a' })
    await run('1', 'return', 4, { reason: 'b' })
    expect(sent[1]?.key).not.toBe(sent[0]?.key)
  })

  it('done twice on purpose is two commands', async () => {
    const { sent, run } = harness([{ id: '1' }, { id: '1' }])
    await run('1', 'claim', 4, {})
    await run('1', 'claim', 9, {})
    expect(sent[1]?.key).not.toBe(sent[0]?.key)
  })

  it('sends each photo once, however often it is tried', async () => {
    const { sent, uploads, run } = harness([new NetworkError('lost'), { id: '1' }])
    const photos = { photos: [{ id: 'a', blob: new Blob(['x']) }] }
    await run('1', 'complete', 4, { outcome: 'x' }, photos)
    await run('1', 'complete', 4, { outcome: 'x' }, photos)
    expect(uploads).toEqual(['photo-a'])
    expect(sent[1]).toMatchObject({ key: sent[0]?.key, body: { outcome: 'x', photos: ['sha256:photo-a'] } })
  })

  it('says of each photo whether it shows before or after', async () => {
    const { sent, uploads, run } = harness([{ id: '1' }])
    await run('1', 'progress', 4, { note: 'x' }, { before: [{ id: 'a', blob: new Blob(['x']) }], after: [{ id: 'b', blob: new Blob(['y']) }], photos: [] })
    expect(uploads).toEqual(['photo-a', 'photo-b'])
    expect(sent[0]?.body).toEqual({ note: 'x', before: ['sha256:photo-a'], after: ['sha256:photo-b'] })
  })

  it('is not sent twice by two quick clicks', async () => {
    const { sent, run } = harness([{ id: '1' }, { id: '1' }])
    await Promise.all([run('1', 'claim', 4, {}), run('1', 'claim', 4, {})])
    expect(sent).toHaveLength(1)
  })
})
