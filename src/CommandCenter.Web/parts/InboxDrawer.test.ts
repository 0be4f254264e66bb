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
      '群机器人 · 未送达：chat answered 410.',
      '03/02 09:15 前未读将转下一人',
    ])
    vi.unstubAllGlobals()
  })
})
