import { describe, expect, it } from 'vitest'
import type { Client } from '../api/client'
import { NetworkError, ProblemError } from '../api/problem'
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
      return { file: `sha256:${key}`, kind: 'image', mediaType: 'image/jpeg', length: 1, keptUntil: '' }
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
    expect(uploads).toEqual(['file-a'])
    expect(sent[1]).toMatchObject({ key: sent[0]?.key, body: { outcome: 'x', photos: ['sha256:file-a'] } })
  })

  it('says of each photo whether it shows before or after', async () => {
    const { sent, uploads, run } = harness([{ id: '1' }])
    await run('1', 'progress', 4, { note: 'x' }, { before: [{ id: 'a', blob: new Blob(['x']) }], after: [{ id: 'b', blob: new Blob(['y']) }], photos: [] })
    expect(uploads).toEqual(['file-a', 'file-b'])
    expect(sent[0]?.body).toEqual({ note: 'x', before: ['sha256:file-a'], after: ['sha256:file-b'] })
  })

  it('names attachments by what they are called, and tells how far it is', async () => {
    const { sent, run, progress } = harness([{ id: '1' }])
    const files = { photos: [{ id: 'a', blob: new Blob(['x']) }], attachments: [{ id: 'b', blob: new Blob(['y']), name: '合同.pdf' }] }
    const running = run('1', 'complete', 4, { outcome: 'x' }, files)
    expect(progress.value).toEqual({ index: 0, total: 2, share: 0 })
    await running
    expect(progress.value).toBeUndefined()
    expect(sent[0]?.body).toEqual({ outcome: 'x', photos: ['sha256:file-a'], attachments: [{ file: 'sha256:file-b', name: '合同.pdf' }] })
  })

  it('sends files again that the host kept no longer', async () => {
    const forgotten = new ProblemError({ type: '', title: '', status: 422, code: 'attachment.unknown', message: { zh: '请重新上传', en: 'upload again' } })
    const { sent, uploads, run } = harness([forgotten, { id: '1' }])
    const files = { attachments: [{ id: 'a', blob: new Blob(['x']), name: '合同.pdf' }] }
    expect(await run('1', 'complete', 4, { outcome: 'x' }, files)).toBeUndefined()
    expect(await run('1', 'complete', 4, { outcome: 'x' }, files)).toEqual({ id: '1' })
    expect(uploads).toEqual(['file-a', 'file-a-1'])
    expect(sent[1]?.key).not.toBe(sent[0]?.key)
  })

  it('is not sent twice by two quick clicks', async () => {
    const { sent, run } = harness([{ id: '1' }, { id: '1' }])
    await Promise.all([run('1', 'claim', 4, {}), run('1', 'claim', 4, {})])
    expect(sent).toHaveLength(1)
  })
})
