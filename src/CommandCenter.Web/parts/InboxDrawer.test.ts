import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'
import { createClient } from '../api/client'
import { provideOrganization } from '../api/organization'
import { provideClient } from '../api/useClient'
import { createWords } from '../i18n'
import InboxDrawer from './InboxDrawer.vue'

const organization = { timeZone: 'Asia/Shanghai', areas: [], sectors: [], posts: [], people: [], categories: [] }

const Desk = defineComponent({
  components: { InboxDrawer },
  setup() {
    const { directory } = provideOrganization(provideClient(createClient(() => ({ actor: 'dispatcher-01' }))), () => 'zh')
    const open = ref(false)
    return { directory, open }
  },
  template: '<div><button class="opener" @click="open = true">x</button><InboxDrawer v-if="directory" v-model:open="open" :tick="0" /></div>',
})

describe('The notices', () => {
  it('take the focus when they open and give it back when they close', async () => {
    vi.stubGlobal('fetch', async (url: string) => new Response(JSON.stringify(url.startsWith('/api/inbox') ? { unread: 0, items: [] } : organization)))
    const page = mount(Desk, { attachTo: document.body, global: { plugins: [createWords('zh')] } })
    await flushPromises()
    const opener = page.find<HTMLButtonElement>('.opener')
    opener.element.focus()
    await opener.trigger('click')
    await flushPromises()
    const drawer = page.find('.drawer')
    expect(document.activeElement).toBe(drawer.element)
    await drawer.trigger('keydown.esc')
    await flushPromises()
    expect(page.find('.drawer').exists()).toBe(false)
    expect(document.activeElement).toBe(opener.element)
    page.unmount()
    vi.unstubAllGlobals()
  })

  it('say what is urgent, what came as a digest, from whom it was passed on and why, and what nobody took', async () => {
    const notice = {
      id: '1', kind: 'dispatched', subject: 'case:1', caseId: '1', number: '广顺2026-0007', role: 'sector_lead', reason: 'holder', sentAt: '2026-03-02T01:00:00.000000Z', noticed: 'urgent',
      readBy: '2026-03-02T01:15:00.000000Z',
      receipt: {
        standing: 'unread',
        from: { person: { id: 'post-handler-05', name: { zh: '岗位人员 05', en: 'Handler 05' } }, reason: 'undelivered', step: 'seat_above' },
        messages: [
          { channel: 'sms', count: 3, queuedAt: '2026-03-02T01:00:00.000000Z', deliveredAt: '2026-03-02T01:00:05.000000Z' },
          { channel: 'chat', count: 1, queuedAt: '2026-03-02T01:00:00.000000Z', failedAt: '2026-03-02T01:00:05.000000Z', failure: 'chat answered 410.' },
        ],
      },
    }
    vi.stubGlobal('fetch', async (url: string) => new Response(JSON.stringify(url.startsWith('/api/inbox') ? { unread: 1, items: [notice] } : organization)))
    const page = mount(Desk, { global: { plugins: [createWords('zh')] } })
    await flushPromises()
    await page.find('.opener').trigger('click')
    await flushPromises()
    expect(page.find('.count').text()).toBe('1 条未读')
    expect(page.find('.urgent').text()).toBe('紧急')
    expect(page.findAll('.traces li').map((line) => line.text())).toEqual([
      '由岗位人员 05转来（上一级 · 到时限未送达）',
      '短信，同批 3 条 · 03/02 09:00 送达',
      '群机器人 · 未送达：对方返回 410',
      '03/02 09:15 前未读将转下一人',
    ])
    page.unmount()
    vi.unstubAllGlobals()
  })

  type Row = { id: string; kind: string; readAt?: string; readBy?: string; clock?: string; noticed: string }
  const row = (id: string, rest: Partial<Row> = {}): Row => ({ id, kind: 'feedback', noticed: 'ordinary', ...rest })

  /** A server with an inbox of so many to a page. */
  function serve(rows: Row[], size = 2) {
    const asked: string[] = []
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      const read = /^\/api\/inbox\/(.+)\/read/.exec(url)
      if (init?.method === 'POST' && read) {
        asked.push(`read ${read[1]}`)
        rows.find((one) => one.id === read[1])!.readAt = '2026-03-02T02:00:00.000000Z'
        return new Response(JSON.stringify({ id: read[1], position: '1:9' }))
      }
      if (!url.startsWith('/api/inbox')) return new Response(JSON.stringify(organization))
      const query = new URL(url, 'http://x').searchParams
      const left = rows.filter((one) => query.get('unread') !== 'true' || !one.readAt)
      const from = Number(query.get('cursor') ?? 0)
      asked.push(`list ${from}`)
      const items = left.slice(from, from + size).map((one) => ({ subject: 'task:1', role: 'dispatcher', reason: 'holder', sentAt: '2026-03-02T01:00:00.000000Z', receipt: { standing: 'unread', messages: [] }, ...one }))
      return new Response(JSON.stringify({ unread: rows.filter((one) => !one.readAt).length, items, next: left.length > from + size ? String(from + size) : undefined }))
    })
    return asked
  }

  async function openedDesk() {
    const page = mount(Desk, { attachTo: document.body, global: { plugins: [createWords('zh')] } })
    await flushPromises()
    await page.find('.opener').trigger('click')
    await flushPromises()
    return page
  }

  it('show older ones on demand and keep showing them', async () => {
    serve([row('1'), row('2'), row('3'), row('4'), row('5')])
    const page = await openedDesk()
    expect(page.findAll('.notices > li')).toHaveLength(2)
    const older = () => page.findAll('button').find((button) => button.text() === '更早的通知')
    await older()!.trigger('click')
    await flushPromises()
    await older()!.trigger('click')
    await flushPromises()
    expect(page.findAll('.notices > li')).toHaveLength(5)
    expect(older()).toBeUndefined()
    window.dispatchEvent(new Event('online'))
    await flushPromises()
    expect(page.findAll('.notices > li')).toHaveLength(5)
    page.unmount()
    vi.unstubAllGlobals()
  })

  it('give the focus to the next when one was read and is gone from the list', async () => {
    serve([row('1'), row('2'), row('3')], 5)
    const page = await openedDesk()
    const marks = () => page.findAll<HTMLButtonElement>('.notices > li button').filter((button) => button.text() === '标为已读')
    marks()[1]!.element.focus()
    await marks()[1]!.trigger('click')
    await flushPromises()
    expect(page.findAll('.notices > li')).toHaveLength(2)
    expect(page.findAll('.notices > li')[1]!.element.contains(document.activeElement)).toBe(true)
    for (let left = 2; left > 0; left--) {
      marks()[left - 1]!.element.focus()
      await marks()[left - 1]!.trigger('click')
      await flushPromises()
    }
    expect(document.activeElement).toBe(page.find('.drawer').element)
    expect(page.find('.empty').text()).toBe('没有未读通知')
    page.unmount()
    vi.unstubAllGlobals()
  })

  it('are asked for at once when the connection or the page comes back, and say what is new', async () => {
    const rows = [row('1')]
    const asked = serve(rows)
    const page = await openedDesk()
    expect(page.find('[role=status]').text()).toBe('')
    rows.unshift(row('2'))
    asked.length = 0
    window.dispatchEvent(new Event('online'))
    await flushPromises()
    expect(page.find('[role=status]').text()).toBe('收到新通知，共 2 条未读')
    document.dispatchEvent(new Event('visibilitychange'))
    await flushPromises()
    expect(asked).toEqual(['list 0', 'list 0'])
    page.unmount()
    window.dispatchEvent(new Event('online'))
    await flushPromises()
    expect(asked).toHaveLength(2)
    vi.unstubAllGlobals()
  })

  it('mark together only those that ask for nothing', async () => {
    const asked = serve([row('1'), row('2', { readBy: '2026-03-02T05:00:00.000000Z' }), row('3', { clock: 'handle', kind: 'warning' }), row('4', { noticed: 'urgent' }), row('5')], 10)
    const page = await openedDesk()
    await page.findAll('button').find((button) => button.text() === '将本页 2 条无需办理的标为已读')!.trigger('click')
    await flushPromises()
    expect(asked.filter((one) => one.startsWith('read'))).toEqual(['read 1', 'read 5'])
    expect(page.findAll('.notices > li')).toHaveLength(3)
    page.unmount()
    vi.unstubAllGlobals()
  })
})
