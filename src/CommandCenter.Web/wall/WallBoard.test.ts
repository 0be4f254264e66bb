import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createWords } from '../i18n'
import WallPage from './WallPage.vue'

const organization = {
  timeZone: 'Asia/Shanghai',
  areas: [{ code: '500153003', name: '广顺街道', nameEn: 'Guangshun', level: 'town' }],
  sectors: [],
  posts: [],
  people: [{ id: 'center-operator-01', name: '值班员 01', nameEn: 'Operator 01', roles: [{ role: 'center_operator', place: '500153003', acting: false }] }],
  categories: [{ code: 'fire-hazard', name: '火灾隐患', nameEn: 'Fire hazard', sector: 'safety_and_law', defaultPost: 'x' }],
}
const board = {
  scope: '500153003',
  position: '1:9',
  frame: 1,
  at: '2026-11-21T04:00:00.000000Z',
  today: { reported: 12, filed: 9, closed: 4, escalated: 2 },
  open: 31,
  overdue: 3,
  parked: 0,
  feed: [{ position: 9, urgency: 'emergency', at: '2026-11-21T03:59:00.000000Z', type: 'case_reported', id: 'c1', number: '20261121-0001', category: 'fire-hazard', sector: 'safety_and_law', area: '500153003' }],
  sectors: [
    {
      sector: 'safety_and_law',
      funnel: { reported: 5, filed: 1, dispatched: 2, handling: 3, completed: 0, verified: 0, rated: 0 },
      open: 11,
      overdue: 2,
      levels: { responsible: 1, sectorLead: 0, townLeader: 0, committee: 0, listedSupervision: 0 },
      dueSoon: 6,
      emergencies: 1,
      reportedToday: 3,
      closedToday: 1,
      urgent: [{ id: 'c1', number: '20261121-0001', category: 'fire-hazard', urgency: 'emergency', area: '500153003', stage: 'reported', clock: 'accept', dueAt: '2026-11-21T04:02:30.000000Z', late: false }],
    },
  ],
}

async function open(search: string) {
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.startsWith('/hubs/')) return new Response('', { status: 404 })
    return new Response(JSON.stringify(url.startsWith('/api/organization') ? organization : board), { status: 200 })
  })
  history.replaceState(null, '', `/wall/${search}`)
  const page = mount(WallPage, { global: { plugins: [createWords(search.includes('en') ? 'en' : 'zh')] } })
  await vi.waitFor(async () => {
    await flushPromises()
    expect(page.find('.figures').exists()).toBe(true)
  })
  return page
}

describe('The wall', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('shows the town, its figures and its sector from the board', async () => {
    const page = await open('')
    expect(page.find('h1').text()).toBe('广顺街道基层治理指挥中心')
    expect(page.findAll('.figures strong').map((figure) => figure.text())).toEqual(['12', '9', '4', '2', '31', '3'])
    expect(page.find('.column h2').text()).toBe('平安法治')
    expect(page.find('.alarm').text()).toContain('特急 1')
    expect(page.find('.quiet').text()).toBe('今日上报 3 · 今日结案 1')
    expect(page.find('.urgent a').text()).toContain('20261121-0001')
    expect(page.find('.left').text()).toContain('剩余 02:')
    page.unmount()
  })

  it('links every number to the cases behind it', async () => {
    const page = await open('')
    const links = page.findAll('a').map((link) => link.attributes('href'))
    expect(links).toContain('/desk/?scope=500153003&today=escalated')
    expect(links).toContain('/desk/?scope=500153003&open=true&late=true')
    expect(links).toContain('/desk/?scope=500153003&sector=safety_and_law&open=true&stage=handling')
    expect(links).toContain('/desk/?scope=500153003&sector=safety_and_law&open=true&level=responsible')
    page.unmount()
  })

  it('takes its links out of reach while its figures are old', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-21T04:00:00Z'), toFake: ['Date', 'setInterval', 'clearInterval'] })
    try {
      const page = await open('')
      expect(page.find('main').attributes()).not.toHaveProperty('inert')
      await vi.advanceTimersByTimeAsync(17_000)
      await flushPromises()
      expect(page.find('.old').exists()).toBe(true)
      expect(page.find('main').attributes()).toHaveProperty('inert')
      page.unmount()
    } finally {
      vi.useRealTimers()
    }
  })

  it('speaks English when asked', async () => {
    const page = await open('?lang=en')
    expect(page.find('.column h2').text()).toBe('Safety and law')
    page.unmount()
  })
})
