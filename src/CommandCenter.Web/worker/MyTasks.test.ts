import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, provide, shallowRef } from 'vue'
import { createClient } from '../api/client'
import { provideOrganization } from '../api/organization'
import { provideClient } from '../api/useClient'
import { createWords } from '../i18n'
import { drawerKey, type Drawer } from '../parts/kept'
import MyTasks from './MyTasks.vue'
import { carrierKey } from '../parts/sentCommands'
import { CommandOutbox } from './commandOutbox'
import { memoryStore, type Store } from './store'

const worker = { actor: 'grid-worker-01', role: 'grid_worker' as const }
const grid = '500153003001001'
const organization = { timeZone: 'Asia/Shanghai', areas: [{ code: grid, name: '第一网格', nameEn: 'Grid 1', level: 'grid' }], sectors: [], posts: [], people: [{ id: worker.actor, name: '网格员 01', nameEn: 'Grid worker 01', roles: [{ role: 'grid_worker', place: grid }] }], categories: [] }
const row = { id: 't1', version: 1, list: 'l1', listTitle: '冬季排查', item: 2, title: '燃气排查', matter: 'fire-hazard', target: grid, stage: 'assigned', dueAt: '2026-12-02T04:00:00.000000Z', late: false, round: 1, assignedAt: '2026-11-29T04:00:00.000000Z', updatedAt: '2026-11-29T04:00:00.000000Z', quantity: { unit: '户', expected: 20 }, number: 3 }
const issuer = { id: 'dispatcher-01', role: 'dispatcher', place: '500153003' }
const detail = { ...row, text: '逐户排查', evidence: { text: true }, photos: [], photosHidden: 0, attachments: [], attachmentsHidden: 0, issuer, returns: 0, sentBacks: 0, past: [], history: [{ type: 'task_assigned', by: issuer, at: row.assignedAt, happenedAt: row.assignedAt, target: grid, dueAt: row.dueAt }], possible: ['claim', 'progress', 'complete', 'return'] }

interface Sent {
  url: string
  key: string
  version: string
  body: unknown
}

function openOutbox(store: Store) {
  const outbox = new CommandOutbox({ store, clientFor: (who) => createClient(() => who) })
  return { outbox, carrier: shallowRef(outbox.carrierFor(worker)) }
}

async function open({ answer = () => new Response('{"id":"t1","version":2,"position":"1:9"}'), lists = () => new Response(JSON.stringify({ items: [row] })), drawer = memoryStore() as Drawer, carrier }: { carrier?: ReturnType<typeof openOutbox>['carrier']; answer?: () => Response; lists?: () => Response; drawer?: Drawer } = {}) {
  const sent: Sent[] = []
  const asked: string[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (init.method === 'POST') {
      const headers = init.headers as Record<string, string>
      sent.push({ url, key: headers['Idempotency-Key'] ?? '', version: headers['If-Match'] ?? '', body: JSON.parse(String(init.body)) })
      return answer()
    }
    asked.push(url)
    if (url.startsWith('/api/organization')) return new Response(JSON.stringify(organization))
    return url.startsWith('/api/tasks/t1') ? new Response(JSON.stringify(detail)) : lists()
  })
  const Phone = defineComponent({
    components: { MyTasks },
    setup() {
      provide(drawerKey, shallowRef(drawer))
      if (carrier) provide(carrierKey, carrier)
      return { worker, directory: provideOrganization(provideClient(createClient(() => worker)), () => 'zh').directory }
    },
    template: '<MyTasks v-if="directory" :identity="worker" />',
  })
  const page = mount(Phone, { global: { plugins: [createWords('zh')] } })
  for (let n = 0; n < 4; n++) await flushPromises()
  return { page, sent, asked }
}

async function complete(page: Awaited<ReturnType<typeof open>>['page']) {
  await page.find('article .head').trigger('click')
  await flushPromises()
  await page.findAll('.actions .chip').find((chip) => chip.text() === '办结上报')?.trigger('click')
  await page.find('.actions textarea').setValue('全部排查完毕')
  await page.find('.actions input').setValue('20')
}

