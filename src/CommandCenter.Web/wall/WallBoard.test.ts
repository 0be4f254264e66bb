import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { AlarmLine, FeedItem } from '../api/types'
import { createWords } from '../i18n'
import { boardOf, panelOf, placeOf } from '../live/boardFixture'
import WallPage from './WallPage.vue'

const organization = {
  timeZone: 'Asia/Shanghai',
  areas: [{ code: '500153003', name: '广顺街道', nameEn: 'Guangshun', level: 'town' }, { code: '500153003001', name: '檬梓桥社区', nameEn: 'Mengziqiao', level: 'village' }, { code: '500153003002', name: '河湾社区', nameEn: 'Hewan', level: 'village' }, { code: '500153003001001', name: '檬梓桥社区第一网格', nameEn: 'Mengziqiao Grid 1', level: 'grid' }, { code: '500153003001002', name: '檬梓桥社区第二网格', nameEn: 'Mengziqiao Grid 2', level: 'grid' }],
  sectors: [],
  posts: [],
  people: [{ id: 'center-operator-01', name: '值班员 01', nameEn: 'Operator 01', roles: [{ role: 'center_operator', place: '500153003', acting: false }] }],
  categories: [{ code: 'fire-hazard', name: '火灾隐患', nameEn: 'Fire hazard', sector: 'safety_and_law', defaultPost: 'x' }],
}
const sector = panelOf('safety_and_law', {
  funnel: { reported: 5, filed: 1, dispatched: 2, handling: 3, completed: 0, verified: 0, rated: 0 },
  open: 11,
  overdue: 2,
  levels: { responsible: 1, sectorLead: 0, townLeader: 0, committee: 0, listedSupervision: 0 },
  dueSoon: 6,
  emergencies: 1,
  reportedToday: 3,
  closedToday: 1,
  week: { onTime: { part: 26, of: 30 }, onTimeBefore: { part: 5, of: 6 } },
  urgent: [{ id: 'c1', number: '20261121-0001', category: 'fire-hazard', urgency: 'emergency', area: '500153003', stage: 'reported', clock: 'accept', dueAt: '2026-11-21T04:02:30.000000Z', late: false }],
})
const feed: FeedItem[] = [{ position: 9, urgency: 'emergency', at: '2026-11-21T03:59:00.000000Z', type: 'case_reported', id: 'c1', number: '20261121-0001', category: 'fire-hazard', sector: 'safety_and_law', area: '500153003' }]
const board = boardOf({ position: '1:9', today: { reported: 12, filed: 9, closed: 4, escalated: 2 }, open: 31, overdue: 3, dueSoon: 7, emergencies: 1, feed, sectors: [sector, panelOf('economy')], places: [placeOf('500153003001', { open: 3, onTime: { part: 6, of: 8 } }), placeOf('500153003002', { open: 1, onTime: { part: 3, of: 3 } })], grids: [{ area: '500153003001001', open: 3, overdue: 2, emergencies: 1 }] })
const yesterday = boardOf({ at: '2026-11-20T04:00:00.000000Z', frame: 0, open: 27 })

/** A square beside another; the second grid's border was never told. */
const square = (code: string, west: number) => ({ type: 'Feature', properties: { code, name: '', nameEn: '' }, geometry: { type: 'MultiPolygon', coordinates: [[[[west, 29], [west + 0.2, 29], [west + 0.2, 29.1], [west, 29.1], [west, 29]]]] } })
const quiet = { type: 'FeatureCollection', features: [] as ReturnType<typeof square>[] }
let borders = quiet
let ringing: AlarmLine[] = []
const sent: { url: string; actor: string; body: unknown }[] = []

