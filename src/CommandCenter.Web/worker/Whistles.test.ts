import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, provide, shallowRef } from 'vue'
import type { Identity } from '../api/client'
import { createClient } from '../api/client'
import { provideOrganization } from '../api/organization'
import { provideClient } from '../api/useClient'
import { createWords } from '../i18n'
import { drawerKey } from '../parts/kept'
import { memoryStore } from './store'
import Whistles from './Whistles.vue'

const grid = '500153003001001'
const worker: Identity = { actor: 'grid-worker-01', role: 'grid_worker' }
const handler: Identity = { actor: 'post-handler-05', role: 'post_handler' }
const organization = {
  timeZone: 'Asia/Shanghai',
  areas: [{ code: '500153003001', name: '檬梓桥社区', nameEn: 'Mengziqiao', level: 'village' }, { code: grid, name: '第一网格', nameEn: 'Grid 1', level: 'grid' }],
  sectors: [],
  posts: [{ code: 'ecology', town: '500153003', sector: 'economy', name: '生态环保岗', nameEn: 'Ecology' }],
  departments: [{ code: 'water-bureau', name: '区水利局', nameEn: 'Water bureau', remit: [] }],
  oneMatters: [{ code: 'flood-season', name: '防汛避险一件事', nameEn: 'Flood season', departments: ['water-bureau'], sectors: [] }],
  people: [
    { id: 'grid-worker-01', name: '网格员 01', nameEn: 'Grid worker 01', roles: [{ role: 'grid_worker', place: grid }] },
    { id: 'post-handler-05', name: '岗位人员 05', nameEn: 'Handler 05', roles: [{ role: 'post_handler', place: '500153003', post: 'ecology' }] },
  ],
  categories: [],
}
const at = '2026-11-30T04:00:00.000000Z'
const by = { id: 'grid-worker-01', role: 'grid_worker', place: grid }
const item = { id: 'w1', version: 3, stage: 'open', area: grid, text: '路面塌陷', blownBy: by, blownAt: at, updatedAt: at, openCalls: 1, calls: [{ number: 1, unit: 'post:ecology', stage: 'routed', routedAt: at }] }
const call = { number: 1, unit: 'post:ecology', stage: 'routed', askedAt: at, routedAt: at, sentBacks: 0, past: [], possible: ['arrive', 'decline'] }
const detail = { ...item, photos: [], photosHidden: 0, attachments: [], attachmentsHidden: 0, sectors: [], calls: [call], history: [{ type: 'whistle_blown', by, at, happenedAt: at, units: ['post:ecology'] }, { type: 'whistle_call_routed', by, at, happenedAt: at, call: 1, unit: 'post:ecology' }], possible: [] }

const inHand = { id: 'c1', number: '20261130-0007', category: 'damaged-road', text: '桥头路面塌陷', area: grid, stage: 'handling', reportedAt: at }

async function open(who: Identity, whistle: object = detail, about?: object) {
  const sent: { url: string; body: unknown }[] = []
  const asked: string[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (init.method === 'POST') {
      sent.push({ url, body: JSON.parse(String(init.body)) })
      return new Response('{"id":"w1","version":4,"position":"1:9"}')
    }
    asked.push(url)
    if (url.startsWith('/api/organization')) return new Response(JSON.stringify(organization))
    if (url.startsWith('/api/cases')) return new Response(JSON.stringify({ items: [inHand] }))
    return new Response(JSON.stringify(url.startsWith('/api/whistles/w1') ? whistle : { items: [item] }))
  })
  const Phone = defineComponent({
    components: { Whistles },
    setup() {
      provide(drawerKey, shallowRef(memoryStore()))
      return { who, about, directory: provideOrganization(provideClient(createClient(() => who)), () => 'zh').directory }
    },
    template: '<Whistles v-if="directory" :identity="who" :about="about" />',
  })
  const page = mount(Phone, { global: { plugins: [createWords('zh')] } })
  for (let n = 0; n < 4; n++) await flushPromises()
  return { page, sent, asked }
}

const press = async (page: Awaited<ReturnType<typeof open>>['page'], words: string) => {
  await page.findAll('button').find((button) => button.text() === words)?.trigger('click')
  await flushPromises()
}

