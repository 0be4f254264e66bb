import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'
import { createClient, type Identity } from '../api/client'
import { provideOrganization } from '../api/organization'
import type { CaseSummary, SpotListItem } from '../api/types'
import { provideClient } from '../api/useClient'
import { createWords } from '../i18n'
import { deskLink, viewsOf, type Place } from '../parts/deskLink'
import { matches, readFilter } from './filter'
import { byVillage, isAddress, pictureOf, plateLink } from './plates'
import SpotBook from './SpotBook.vue'

enableAutoUnmount(afterEach)

const office: Identity = { actor: 'office-01', role: 'office' }
const organization = {
  timeZone: 'Asia/Shanghai',
  areas: [{ code: '500153003', name: '广顺街道', nameEn: 'Guangshun', level: 'town' }, { code: '500153003201', name: '沿河村', nameEn: 'Yanhe', level: 'village' }, { code: '500153003202', name: '高桥社区', nameEn: 'Gaoqiao', level: 'village' }],
  sectors: [],
  posts: [{ code: 'ecology', town: '500153003', sector: 'economy', name: '生态环保岗', nameEn: 'Ecology' }],
  people: [{ id: 'office-01', name: '办公室 01', nameEn: 'Office 01', roles: [{ role: 'office', place: '500153003' }] }, { id: 'post-handler-07', name: '岗位人员 07', nameEn: 'Post handler 07', roles: [] }],
  categories: [],
}
const spot = (code: string, area: string, change: Partial<SpotListItem> = {}): SpotListItem => ({ code, name: `${code}号`, nameEn: code, kind: 'bin', area, category: 'rubbish', unit: 'post:ecology', person: 'post-handler-07', open: 0, ...change })
const spots = [spot('bin-1', '500153003201001', { open: 2 }), spot('bin-2', '500153003201002'), spot('lamp-1', '500153003202001', { person: undefined })]

async function open(items: SpotListItem[], place: Place = { view: 'spots' }) {
  vi.stubGlobal('fetch', async (url: string) => new Response(JSON.stringify(url.startsWith('/api/organization') ? organization : url.startsWith('/api/spots') ? { items } : { items: [], unread: 0 })))
  const went = ref<Place>()
  const Desk = defineComponent({
    components: { SpotBook },
    setup: () => ({ office, place, went, directory: provideOrganization(provideClient(createClient(() => office)), () => 'zh').directory }),
    template: '<SpotBook v-if="directory" :identity="office" :place="place" @go="went = $event" />',
  })
  const page = mount(Desk, { global: { plugins: [createWords('zh')] } })
  for (let n = 0; n < 6; n++) await flushPromises()
  return { page, went }
}

describe('A plate', () => {
  it('leads to the page of its spot, whatever address is printed', () => {
    expect(plateLink('https://town.example/ ', 'bin-17')).toBe('https://town.example/worker/?spot=bin-17')
    expect([isAddress('https://town.example'), isAddress('http://10.0.0.1:5080'), isAddress('town.example'), isAddress('ftp://town.example'), isAddress('')]).toEqual([true, true, false, false, false])
  })

  it('is a picture with its three corners and the quiet around it', () => {
    const link = plateLink('https://town.example', 'bin-17')
    const { size, path } = pictureOf(link)
    const dark = new Set<string>()
    for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g)) for (let n = 0; n < Number(width); n++) dark.add(`${Number(x) + n} ${y}`)
    // A version's size: 17 + 4 × version modules.
    expect((size - 8 - 17) % 4).toBe(0)
    const modules = [...dark].map((one) => one.split(' ').map(Number))
    expect(Math.min(...modules.flat())).toBe(4)
    expect(Math.max(...modules.flat())).toBe(size - 5)
    for (const [left, top] of [[4, 4], [size - 11, 4], [4, size - 11]] as const)
      for (let n = 0; n < 7; n++) expect([dark.has(`${left + n} ${top}`), dark.has(`${left} ${top + n}`), dark.has(`${left + 6} ${top + n}`), dark.has(`${left + n} ${top + 6}`)]).toEqual([true, true, true, true])
    expect(pictureOf(plateLink('https://town.example', 'bin-18')).path).not.toBe(path)
    expect(pictureOf(link).path).toBe(path)
  })

  it('stands with those of its village', () => {
    expect(byVillage(spots).map(({ village, items }) => [village, items.map((item) => item.code)])).toEqual([['500153003201', ['bin-1', 'bin-2']], ['500153003202', ['lamp-1']]])
    expect(byVillage([])).toEqual([])
  })
})

describe('The book of spots', () => {
  beforeEach(() => localStorage.clear())
  afterEach(() => vi.unstubAllGlobals())

  it('shows the plates of a village with who looks after them and what is open', async () => {
    const { page, went } = await open(spots)
    expect(page.findAll('.queues button').map((button) => button.text())).toEqual(['沿河村2', '高桥社区1'])
    expect(page.findAll('.plate svg')).toHaveLength(2)
    expect(page.find('.plate').text()).toContain('生态环保岗（岗位人员 07）')
    expect(page.find('.plate a').attributes('href')).toBe('/desk/?spot=bin-1&open=true')
    await page.findAll('.queues button')[1]!.trigger('click')
    expect(went.value).toEqual({ view: 'spots', queue: '500153003202' })
    const other = await open(spots, { view: 'spots', queue: '500153003202' })
    expect(other.page.findAll('.plate').map((plate) => plate.text())).toEqual([expect.stringContaining('lamp-1')])
  })

  it('prints only an address that a phone can open, and keeps it', async () => {
    const { page } = await open(spots)
    await page.find('input[type=url]').setValue('town.example')
    expect(page.findAll('.plate svg')).toHaveLength(0)
    expect(page.find('.tools .primary').attributes('disabled')).toBeDefined()
    expect(page.find('.tools [role=alert]').exists()).toBe(true)
    await page.find('input[type=url]').setValue('https://town.example')
    expect(page.findAll('.plate svg')).toHaveLength(2)
    const printed = vi.fn()
    vi.stubGlobal('print', printed)
    await page.find('.tools .primary').trigger('click')
    expect(printed).toHaveBeenCalledOnce()
    expect((await open(spots)).page.find<HTMLInputElement>('input[type=url]').element.value).toBe('https://town.example')
  })

  it('says where spots come from where there are none', async () => {
    expect((await open([])).page.find('.empty').text()).toContain('spots.csv')
  })

  it('is for whoever has plates put up', () => {
    expect((['office', 'dispatcher', 'center_operator', 'village_secretary'] as const).every((role) => viewsOf(role).includes('spots'))).toBe(true)
    expect((['post_handler', 'administrator', 'town_leader', undefined] as const).some((role) => viewsOf(role).includes('spots'))).toBe(false)
  })
})

describe('The cases of a spot', () => {
  it('are found again from their address', () => {
    const link = deskLink({ spot: 'bin-1', open: true })
    expect(readFilter(link.slice(link.indexOf('?')))).toEqual({ spot: 'bin-1', open: true })
    const item = { spot: 'bin-1', stage: 'dispatched' } as CaseSummary
    expect([matches(item, { spot: 'bin-1' }, 0, 'Asia/Shanghai'), matches(item, { spot: 'bin-2' }, 0, 'Asia/Shanghai')]).toEqual([true, false])
  })
})