async function open(search: string) {
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    if (init.method === 'POST' && url.startsWith('/api/')) {
      sent.push({ url, actor: new Headers(init.headers).get('X-Actor') ?? '', body: JSON.parse(String(init.body)) })
      return new Response(JSON.stringify({ type: '/problems/case.alarm.acknowledged', title: '', status: 409, code: 'case.alarm.acknowledged', message: { zh: '已有人确认过这个警报。', en: 'acknowledged already' } }), { status: 409 })
    }
    if (url.startsWith('/hubs/')) return new Response('', { status: 404 })
    if (url.startsWith('/api/organization/borders')) return new Response(JSON.stringify(borders), { status: 200 })
    return new Response(JSON.stringify(url.startsWith('/api/organization') ? organization : url.includes('asOf=') ? yesterday : { ...board, alarms: { ringing: ringing.filter((line) => !line.acknowledged).length, lines: ringing } }), { status: 200 })
  })
  history.replaceState(null, '', `/wall/${search}`)
  const page = mount(WallPage, { global: { plugins: [createWords(search.includes('lang=en') ? 'en' : 'zh')] } })
  await vi.waitFor(async () => {
    await flushPromises()
    expect(page.find('.figures').exists()).toBe(true)
  }, 20_000)
  return page
}

describe('The wall', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    borders = quiet
    ringing = []
  })

  it('shows the town, its figures and its sector from the board', async () => {
    const page = await open('')
    expect(page.find('h1').text()).toBe('广顺街道基层治理指挥中心')
    expect(page.findAll('.figures strong').map((figure) => figure.text())).toEqual(['12', '9', '4', '2', '31', '7', '3'])
    expect(page.find('.column h2').text()).toBe('平安法治')
    expect(page.find('.alarm').text()).toContain('特急 1')
    expect(page.findAll('.column')[0]!.findAll('.today a').map((figure) => figure.text())).toEqual(['今日上报 3', '今日结案 1'])
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

  it('draws the grids by their borders, each opening its cases, and leaves those without one as tiles', async () => {
    borders = { ...quiet, features: [square('500153003001001', 105)] }
    const page = await open('')
    await vi.waitFor(() => expect(page.find('.area-map').exists()).toBe(true))
    expect(page.find('.area-map').attributes('aria-label')).toBe('网格地图：超期')
    const area = page.find('.area-map a')
    expect(area.attributes('href')).toBe('/desk/?scope=500153003001001&open=true&late=true')
    expect(area.attributes('aria-label')).toBe('檬梓桥社区第一网格：在办 3，超期 2，特急 1，打开网格案件')
    expect(page.findAll('.ring.pulsing')).toHaveLength(1)
    expect(page.findAll('.words text').map((text) => text.text())).toEqual(['第一网格', '2', '!'])
    expect(page.findAll('.rest .tile').map((tile) => tile.attributes('title'))).toEqual(['檬梓桥社区第二网格'])

    await page.findAll('.map .by button').find((button) => button.text() === '在办')!.trigger('click')
    expect(page.findAll('.words text').map((text) => text.text())).toEqual(['第一网格', '3', '!'])
    expect(page.find('.area-map a').attributes('href')).toBe('/desk/?scope=500153003001001&open=true')
    await page.findAll('.map .by button').find((button) => button.text() === '方格')!.trigger('click')
    expect(page.find('.area-map').exists()).toBe(false)
    expect(page.findAll('.tiles .tile')).toHaveLength(2)
    page.unmount()
  })

  it('has its tiles where no border is known', async () => {
    const page = await open('')
    expect(page.find('.area-map').exists()).toBe(false)
    expect(page.findAll('.tiles .tile')).toHaveLength(2)
    expect(page.find('.map .shape').exists()).toBe(false)
    page.unmount()
  })

  it('tells the rate of the week with its sample and its change in words, and no rate of nothing', async () => {
    const page = await open('')
    const [safety, economy] = page.findAll('.rate')
    expect(safety!.attributes('aria-label')).toBe('近 7 日按期结案 86.7% 26/30 件 较上周升 3.4 点，打开统计明细')
    expect(safety!.find('.change svg').exists()).toBe(true)
    expect(safety!.attributes('href')).toBe('/desk/?view=statistics&scope=500153003&period=free&from=2026-11-15&to=2026-11-21&by=none&sector=safety_and_law&figure=on_time_closing_rate&cases=on_time_closing_rate')
    expect(economy!.text()).toContain('无应结案')
    expect(economy!.text()).not.toContain('%')
    page.unmount()
  })

  it('ranks places of a sufficient sample, and names the others without a rank', async () => {
    const page = await open('')
    const rows = page.findAll('.ranking li')
    expect(rows.map((row) => row.text().replaceAll(/\s/g, ''))).toEqual(['1檬梓桥社区75%6/8件', '–河湾社区样本不足3/3件'])
    expect(rows[1]!.classes()).toContain('unranked')
    page.unmount()
  })

  it('shows a grid by number and mark, and links it to what it counts', async () => {
    const page = await open('')
    const tile = page.find('.tiles a')
    expect(tile.text()).toBe('2!')
    expect(tile.attributes('href')).toBe('/desk/?scope=500153003001001&open=true&late=true')
    expect(tile.attributes('aria-label')).toBe('檬梓桥社区第一网格：在办 3，超期 2，特急 1，打开网格案件')
    await page.findAll('.by button')[1]!.trigger('click')
    expect(tile.text()).toBe('3!')
    expect(tile.attributes('href')).toBe('/desk/?scope=500153003001001&open=true')
    page.unmount()
  })

  it('lets whoever is signed in at it acknowledge the emergency that rings, and says what the host says', async () => {
    ringing = [{ case: 'c1', number: '20261121-0001', category: 'fire-hazard', sector: 'safety_and_law', area: '500153003001001', since: '2026-11-21T03:59:00.000000Z' }]
    const page = await open('?actor=center-operator-01')
    expect(page.find('.alarm-bar').text()).toContain('新的特急事项：火灾隐患')
    expect(page.find('.alarm-bar').text()).toContain('11:59 起待确认')
    sent.length = 0
    await page.find('.alarm-bar button').trigger('click')
    await flushPromises()
    expect(sent).toEqual([{ url: '/api/cases/c1/acknowledge-alarm', actor: 'center-operator-01', body: { wall: '500153003' } }])
    expect(page.find('.alarm-bar .failed').text()).toBe('没有确认成功：已有人确认过这个警报。')
    page.unmount()
  })

  it('without anybody signed in leads to the desk, and says who acknowledged what', async () => {
    ringing = [{ case: 'c1', number: '20261121-0001', category: 'fire-hazard', sector: 'safety_and_law', area: '500153003001001', since: '2026-11-21T03:59:00.000000Z' }]
    const page = await open('')
    expect(page.find('.alarm-bar button').exists()).toBe(false)
    expect(page.find('.alarm-bar .desk').attributes('href')).toBe('/desk/?case=c1')
    page.unmount()
    ringing = [{ ...ringing[0]!, acknowledged: { actor: 'center-operator-01', role: 'center_operator', at: board.at } }]
    const silent = await open('')
    expect(silent.find('.alarm-bar.answered').text()).toBe('火灾隐患：值班员 01 于 12:00 已确认')
    silent.unmount()
  })

  it('shows the past under a banner, out of reach of links, and comes back to now', async () => {
    const page = await open('')
    await page.findAll('.controls .single')[0]!.trigger('click')
    await vi.waitFor(async () => {
      await flushPromises()
      expect(page.findAll('.figures strong').map((figure) => figure.text())[4]).toBe('27')
    }, 20_000)
    expect(page.find('.past .banner').text()).toContain('历史画面')
    expect(page.find('.reach').attributes()).toHaveProperty('inert')
    await page.find('.past .back').trigger('click')
    expect(page.find('.past').exists()).toBe(false)
    expect(page.findAll('.figures strong').map((figure) => figure.text())[4]).toBe('31')
    expect(page.find('.reach').attributes()).not.toHaveProperty('inert')
    page.unmount()
  })

  it('takes its links out of reach while its figures are old', async () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-21T04:00:00Z'), toFake: ['Date', 'setInterval', 'clearInterval'] })
    try {
      const page = await open('')
      expect(page.find('.reach').attributes()).not.toHaveProperty('inert')
      await vi.advanceTimersByTimeAsync(17_000)
      await flushPromises()
      expect(page.find('.old').exists()).toBe(true)
      expect(page.find('.reach').attributes()).toHaveProperty('inert')
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