describe('Whistles on the phone of a grid', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('are those of the own place', async () => {
    const { page, asked } = await open(worker)
    expect(asked).toContain(`/api/whistles?open=true&limit=100&scope=${grid}`)
    expect(page.find('article').text()).toMatch(/路面塌陷.*生态环保岗\s*待报到/)
  })

  it('are blown for the own grid, at whoever was chosen', async () => {
    const { page, sent } = await open(worker)
    await press(page, '吹哨，请部门和岗位到场')
    await page.find('.blow textarea').setValue('路面塌陷')
    await press(page, '区水利局')
    await press(page, '生态环保岗')
    await page.find('.blow form').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ url: '/api/whistles', body: { text: '路面塌陷', area: grid, units: ['department:water-bureau', 'post:ecology'] } }])
    expect(page.find('.said').text()).toContain('已吹哨')
  })

  it('are blown from where the device is, without naming a grid', async () => {
    vi.stubGlobal('isSecureContext', true)
    vi.stubGlobal('navigator', { geolocation: { getCurrentPosition: (found: PositionCallback) => found({ coords: { latitude: 29.3421, longitude: 105.5024, accuracy: 11.6 } } as GeolocationPosition) } })
    const { page, sent } = await open(worker)
    await press(page, '吹哨，请部门和岗位到场')
    await page.find('.blow textarea').setValue('路面塌陷')
    await press(page, '使用我的位置')
    await page.findAll('.blow select')[0]?.setValue('')
    await press(page, '区水利局')
    await page.find('.blow form').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ url: '/api/whistles', body: { text: '路面塌陷', point: { latitude: 29.3421, longitude: 105.5024, accuracyMetres: 12, system: 'wgs84' }, units: ['department:water-bureau'] } }])
  })

  it('need a grid or a point', async () => {
    const { page, sent } = await open(worker)
    await press(page, '吹哨，请部门和岗位到场')
    await page.find('.blow textarea').setValue('路面塌陷')
    await page.findAll('.blow select')[0]?.setValue('')
    await press(page, '区水利局')
    await page.find('.blow form').trigger('submit')
    expect(page.find('.blow .wrong').text()).toContain('请填写在哪里')
    expect(sent).toEqual([])
  })

  it('are blown about a case in hand, from the list or from the case itself', async () => {
    const chosen = await open(worker)
    await press(chosen.page, '吹哨，请部门和岗位到场')
    expect(chosen.asked).toContain(`/api/cases?scope=${grid}&open=true&limit=50`)
    await chosen.page.find('.blow textarea').setValue('请水利到场')
    await chosen.page.findAll('.blow select')[1]?.setValue('c1')
    await press(chosen.page, '区水利局')
    await chosen.page.find('.blow form').trigger('submit')
    await flushPromises()
    expect(chosen.sent).toMatchObject([{ body: { area: grid, caseId: 'c1' } }])

    const from = await open(worker, detail, inHand)
    expect(from.page.find('.aboutCase').text()).toContain('为案件 20261130-0007 吹哨： 桥头路面塌陷')
    await from.page.find('.blow textarea').setValue('请水利到场')
    await press(from.page, '区水利局')
    await from.page.find('.blow form').trigger('submit')
    await flushPromises()
    expect(from.sent).toMatchObject([{ body: { text: '请水利到场', area: grid, caseId: 'c1', units: ['department:water-bureau'] } }])
    expect(from.page.findComponent(Whistles).emitted('whistled')).toHaveLength(1)
  })

  it('call somebody, or a template does', async () => {
    const { page, sent } = await open(worker)
    await press(page, '吹哨，请部门和岗位到场')
    await page.find('.blow textarea').setValue('连日大雨')
    await page.find('.blow form').trigger('submit')
    expect(page.find('.blow .wrong').text()).toContain('请填写请谁到场')
    expect(sent).toEqual([])
    await page.findAll('.blow select')[2]?.setValue('flood-season')
    await page.find('.blow form').trigger('submit')
    await flushPromises()
    expect(sent).toMatchObject([{ body: { text: '连日大雨', oneMatter: 'flood-season' } }])
  })

  it('are rated with a reason where it is not fixed', async () => {
    const resolved = { ...call, stage: 'resolved', possible: ['rate'] }
    const { page, sent } = await open(worker, { ...detail, calls: [resolved] })
    await page.find('article .head').trigger('click')
    await flushPromises()
    await press(page, '1 · 很不满意')
    await press(page, '未解决')
    expect(page.find('.rate [type=submit]').attributes('disabled')).toBeDefined()
    await page.find('.rate textarea').setValue('仍在漏水')
    await page.find('.rate').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ url: '/api/whistles/w1/calls/1/rate', body: { satisfaction: 1, result: 'not_fixed', comment: '仍在漏水' } }])
  })
})

describe('Whistles on the phone of a post', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('are the calls of its unit', async () => {
    const { page, asked } = await open(handler)
    expect(asked).toContain('/api/whistles?open=true&limit=100&unit=post%3Aecology')
    expect(page.find('.blow').exists()).toBe(false)
  })

  it('are answered from where the device is', async () => {
    vi.stubGlobal('isSecureContext', true)
    vi.stubGlobal('navigator', { geolocation: { getCurrentPosition: (found: PositionCallback) => found({ coords: { latitude: 29.3421, longitude: 105.5024, accuracy: 11.6 } } as GeolocationPosition) } })
    const { page, sent } = await open(handler)
    await page.find('article .head').trigger('click')
    await flushPromises()
    await press(page, '使用我的位置')
    await page.find('.call form').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ url: '/api/whistles/w1/calls/1/arrive', body: { point: { latitude: 29.3421, longitude: 105.5024, accuracyMetres: 12, system: 'wgs84' } } }])
  })

  it('are answered with coordinates from a map where the device gives none', async () => {
    vi.stubGlobal('isSecureContext', false)
    const { page, sent } = await open(handler)
    await page.find('article .head').trigger('click')
    await flushPromises()
    await press(page, '使用我的位置')
    expect(page.find('.call').text()).toContain('当前网页不能定位')
    await page.find('.call form').trigger('submit')
    expect(sent).toEqual([])
    await page.find('.hand input').setValue('105.5024, 29.3421')
    await page.find('.call form').trigger('submit')
    await flushPromises()
    expect(sent).toMatchObject([{ body: { point: { latitude: 29.3421, longitude: 105.5024, system: 'gcj02' } } }])
  })
})
