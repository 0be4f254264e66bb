import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent } from 'vue'
import { createClient, type Identity } from '../api/client'
import { provideOrganization } from '../api/organization'
import type { FigureValue, FigureView, StatisticsView } from '../api/types'
import { provideClient } from '../api/useClient'
import { createWords, type Language } from '../i18n'
import { csvOf, daysOf, differenceOf, faultOfPeriod, figureSets, figuresOf, holdsAnything, inOrder, mayComparePeople, outsideGroups, partsOf, periodOf, readStatistics, shownNumber, startFilter, statisticsLink, stepped, timeUnitOf, type Bounds, type StatisticsFilter } from './statistics'
import StatisticsBook from './StatisticsBook.vue'
import { rowsOf } from './statisticsExport'

enableAutoUnmount(afterEach)

const town = '500153003'
const bounds: Bounds = { homes: [town], today: '2026-11-20', people: true }
const search = (link: string) => link.slice(link.indexOf('?'))

const count = (code: string, more: Partial<FigureView> = {}): FigureView => ({ code, kind: 'count', name: code, nameEn: code, formula: `${code} 的次数`, formulaEn: `times ${code}`, listed: true, ...more })
const catalogue: FigureView[] = [
  count('reported', { name: '上报', nameEn: 'reported' }),
  count('closed', { name: '结案', nameEn: 'closed' }),
  count('closed_on_time', { name: '按期结案', nameEn: 'closed on time' }),
  count('closed_late', { name: '超期结案', nameEn: 'closed late' }),
  count('closing_late_open', { name: '超期未结案', nameEn: 'late and open' }),
  count('closing_due', { name: '应结案', nameEn: 'closing due', listed: false, sum: ['closed_on_time', 'closed_late', 'closing_late_open'] }),
  count('on_time_closing_rate', { name: '按期结案率', nameEn: 'on-time closing rate', kind: 'share', listed: false, numerator: 'closed_on_time', denominator: 'closing_due' }),
  count('closing_mean', { name: '平均结案用时', nameEn: 'mean time to close', kind: 'mean', listed: false, denominator: 'closed' }),
]
const figure = (code: string) => catalogue.find((one) => one.code === code)!

