import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, provide, shallowRef } from 'vue'
import { createClient, type Identity } from '../api/client'
import { provideOrganization } from '../api/organization'
import { provideClient } from '../api/useClient'
import { createWords } from '../i18n'
import { emptyDraft, toRequest, wordsOf } from './draft'
import { outboxKey, storeKey } from './keys'
import { Outbox } from './outbox'
import SpotReport from './SpotReport.vue'
import { memoryStore } from './store'

enableAutoUnmount(afterEach)

const resident: Identity = { actor: 'resident', role: 'resident' }
const grid = '500153003201001'
const organization = {
  timeZone: 'Asia/Shanghai',
  areas: [{ code: '500153003201', name: '沿河村', nameEn: 'Yanhe', level: 'village' }, { code: grid, name: '沿河村第一网格', nameEn: 'Grid 1', level: 'grid' }],
  sectors: [],
  posts: [{ code: 'ecology', town: '500153003', sector: 'economy', name: '生态环保岗', nameEn: 'Ecology' }],
  people: [],
  categories: [{ code: 'rubbish', name: '垃圾堆积', nameEn: 'Rubbish', sector: 'economy' }],
}
const bin = { code: 'bin-17', name: '17号垃圾箱', nameEn: 'Bin 17', kind: 'bin', area: grid, category: 'rubbish', report: { zh: '已满，请清运', en: 'Full, please empty it' }, unit: 'post:ecology', role: 'post_handler', named: true }
const inHand = { id: 'c1', number: '20260302-0007', stage: 'dispatched', reportedAt: '2026-03-02T01:00:00.000000Z' }
const problem = (status: number, code: string) => new Response(JSON.stringify({ type: `/problems/${code}`, title: code, status, code, message: { zh: `（${code}）`, en: code } }), { status, headers: { 'Content-Type': 'application/problem+json' } })

interface Answers {
  spot?: () => Response
  report?: () => Response
  mayReport?: boolean
  language?: 'zh' | 'en'
}

async function scan({ spot = () => new Response(JSON.stringify(bin)), report = () => new Response('{"id":"c1","version":1,"position":"1:9"}', { status: 201 }), mayReport = true, language = 'zh' }: Answers = {}) {
  const sent: unknown[] = []
  vi.stubGlobal('scrollTo', () => undefined)
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (init.method === 'POST') {
      sent.push(JSON.parse(String(init.body)))
      return report()
    }
    if (url.startsWith('/api/organization')) return new Response(JSON.stringify(organization))
    return url.startsWith('/api/spots/') ? spot() : new Response(JSON.stringify({ id: 'c1', number: '20260302-0008', stage: 'merged' }))
  })
  const left = vi.fn()
  const store = memoryStore()
  const Phone = defineComponent({
    components: { SpotReport },
    setup() {
      provide(storeKey, shallowRef(store))
      provide(outboxKey, shallowRef(new Outbox({ store, clientFor: (who) => createClient(() => who) })))
      return { resident, mayReport, left, directory: provideOrganization(provideClient(createClient(() => resident)), () => language).directory }
    },
    template: '<SpotReport v-if="directory" code="bin-17" :identity="resident" :may-report="mayReport" @leave="left" />',
  })
  const page = mount(Phone, { global: { plugins: [createWords(language)] } })
  const settle = async () => {
    for (let n = 0; n < 8; n++) await flushPromises()
  }
  await settle()
  return { page, sent, left, settle }
}

describe('A plate that is scanned', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('says what it is, where, and who gets the report, and takes one tap', async () => {
    const { page, sent, settle } = await scan()
    expect(page.text()).toContain('17号垃圾箱')
    expect(page.text()).toContain('生态环保岗（岗位工作人员）')
    await page.find('form').trigger('submit')
    await settle()
    expect(sent).toEqual([{ spot: 'bin-17', urgency: 'normal', happenedAt: expect.any(String) }])
    expect(page.find('.submission.received').exists()).toBe(true)
  })

  it('speaks the language of the reader', async () => {
    const { page } = await scan({ language: 'en' })
    expect(page.find('form .primary').text()).toBe('Report: Full, please empty it')
    expect(page.text()).toContain('Ecology')
  })

  it('tells whoever comes second that it is in hand, and does not offer the one tap again', async () => {
    const { page, sent, settle } = await scan({ spot: () => new Response(JSON.stringify({ ...bin, inHand })) })
    expect(page.find('.hand').text()).toContain('已有人上报，正在办理')
    expect(page.find('.hand').text()).toContain('20260302-0007')
    expect(page.find('form .primary').exists()).toBe(false)
    await page.find('textarea').setValue('箱盖也坏了')
    await page.find('form').trigger('submit')
    await settle()
    expect(sent).toMatchObject([{ spot: 'bin-17', text: '箱盖也坏了' }])
    // Joined: the host says that it went on with the other.
    expect(page.find('.submission').text()).toContain('已并入')
  })

  it('that ended, or is none, leads to the usual report', async () => {
    const former = await scan({ spot: () => new Response(JSON.stringify({ ...bin, endedOn: '2026-03-01' })) })
    expect(former.page.find('[role=alert]').text()).toContain('2026-03-01')
    expect(former.page.find('form').exists()).toBe(false)
    const unknown = await scan({ spot: () => problem(404, 'spot.unknown') })
    expect(unknown.page.find('form').exists()).toBe(false)
    await unknown.page.findAll('button').find((button) => button.text() === '上报别的问题')?.trigger('click')
    expect(unknown.left).toHaveBeenCalledOnce()
  })

  it('is reported without a signal, too: the phone keeps it until the host has it', async () => {
    const { page, sent, settle } = await scan({
      spot: () => {
        throw new TypeError('offline')
      },
      report: () => {
        throw new TypeError('offline')
      },
    })
    expect(page.text()).toContain('bin-17')
    await page.find('form').trigger('submit')
    await settle()
    expect(sent).toMatchObject([{ spot: 'bin-17' }])
    expect(page.find('.submission.waiting').text()).toContain('bin-17')
    // Once it is on its way, the same tap is not offered again.
    expect(page.find('form .primary').exists()).toBe(false)
  })

  it('comes back to be changed where the host refuses it', async () => {
    const { page, settle } = await scan({ report: () => problem(422, 'spot.former') })
    await page.find('textarea').setValue('满了')
    await page.find('form').trigger('submit')
    await settle()
    expect(page.find('.submission.refused').exists()).toBe(true)
    await page.find('.submission .primary').trigger('click')
    await settle()
    expect((page.find('textarea').element as HTMLTextAreaElement).value).toBe('满了')
    expect(page.find('.submission').exists()).toBe(false)
  })

  it('shows whom reports go to what is in hand, and no form', async () => {
    const { page } = await scan({ mayReport: false, spot: () => new Response(JSON.stringify({ ...bin, inHand })) })
    expect(page.find('form').exists()).toBe(false)
    expect(page.find('.hand').exists()).toBe(true)
  })
})

describe('The report of a spot', () => {
  it('says nothing that the spot says', () => {
    const draft = { ...emptyDraft(grid), spot: 'bin-17', spotWords: '17号垃圾箱：已满', source: 'qr_code' as const, reference: 'x', category: 'sewage' }
    expect(toRequest(draft, [])).toEqual({ spot: 'bin-17', urgency: 'normal' })
    expect(wordsOf(draft)).toBe('17号垃圾箱：已满')
    expect(wordsOf({ ...draft, text: ' 箱盖坏了 ' })).toBe('箱盖坏了')
  })
})
