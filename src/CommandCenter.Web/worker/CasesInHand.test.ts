import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { computed, defineComponent, provide, shallowRef } from 'vue'
import { createClient, type Identity } from '../api/client'
import { provideOrganization } from '../api/organization'
import { provideClient } from '../api/useClient'
import { createWords } from '../i18n'
import { carrierKey, type CommandCarrier } from '../parts/sentCommands'
import { drawerKey } from '../parts/kept'
import CasesInHand from './CasesInHand.vue'
import { CommandOutbox } from './commandOutbox'
import { memoryStore } from './store'

const handler: Identity = { actor: 'post-handler-05', role: 'post_handler' }
const organization = {
  timeZone: 'Asia/Shanghai',
  areas: [{ code: '500153003001', name: '檬梓桥社区', nameEn: 'Mengziqiao', level: 'village' }],
  sectors: [],
  posts: [{ code: 'ecology', town: '500153003', sector: 'economy', name: '生态环保岗', nameEn: 'Ecology' }],
  people: [{ id: 'post-handler-05', name: '岗位人员 05', nameEn: 'Handler 05', roles: [{ role: 'post_handler', place: '500153003', post: 'ecology' }] }],
  categories: [{ code: 'sewage', name: '污水外溢', nameEn: 'Sewage', sector: 'economy' }],
}
const at = '2026-11-30T04:00:00.000000Z'
const item = { id: 'c1', number: '20261130-0007', version: 4, text: '管网破损', category: 'sewage', urgency: 'normal', area: '500153003001', stage: 'handling', reportedAt: at, updatedAt: at }
const detail = { ...item, possible: ['progress', 'complete', 'plan', 'return', 'ask-extension'], photos: [], photosHidden: 0, attachments: [], attachmentsHidden: 0, details: { subtasks: [] } }

async function open(answers: Record<string, unknown> = {}) {
  const sent: { url: string; body: Record<string, unknown>; version: string | undefined }[] = []
  const asked: string[] = []
  let online = true
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (init.method === 'POST') {
      if (!online) throw new TypeError('offline')
      sent.push({ url, body: JSON.parse(String(init.body)) as Record<string, unknown>, version: (init.headers as Record<string, string>)['If-Match'] })
      return new Response('{"id":"c1","version":5,"position":"1:9"}')
    }
    asked.push(url)
    const known: Record<string, unknown> = { '/api/organization': organization, '/api/cases/c1/deadlines': { clocks: [] }, '/api/cases/c1': detail, '/api/cases': { items: [item] }, ...answers }
    const path = Object.keys(known).sort((a, b) => b.length - a.length).find((one) => url.startsWith(one))
    return new Response(JSON.stringify(known[path ?? ''] ?? {}))
  })
  const store = memoryStore()
  const outbox = new CommandOutbox({ store, clientFor: (who) => createClient(() => who) })
  const carrier = shallowRef<CommandCarrier | undefined>(outbox.carrierFor(handler))
  const Phone = defineComponent({
    components: { CasesInHand },
    setup() {
      provide(drawerKey, shallowRef(store))
      provide(carrierKey, carrier)
      return { handler, directory: provideOrganization(provideClient(createClient(() => handler)), () => 'zh').directory, waiting: computed(() => outbox.entries.value.length) }
    },
    template: '<CasesInHand v-if="directory" :identity="handler" />',
  })
  const page = mount(Phone, { global: { plugins: [createWords('zh')] } })
  const settle = async () => {
    for (let n = 0; n < 12; n++) await flushPromises()
  }
  await settle()
  return { page, sent, asked, settle, outbox, store, cut: () => (online = false), back: () => (online = true) }
}

describe('Cases on the phone of a post', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('are those that lie with it', async () => {
    const { page, asked } = await open()
    expect(asked).toContain('/api/cases?scope=500153003&unit=post%3Aecology&stage=dispatched%2Chandling&sort=due&limit=50')
    expect(page.find('article').text()).toContain('污水外溢')
  })

  it('offer what is done on the spot, and not what a desk decides', async () => {
    const { page, settle } = await open()
    await page.find('article .head').trigger('click')
    await settle()
    expect(page.findAll('article .chip').map((chip) => chip.text())).toEqual(['填报进展', '处置完成', '发布办理方案', '退回'])
    expect(page.findAll('article form fieldset').map((one) => one.find('legend').text())).toEqual([expect.stringContaining('处置前'), expect.stringContaining('处置后'), expect.stringContaining('附件')])
  })

  it('are told of without a signal, and sent when it is back', async () => {
    const { page, sent, settle, cut, back, outbox, store } = await open()
    await page.find('article .head').trigger('click')
    await settle()
    cut()
    await page.find('article form textarea').setValue('已开挖')
    await page.find('article form').trigger('submit')
    await settle()
    expect(page.find('article .way').text()).toContain('填报进展')
    expect(await store.list('commands/')).toHaveLength(1)
    back()
    outbox.hurry()
    await settle()
    expect(sent).toMatchObject([{ url: '/api/cases/c1/progress', version: '"4"', body: { note: '已开挖' } }])
    expect(sent[0]?.body.happenedAt).toBeTruthy()
    expect(page.find('article .done').exists()).toBe(true)
  })

  it('say that there are none', async () => {
    const { page } = await open({ '/api/cases': { items: [] } })
    expect(page.find('.empty').text()).toContain('没有在办案件')
  })
})