describe('My tasks', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('says of each what it is, how far it is and what is wanted', async () => {
    const { page, asked } = await open()
    expect(asked).toContain('/api/tasks?mine=true&sort=due&limit=100')
    expect(page.find('article').text()).toMatch(/燃气排查.*待签收.*冬季排查 · 第 2 项.*第一网格.*3\/20 户/)
    await page.find('article .head').trigger('click')
    await flushPromises()
    expect(page.find('.facts').text()).toContain('文字说明、数量（应完成 20 户）')
    expect(page.find('.past').text()).toContain('下派至 第一网格')
  })

  it('completes one with its version, and says so', async () => {
    const { page, sent } = await open()
    await complete(page)
    await page.find('.actions form').trigger('submit')
    await flushPromises()
    expect(sent).toMatchObject([{ url: '/api/tasks/t1/complete', version: '"1"', body: { outcome: '全部排查完毕', number: 20 } }])
    expect(page.find('.said').text()).toContain('已办结上报：燃气排查')
  })

  it('says why a command is refused and what is possible instead', async () => {
    const refusal = { type: '/problems/task.claimed_by_another', title: '', status: 409, code: 'task.claimed_by_another', message: { zh: '已由他人签收。', en: 'Somebody else has it.' }, possible: ['release'] }
    const { page } = await open({ answer: () => new Response(JSON.stringify(refusal), { status: 409 }) })
    await complete(page)
    await page.find('.actions form').trigger('submit')
    await flushPromises()
    expect(page.find('.failure').text()).toContain('已由他人签收。')
    expect(page.find('.failure').text()).toContain('现在可以：释放')
    expect((page.find('.actions textarea').element as HTMLTextAreaElement).value).toBe('全部排查完毕')
  })

  it('loses nothing without a signal, and sends the same command when it is tried again', async () => {
    let down = true
    const { page, sent } = await open({
      answer: () => {
        if (down) throw new TypeError('network')
        return new Response('{"id":"t1","version":3,"position":"1:9"}')
      },
    })
    await complete(page)
    await page.find('.actions form').trigger('submit')
    await flushPromises()
    expect(page.find('.failure').text()).toContain('网络不通')
    down = false
    await page.find('.actions form').trigger('submit')
    await flushPromises()
    expect(sent).toHaveLength(2)
    expect(sent[1]).toEqual(sent[0])
    expect(page.find('.said').exists()).toBe(true)
  })

  it('has what was typed before the page was closed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const drawer = memoryStore()
    const first = await open({ drawer })
    await complete(first.page)
    await vi.advanceTimersByTimeAsync(400)
    first.page.unmount()
    vi.useRealTimers()
    const { page } = await open({ drawer })
    await page.find('article .head').trigger('click')
    for (let n = 0; n < 3; n++) await flushPromises()
    expect(page.find('.actions .chip[aria-pressed=true]').text()).toBe('办结上报')
    expect((page.find('.actions textarea').element as HTMLTextAreaElement).value).toBe('全部排查完毕')
  })

  it('keeps what was sent without a signal through a restart of the phone, and then sends it once', async () => {
    const store = memoryStore()
    let down = true
    const answer = () => {
      if (down) throw new TypeError('network')
      return new Response('{"id":"t1","version":2,"position":"1:9"}')
    }
    const before = openOutbox(store)
    const first = await open({ answer, drawer: store as Drawer, carrier: before.carrier })
    await complete(first.page)
    await first.page.find('.actions form').trigger('submit')
    for (let n = 0; n < 6; n++) await flushPromises()
    expect(first.page.find('.actions .way').text()).toContain('等待信号')
    expect(first.page.find('.actions form').exists()).toBe(false)
    expect(first.page.find('.unsent').exists()).toBe(false)
    await first.page.find('article .head').trigger('click')
    // Closed, the task is not there to say so: then the list does.
    expect(first.page.find('.unsent').text()).toMatch(/等待信号.*办结上报.*燃气排查/s)
    first.page.unmount()
    before.outbox.stop()

    down = false
    const after = openOutbox(store)
    const second = await open({ answer, drawer: store as Drawer, carrier: after.carrier })
    await second.page.find('article .head').trigger('click')
    await flushPromises()
    await after.outbox.resume()
    for (let n = 0; n < 8; n++) await flushPromises()
    expect(first.sent).toHaveLength(1)
    expect(second.sent).toHaveLength(1)
    expect(second.sent[0]).toEqual(first.sent[0])
    expect(second.page.find('.said').text()).toContain('已办结上报：燃气排查')
    expect(second.page.find('.actions .way').exists()).toBe(false)
    expect(await store.list('commands/')).toEqual([])
  })

  it('gives what was refused back into the form', async () => {
    const refusal = { type: '/problems/task.claimed_by_another', title: '', status: 409, code: 'task.claimed_by_another', message: { zh: '已由他人签收。', en: 'Somebody else has it.' }, possible: ['release'] }
    const store = memoryStore()
    const { page } = await open({ answer: () => new Response(JSON.stringify(refusal), { status: 409 }), drawer: store as Drawer, carrier: openOutbox(store).carrier })
    await complete(page)
    await page.find('.actions form').trigger('submit')
    for (let n = 0; n < 8; n++) await flushPromises()
    expect(page.find('.failure').text()).toContain('已由他人签收。')
    expect((page.find('.actions textarea').element as HTMLTextAreaElement).value).toBe('全部排查完毕')
    expect((page.find('.actions input').element as HTMLInputElement).value).toBe('20')
    expect(await store.list('commands/')).toEqual([])
  })

  it('shows what was read last and says so when the list cannot be read', async () => {
    const empty = await open({ lists: () => new Response('{"items":[]}') })
    expect(empty.page.find('.empty').text()).toContain('没有待办任务')
    const failing = await open({
      lists: () => {
        throw new TypeError('network')
      },
    })
    expect(failing.page.find('.failure').text()).toContain('暂时连接不上指挥中心')
    expect(failing.page.find('.empty').exists()).toBe(false)
  })
})