describe('Every figure of the host', () => {
  const source = readFileSync(join(import.meta.dirname, '../../CommandCenter.Domain/Statistics/Figures.cs'), 'utf8')
  const codes = [...source.matchAll(/(?:Of|Share|Time|new)\("([a-z0-9_]+)"/g)].map(([, code]) => code)

  it('is found in its source', () => {
    expect(codes.length).toBeGreaterThan(40)
  })

  it('stands in a set, and no set has one that the host does not know', () => {
    const shown: string[] = Object.values(figureSets).flat()
    expect(codes.filter((code) => !shown.includes(code!))).toEqual([])
    expect(shown.filter((code) => !codes.includes(code))).toEqual([])
  })
})

describe('A period', () => {
  it('is the whole week, month, quarter or year of a day, and a week begins on Monday', () => {
    expect(periodOf('day', '2026-11-20')).toEqual({ from: '2026-11-20', to: '2026-11-20' })
    expect(periodOf('week', '2026-11-22')).toEqual({ from: '2026-11-16', to: '2026-11-22' })
    expect(periodOf('week', '2026-11-23')).toEqual({ from: '2026-11-23', to: '2026-11-29' })
    expect(periodOf('month', '2028-02-10')).toEqual({ from: '2028-02-01', to: '2028-02-29' })
    expect(periodOf('quarter', '2026-11-20')).toEqual({ from: '2026-10-01', to: '2026-12-31' })
    expect(periodOf('year', '2026-11-20')).toEqual({ from: '2026-01-01', to: '2026-12-31' })
  })

  it('is followed by the next of its kind, and one of one’s own by as many days', () => {
    expect(stepped('month', periodOf('month', '2026-12-05'), 1)).toEqual({ from: '2027-01-01', to: '2027-01-31' })
    expect(stepped('quarter', periodOf('quarter', '2026-02-05'), -1)).toEqual({ from: '2025-10-01', to: '2025-12-31' })
    expect(stepped('week', periodOf('week', '2027-01-01'), 1)).toEqual({ from: '2027-01-04', to: '2027-01-10' })
    expect(stepped('free', { from: '2026-03-01', to: '2026-03-10' }, -1)).toEqual({ from: '2026-02-19', to: '2026-02-28' })
  })

  it('of one’s own has two days in their order, and no more than a leap year', () => {
    expect(faultOfPeriod({ from: '2026-11-20', to: '' })).toBe('missing')
    expect(faultOfPeriod({ from: '2026-02-30', to: '2026-03-01' })).toBe('missing')
    expect(faultOfPeriod({ from: '2026-11-20', to: '2026-11-19' })).toBe('order')
    expect(faultOfPeriod({ from: '2028-01-01', to: '2028-12-31' })).toBeUndefined()
    expect(faultOfPeriod({ from: '2028-01-01', to: '2029-01-01' })).toBe('long')
    expect(daysOf({ from: '2028-01-01', to: '2028-12-31' })).toBe(366)
  })
})

describe('A filter of statistics', () => {
  it('is found again from its address, whatever it holds', () => {
    const filters: StatisticsFilter[] = [
      startFilter(bounds),
      { ...startFilter(bounds), by: undefined },
      { ...startFilter(bounds), scope: `${town}001`, kind: 'week', ...periodOf('week', '2026-10-07'), by: 'category', sector: 'economy', compare: 'none' },
      { ...startFilter(bounds), kind: 'free', from: '2026-03-05', to: '2026-04-09', by: 'person', set: 'own', figures: ['closed', 'closing_mean'], compare: 'year', figure: 'closing_mean', order: 'ascending' },
      { ...startFilter(bounds), by: 'unit', open: { figure: 'closing_due', key: 'post:village-construction', part: 'closed_late' } },
      { ...startFilter(bounds), kind: 'day', ...periodOf('day', '2026-11-19'), open: { figure: 'closed' } },
    ]
    for (const filter of filters) expect(readStatistics(search(statisticsLink(filter)), bounds)).toEqual(filter)
  })

  it('can be read aloud', () => {
    expect(statisticsLink({ ...startFilter(bounds), by: 'unit', open: { figure: 'closed', key: 'post:ecology' } })).toBe('/desk/?view=statistics&scope=500153003&period=month&on=2026-11-01&by=unit&set=meeting&cases=closed&key=post:ecology')
  })

  it('survives nonsense in an address', () => {
    expect(readStatistics('?scope=9&period=moon&on=2026-13-01&by=colour&sector=x&set=none&figures=<b>,&compare=?&figure=A B&order=up&cases=%00', bounds)).toEqual({ ...startFilter(bounds), by: undefined })
    expect(readStatistics('?period=free&from=2026-01-01&to=2020-01-01', bounds)).toEqual(startFilter(bounds))
  })

  it('never asks for a place or for people that are not one’s to see', () => {
    expect(readStatistics('?scope=500153004', bounds).scope).toBe(town)
    expect(readStatistics('?scope=500153', bounds).scope).toBe(town)
    expect(readStatistics('?by=person', { ...bounds, people: false }).by).toBe('place')
    expect(mayComparePeople('grid_worker')).toBe(false)
    expect(mayComparePeople('office')).toBe(true)
  })

  it('shows the figures of its set, or one’s own in the order in which they were ticked', () => {
    expect(figuresOf({ ...startFilter(bounds), set: 'own', figures: ['closing_mean', 'nonsense', 'closed'] }, catalogue).map(({ code }) => code)).toEqual(['closing_mean', 'closed'])
    expect(figuresOf({ ...startFilter(bounds), set: 'closing' }, catalogue)[0]?.code).toBe('closed')
  })
})

describe('A difference', () => {
  it('of a count says by how many and by what part of what there was', () => {
    expect(differenceOf('count', 115, 100, 'hours', true)).toEqual({ sign: 'up', amount: 15, ratio: 0.15 })
    expect(differenceOf('count', 90, 100, 'hours', true)).toEqual({ sign: 'down', amount: 10, ratio: 0.1 })
    expect(differenceOf('count', 7, 7, 'hours', true)).toEqual({ sign: 'level', amount: 0 })
    expect(differenceOf('count', 5, 0, 'hours', true)).toEqual({ sign: 'up', amount: 5 })
  })

  it('of a share is in percentage points, of a time in the unit of its column', () => {
    expect(differenceOf('share', 0.9583, 0.9123, 'hours', true)).toEqual({ sign: 'up', amount: 4.6 })
    expect(differenceOf('share', 0.90001, 0.90002, 'hours', true)).toEqual({ sign: 'level', amount: 0 })
    expect(differenceOf('mean', 7200, 14_400, 'hours', true)).toEqual({ sign: 'down', amount: 2, ratio: 0.5 })
  })

  it('is missing with its reason, never zero', () => {
    expect(differenceOf('share', undefined, 0.5, 'hours', true)).toEqual({ missing: 'nothing_counted' })
    expect(differenceOf('share', 0.5, undefined, 'hours', true)).toEqual({ missing: 'nothing_then' })
    expect(differenceOf('count', 48_749, 0, 'hours', false)).toEqual({ missing: 'not_recorded' })
  })

  it('is taken from nothing that was never recorded', () => {
    const total: FigureValue[] = [{ code: 'reported', value: 3, before: 0, yearBefore: 0 }, { code: 'closed', value: 0, before: 1, yearBefore: 0 }]
    expect([holdsAnything(total, catalogue, 'value'), holdsAnything(total, catalogue, 'before'), holdsAnything(total, catalogue, 'yearBefore')]).toEqual([true, true, false])
  })
})

describe('A number', () => {
  it('is shown with one digit where it may have one, rounded half up', () => {
    expect(shownNumber('count', 1234, 'hours')).toBe(1234)
    expect([0.0555, 0.95836, 0.9999, 1].map((share) => shownNumber('share', share, 'hours'))).toEqual([5.6, 95.8, 100, 100])
    expect([shownNumber('mean', 5430, 'minutes'), shownNumber('mean', 5430, 'hours'), shownNumber('mean', 432_000, 'days')]).toEqual([90.5, 1.5, 5])
  })

  it('of a time is told in the unit of the largest of its column', () => {
    expect(timeUnitOf([undefined, 600, 7199])).toBe('minutes')
    expect(timeUnitOf([600, 7200])).toBe('hours')
    expect(timeUnitOf([600, 72 * 3600])).toBe('days')
    expect(timeUnitOf([])).toBe('minutes')
  })
})

describe('What a figure rests on', () => {
  it('is itself where it is listed, and else the counts that it is made of', () => {
    expect(partsOf(figure('closed'), catalogue)).toEqual([{ code: 'closed', above: false, below: false }])
    expect(partsOf(figure('closing_due'), catalogue).map(({ code }) => code)).toEqual(['closed_on_time', 'closed_late', 'closing_late_open'])
    expect(partsOf(figure('on_time_closing_rate'), catalogue)).toEqual([
      { code: 'closed_on_time', above: true, below: true },
      { code: 'closed_late', above: false, below: true },
      { code: 'closing_late_open', above: false, below: true },
    ])
    expect(partsOf(figure('closing_mean'), catalogue)).toEqual([{ code: 'closed', above: false, below: false }])
  })
})

const values = (given: Record<string, number | undefined>): FigureValue[] => Object.entries(given).map(([code, value]) => ({ code, ...(value === undefined ? {} : { value }) }))
const view: StatisticsView = {
  scope: town,
  from: '2026-11-01',
  to: '2026-11-30',
  at: '2026-11-20T04:00:00.000000Z',
  before: { from: '2026-10-01', to: '2026-10-31' },
  yearBefore: { from: '2025-11-01', to: '2025-11-30' },
  by: 'place',
  total: [
    { code: 'reported', value: 30, before: 24, yearBefore: 0 },
    { code: 'closed', value: 21, before: 21, yearBefore: 0 },
    { code: 'closed_on_time', value: 20, before: 20, yearBefore: 0 },
    { code: 'closed_late', value: 1, before: 1, yearBefore: 0 },
    { code: 'closing_late_open', value: 3, before: 4, yearBefore: 0 },
    { code: 'closing_due', value: 24, before: 25, yearBefore: 0 },
    { code: 'on_time_closing_rate', value: 0.8333, of: 24, before: 0.8 },
    { code: 'closing_mean', value: 90_000, of: 21, before: 97_200 },
  ],
  items: [
    { key: `${town}001`, figures: [{ code: 'reported', value: 10, before: 12, yearBefore: 0 }, ...values({ closed: 0, closed_on_time: 0, closed_late: 0, closing_late_open: 0, closing_due: 0 }), { code: 'on_time_closing_rate', of: 0 }, { code: 'closing_mean', of: 0 }] },
    { key: `${town}002`, figures: [{ code: 'reported', value: 18, before: 12, yearBefore: 0 }, ...values({ closed: 21, closed_on_time: 20, closed_late: 1, closing_late_open: 3, closing_due: 24 }), { code: 'on_time_closing_rate', value: 0.8333, of: 24 }, { code: 'closing_mean', value: 90_000, of: 21 }] },
  ],
}

describe('Groups', () => {
  it('stand in the order of a figure, and what has none last either way', () => {
    const keys = (order: 'ascending' | 'descending', by = 'reported') => inOrder(view.items, by, order).map((group) => group.key.slice(-1))
    expect([keys('descending'), keys('ascending')]).toEqual([['2', '1'], ['1', '2']])
    expect([keys('descending', 'closing_mean'), keys('ascending', 'closing_mean')]).toEqual([['2', '1'], ['2', '1']])
    expect(inOrder(view.items, 'reported', undefined)).toEqual(view.items)
  })

  it('may not hold all of it', () => {
    expect([outsideGroups(view, 'reported'), outsideGroups(view, 'closed')]).toEqual([2, 0])
  })
})

describe('An exported table', () => {
  const words = { group: '区域', total: '合计', figure: (one: FigureView) => one.name, unit: (one: FigureView, unit: string) => (one.kind === 'count' ? '件次' : one.kind === 'share' ? '%' : unit), nameOf: (key: string) => key, before: '环比', yearBefore: '同比', basis: (name: string) => `${name}依据数`, withUnit: (name: string, unit: string) => `${name}（${unit}）` }
  const table = { view, groups: view.items, figures: [figure('reported'), figure('on_time_closing_rate'), figure('closing_mean')], units: { closing_mean: 'hours' as const }, recorded: { before: true, yearBefore: false } }

  it('has what the page has: numbers in its units, what they rest on, and differences with their sign', () => {
    expect(rowsOf({ ...table, compare: 'both' }, words)).toEqual([
      ['区域', '上报（件次）', '上报 环比', '上报 同比', '按期结案率（%）', '按期结案率依据数', '按期结案率 环比', '按期结案率 同比', '平均结案用时（hours）', '平均结案用时依据数', '平均结案用时 环比', '平均结案用时 同比'],
      ['合计', 30, 6, '—', 83.3, 24, 3.3, '—', 25, 21, -2, '—'],
      [`${town}001`, 10, -2, '—', '—', 0, '—', '—', '—', 0, '—', '—'],
      [`${town}002`, 18, 6, '—', 83.3, 24, '—', '—', 25, 21, '—', '—'],
    ])
    expect(rowsOf({ ...table, compare: 'none', figures: [figure('reported')] }, words)).toEqual([['区域', '上报（件次）'], ['合计', 30], [`${town}001`, 10], [`${town}002`, 18]])
  })

  it('is read by spreadsheets as it is, without formulas from names', () => {
    expect(csvOf([['=1+1', 'a,"b"'], [-2, '第一行\n第二行']])).toBe('\uFEFF\'=1+1,"a,""b"""\r\n-2,"第一行\n第二行"\r\n')
  })
})

describe('The statistics page', () => {
  const organization = {
    timeZone: 'Asia/Shanghai',
    areas: [{ code: town, name: '广顺街道', nameEn: 'Guangshun', level: 'town' }, { code: `${town}001`, name: '檬梓桥社区', nameEn: 'Mengziqiao', level: 'village' }, { code: `${town}002`, name: '高桥社区', nameEn: 'Gaoqiao', level: 'village' }],
    sectors: [],
    posts: [],
    departments: [],
    people: [{ id: 'office-01', name: '办公室 01', nameEn: 'Office 01', roles: [{ role: 'office', place: town }] }],
    categories: [{ code: 'drainage', name: '排水', nameEn: 'Drainage', sector: 'livelihood' }],
  }
  const counted = (n: number) => ({ at: '2026-11-10T04:00:00.000000Z', seconds: 90_000, late: false, id: `c${n}`, number: `20261110-${n}`, text: '排水沟堵塞', category: 'drainage', sector: 'livelihood', stage: 'closed', area: `${town}002` })
  let asked: string[]
  let answers: Record<string, (query: URLSearchParams) => unknown>
  const office: Identity = { actor: 'office-01', role: 'office' }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
    vi.setSystemTime('2026-11-20T04:00:00Z')
    asked = []
    answers = {
      '/api/organization': () => organization,
      '/api/statistics/figures': () => ({ items: catalogue }),
      '/api/statistics': (query) => ({ ...view, ...(query.get('by') ? {} : { by: undefined, items: [] }) }),
      '/api/statistics/cases': (query) => (query.get('cursor') ? { items: [counted(3)] } : { items: [counted(1), counted(2)], next: 'n' }),
      '/api/inbox': () => ({ unread: 0, items: [] }),
    }
    vi.stubGlobal('fetch', async (address: string) => {
      const url = new URL(address, 'http://host')
      if (url.pathname.startsWith('/api/statistics')) asked.push(`${url.pathname}${url.search}`)
      const answer = answers[url.pathname]?.(url.searchParams)
      if (answer instanceof Error) throw answer
      return new Response(JSON.stringify(answer), { status: 200 })
    })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    history.replaceState(null, '', '/')
  })

  async function show(address = '/desk/?view=statistics', language: Language = 'zh') {
    history.replaceState(null, '', address)
    const page = mount(
      defineComponent({
        components: { StatisticsBook },
        setup: () => {
          const client = provideClient(createClient(() => office))
          const { organization: loaded } = provideOrganization(client, () => language)
          return { loaded, office, place: { view: 'statistics' } }
        },
        template: '<StatisticsBook v-if="loaded" :identity="office" :place="place" />',
      }),
      { global: { plugins: [createWords(language)] }, attachTo: document.body },
    )
    await flushPromises()
    await flushPromises()
    return page
  }
  const rows = (page: Awaited<ReturnType<typeof show>>) => page.findAll('.groups tbody tr')

  it('shows the whole and its groups with what rates rest on, and why there is no rate', async () => {
    const page = await show('/desk/?view=statistics&set=own&figures=reported,on_time_closing_rate')
    expect(asked).toContain('/api/statistics?scope=500153003&from=2026-11-01&to=2026-11-30&by=place')
    expect(rows(page).map((row) => row.find('th').text())).toEqual(['合计', '檬梓桥社区', '高桥社区'])
    expect(rows(page)[0]!.text()).toContain('83.3%20 / 24')
    expect(rows(page)[1]!.text()).toContain('应结案为 0')
    expect(rows(page)[1]!.text()).toMatch(/环比\s*▼减\s*2/)
    expect(page.text()).toContain('同比 2025-11-01 至 2025-11-30（无记录，不对比）')
    expect(page.text()).not.toContain('同比▲')
    expect(page.text()).toContain('“合计”含尚无区域的 上报 2')
    expect(page.text()).toContain('本时段尚未结束')
  })

  it('is complete in English', async () => {
    const page = await show('/desk/?view=statistics&set=own&figures=on_time_closing_rate', 'en')
    expect(page.find('h1').text()).toBe('Guangshun · November 2026')
    expect(rows(page)[1]!.text()).toContain('Closing due: 0')
    expect(page.find('main').text()).not.toMatch(/[\u4e00-\u9fff]/)
  })

  it('says how a figure is worked out in both languages', async () => {
    const page = await show('/desk/?view=statistics&set=own&figures=reported')
    await page.find('.groups .mark').trigger('focus')
    await flushPromises()
    const tip = document.querySelector('[role=tooltip]')
    expect(tip?.textContent).toContain('reported 的次数')
    expect(tip?.querySelector('[lang=en]')?.textContent).toContain('times reported')
    await page.find('.groups .mark').trigger('keydown', { key: 'Escape' })
    expect(document.querySelector('[role=tooltip]')).toBeNull()
  })

  it('keeps what is chosen in the address', async () => {
    const page = await show()
    await page.find('select[name=by]').setValue('category')
    await page.find('select[name=sector]').setValue('economy')
    await page.findAll('.kinds button')[3]!.trigger('click')
    await flushPromises()
    expect(location.search).toBe('?view=statistics&scope=500153003&period=quarter&on=2026-10-01&by=category&sector=economy&set=meeting')
    expect(asked.at(-1)).toBe('/api/statistics?scope=500153003&from=2026-10-01&to=2026-12-31&by=category&sector=economy')
  })

  it('opens exactly the cases of a figure of a group, page by page, and goes back to the table', async () => {
    const page = await show('/desk/?view=statistics&set=own&figures=closed')
    await rows(page)[2]!.find('.open').trigger('click')
    await flushPromises()
    expect(asked.at(-1)).toBe('/api/statistics/cases?scope=500153003&from=2026-11-01&to=2026-11-30&by=place&key=500153003002&figure=closed&limit=50')
    expect(page.find('.cases h1').text()).toBe('结案 · 高桥社区')
    expect(page.findAll('.cases tbody tr').length).toBe(2)
    await page.find('.cases .more').trigger('click')
    await flushPromises()
    expect(asked.at(-1)).toContain('cursor=n')
    expect(page.findAll('.cases tbody tr').map((row) => row.find('a').attributes('href'))).toEqual(['/desk/?case=c1', '/desk/?case=c2', '/desk/?case=c3'])
    expect(location.search).toContain('cases=closed&key=500153003002')
  })

  it('opens a share by what stands above and below it, and asks for the whole without a grouping', async () => {
    const page = await show('/desk/?view=statistics&set=own&figures=on_time_closing_rate&cases=on_time_closing_rate')
    expect(asked.at(-1)).toBe('/api/statistics/cases?scope=500153003&from=2026-11-01&to=2026-11-30&figure=closed_on_time&limit=50')
    expect(page.findAll('.cases .chip').map((chip) => chip.text().replace(/\s+/g, ' '))).toEqual(['按期结案 20分子 · 分母', '超期结案 1分母', '超期未结案 3分母'])
    await page.findAll('.cases .chip')[2]!.trigger('click')
    await flushPromises()
    expect(asked.at(-1)).toContain('figure=closing_late_open')
    expect(location.search).toContain('part=closing_late_open')
  })

  it('never shows the cases of one part under the name of another, however late they come', async () => {
    const page = await show('/desk/?view=statistics&set=own&figures=on_time_closing_rate&cases=on_time_closing_rate')
    let answer = (_: Response) => {}
    const slow = new Promise<Response>((resolve) => (answer = resolve))
    const before = globalThis.fetch
    vi.stubGlobal('fetch', (address: string) => (address.includes('figure=closed_late') ? slow : before(address)))
    await page.findAll('.cases .chip')[1]!.trigger('click')
    await page.findAll('.cases .chip')[0]!.trigger('click')
    await flushPromises()
    answer(new Response(JSON.stringify({ items: [counted(9)] })))
    await flushPromises()
    expect(page.find('.cases').text()).not.toContain('20261110-9')
    expect(page.findAll('.cases tbody tr').length).toBe(2)
  })

  it('keeps what it had, and says from when it is, while it cannot be updated', async () => {
    const page = await show()
    answers['/api/statistics'] = () => new Error('down')
    await page.find('select[name=by]').setValue('source')
    await flushPromises()
    expect(page.find('[role=alert]').exists()).toBe(true)
    expect(page.text()).toContain('下面仍是 12:00 读到的数据')
    expect(rows(page)[1]!.find('th').text()).toBe('檬梓桥社区')
  })

  it('says so where nothing was recorded, and what may help', async () => {
    answers['/api/statistics'] = () => ({ ...view, total: view.total.map(({ code }) => ({ code, value: 0, before: 0, yearBefore: 0 })), items: [] })
    const page = await show()
    expect(page.find('.answer .empty').text()).toContain('这一时段没有记录')
    expect(page.find('.export').attributes('disabled')).toBeDefined()
  })

  it('shows the whole beside its past in full where there are no groups', async () => {
    const page = await show('/desk/?view=statistics&by=none&set=own&figures=reported,closing_mean')
    const [reported, mean] = page.findAll('.totals tbody tr').map((row) => row.text().replace(/\s+/g, ' '))
    expect(reported).toContain('30')
    expect(reported).toMatch(/24▲增6 ?25\.0%$/)
    expect(mean).toContain('25.0')
    expect(mean).toMatch(/27\.0▼减2\.0 ?7\.4%$/)
  })
})
