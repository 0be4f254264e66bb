import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, provide, shallowRef } from 'vue'
import { createClient, type Identity } from '../api/client'
import { provideOrganization } from '../api/organization'
import { provideClient } from '../api/useClient'
import { createWords } from '../i18n'
import { outboxKey, storeKey } from './keys'
import MyReports from './MyReports.vue'
import { Outbox, receiptsOf } from './outbox'
import { memoryStore } from './store'

const organization = { timeZone: 'Asia/Shanghai', areas: [], sectors: [], posts: [], people: [], categories: [] }
const worker: Identity = { actor: 'grid-worker-01', role: 'grid_worker' }
const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}T04:00:00.000000Z`
const summary = (n: number, stage = 'closed') => ({ id: `c${n}`, number: `N${n}`, version: 3, text: `第 ${n} 件`, category: 'rubbish', sector: 'livelihood', urgency: 'normal', stage, area: '500153003001001', reportedAt: day(n), updatedAt: day(n) })
const detail = (n: number, stage: string, possible: string[]) => ({ ...summary(n, stage), possible, details: {}, photos: [] })

async function open(who: Identity, { pages, toRate = [], here = [], merged }: { pages: object[][]; toRate?: object[]; here?: object[]; merged?: { from: number; into: number; hidden?: boolean } }, possible: string[] = []) {
  const asked: string[] = []
  const store = memoryStore()
  await store.set(receiptsOf(who.actor), here)
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url)
    const { pathname, searchParams } = new URL(url, 'http://x')
    if (pathname === '/api/organization') return new Response(JSON.stringify(organization))
    const [, id] = /^\/api\/cases\/c(\d+)$/.exec(pathname) ?? []
    if (id && merged?.from === Number(id)) return new Response(JSON.stringify({ ...detail(Number(id), 'merged', []), details: { mergedInto: `c${merged.into}` } }))
    if (id && merged?.into === Number(id) && merged.hidden) return new Response(JSON.stringify({ status: 403, code: 'access.denied', message: { zh: '不可查看', en: 'Not yours' } }), { status: 403, headers: { 'content-type': 'application/problem+json' } })
    if (id) return new Response(JSON.stringify(detail(Number(id), possible.length > 0 ? 'verified' : 'closed', possible)))
    if (pathname !== '/api/cases') return new Response('{"items":[]}')
    if (searchParams.get('stage')) return new Response(JSON.stringify({ items: toRate }))
    const page = Number(searchParams.get('cursor') ?? 0)
    return new Response(JSON.stringify({ items: pages[page] ?? [], ...(pages[page + 1] ? { next: String(page + 1) } : {}) }))
  })
  const Phone = defineComponent({
    components: { MyReports },
    setup() {
      provide(storeKey, shallowRef(store))
      provide(outboxKey, shallowRef(new Outbox({ store, clientFor: (one) => createClient(() => one) })))
      return { who, directory: provideOrganization(provideClient(createClient(() => who)), () => 'zh').directory }
    },
    template: '<MyReports v-if="directory" :identity="who" :may-whistle="false" />',
  })
  const page = mount(Phone, { global: { plugins: [createWords('zh')] } })
  const settle = async () => {
    for (let n = 0; n < 30; n++) await flushPromises()
  }
  await settle()
  const numbers = () => page.findAll('article .number').map((one) => one.text())
  return { page, asked, settle, numbers }
}

describe('My reports', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('begin with what waits for a rating, however old it is, and ask for the rating at once', async () => {
    const { page, numbers } = await open(worker, { pages: [[summary(30), summary(29)]], toRate: [summary(2, 'verified')] }, ['rate'])
    expect(numbers()).toEqual(['N2', 'N30', 'N29'])
    expect(page.findAll('form.rate')).toHaveLength(1)
  })

  it('show older ones on demand, each once', async () => {
    const { page, numbers, settle } = await open(worker, { pages: [[summary(30), summary(29)], [summary(28), summary(2, 'verified')]], toRate: [summary(2, 'verified')], here: [{ id: 'c28', number: 'N28', text: '第 28 件', at: day(28) }] })
    expect(numbers()).toEqual(['N2', 'N30', 'N29'])
    await page.find('.mine > .button.wide').trigger('click')
    await settle()
    expect(numbers()).toEqual(['N2', 'N30', 'N29', 'N28'])
    expect(page.find('.mine > .button.wide').exists()).toBe(false)
  })

  it('read a case when it is opened, so that an old one can be reopened as well', async () => {
    const { page, asked, settle } = await open(worker, { pages: [[summary(30)], [summary(1)]] })
    await page.find('.mine > .button.wide').trigger('click')
    await settle()
    expect(asked.filter((url) => /\/api\/cases\/c/.test(url))).toEqual([])
    await page.findAll('article .head')[1]?.trigger('click')
    await settle()
    expect(asked.filter((url) => /\/api\/cases\/c1$/.test(url))).toHaveLength(1)
  })

  it('that were merged say where they go on, and ask for the rating of that', async () => {
    const { page } = await open(worker, { pages: [[summary(30, 'merged'), summary(29)]], merged: { from: 30, into: 7 } }, ['rate'])
    const first = page.findAll('article')[0]!
    expect(first.find('.onward').text()).toContain('N7')
    expect(first.findAll('form.rate')).toHaveLength(1)
    expect(page.findAll('article')[1]!.find('.onward').exists()).toBe(false)
  })

  it('that were merged into what one may not look at stand as merged', async () => {
    const { page } = await open(worker, { pages: [[summary(30, 'merged')]], merged: { from: 30, into: 7, hidden: true } })
    expect(page.find('.onward').exists()).toBe(false)
    expect(page.findAll('.mine > .failure')).toHaveLength(0)
    expect(page.findAll('article')).toHaveLength(1)
  })

  it('of a resident are those of this device, page by page', async () => {
    const here = Array.from({ length: 25 }, (_, n) => ({ id: `c${25 - n}`, text: `第 ${25 - n} 件`, at: day(25 - n) }))
    const { page, numbers, settle } = await open({ actor: 'resident', role: 'resident' }, { pages: [], here })
    expect(numbers()).toHaveLength(20)
    await page.find('.mine > .button.wide').trigger('click')
    await settle()
    expect(numbers()).toHaveLength(25)
  })
})
