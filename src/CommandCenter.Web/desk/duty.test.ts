import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'
import { createClient, type Identity } from '../api/client'
import { provideOrganization } from '../api/organization'
import type { DutyShift } from '../api/types'
import { provideClient } from '../api/useClient'
import { createWords } from '../i18n'
import type { Place } from '../parts/deskLink'
import DutyBook from './DutyBook.vue'
import { isMine, mondayOf, nextOf, personOf, weekLater } from './duty'

const zone = 'Asia/Shanghai'
const town = '500153003'
const seat = (role: string, more: object = {}) => ({ role, place: town, ...more })
const organization = {
  timeZone: zone,
  areas: [{ code: town, name: '广顺街道', nameEn: 'Guangshun', level: 'town' }],
  sectors: [],
  posts: [],
  departments: [],
  people: [
    { id: 'dispatcher-01', name: '调度员 01', nameEn: 'Dispatcher 01', roles: [seat('dispatcher')] },
    { id: 'operator-01', name: '值班员 01', nameEn: 'Operator 01', roles: [seat('center_operator')] },
    { id: 'operator-02', name: '值班员 02', nameEn: 'Operator 02', roles: [seat('center_operator')] },
  ],
  categories: [{ code: 'flood', name: '内涝', nameEn: 'Flood', sector: 'safety_and_law' }],
}
const matter = { case: 'c1', number: '500153003-20261130-0001', stage: 'filed', urgency: 'emergency', category: 'flood', area: town, dueAt: '2026-11-30T12:30:00.000000Z' }
const shift = (number: number, person: string, from: string, to: string, more: Partial<DutyShift> = {}): DutyShift => ({ number, person, from, to, role: 'operator', follows: [], needsRelief: false, ...more }) as DutyShift
const morning = shift(1, 'operator-01', '2026-11-30T00:00:00Z', '2026-11-30T12:00:00Z', { follows: [2], needsRelief: true, standing: 'held_over', heldSince: '2026-11-30T12:00:00Z' })
const night = shift(2, 'operator-02', '2026-11-30T12:00:00Z', '2026-12-01T00:00:00Z', { standing: 'awaited' })
const handed = { ...morning, handOver: { to: 2, by: 'operator-01', at: '2026-11-30T11:50:00Z', note: '桥头积水', open: [matter] } } as DutyShift

describe('A week of the roster', () => {
  it('begins on Monday by the clock of the district', () => {
    expect(mondayOf(Date.parse('2026-11-29T15:59:00Z'), zone)).toBe('2026-11-22T16:00:00.000Z')
    expect(mondayOf(Date.parse('2026-11-29T16:00:00Z'), zone)).toBe('2026-11-29T16:00:00.000Z')
    expect(weekLater('2026-11-29T16:00:00.000Z', -1)).toBe('2026-11-22T16:00:00.000Z')
  })
})

describe('A shift', () => {
  it('is for whoever has it and whoever follows, and for nobody once another went on', () => {
    for (const [who, mine] of [['operator-01', true], ['operator-02', true], ['dispatcher-01', false]] as const) expect(isMine(morning, [morning, night], who)).toBe(mine)
    expect(isMine({ ...morning, relief: { to: 2, by: 'operator-02', at: '2026-11-30T12:05:00Z', handedOver: true } }, [morning, night], 'operator-01')).toBe(false)
    expect(isMine(night, [morning, night], 'operator-02')).toBe(false)
  })

  it('goes to the one it was handed to, and of somebody absent it is the substitute who is there', () => {
    expect(nextOf(handed, [handed, night])?.number).toBe(2)
    expect(personOf({ ...night, substitute: 'dispatcher-01' })).toBe('dispatcher-01')
    expect(isMine({ ...morning, substitute: 'dispatcher-01' }, [morning, night], 'operator-01')).toBe(false)
  })
})

const settle = async () => {
  for (let n = 0; n < 6; n++) await flushPromises()
}

interface Sent {
  url: string
  method: string
  body: unknown
}

function show(identity: Identity, queue: string, shifts: DutyShift[], more: { possible?: string[]; gaps?: object[]; answer?: (url: string) => unknown } = {}) {
  const sent: Sent[] = []
  const roster = { place: town, from: '2026-11-29T16:00:00Z', to: '2026-12-06T16:00:00Z', onDuty: [{ person: 'operator-01', role: 'operator', standing: 'held_over', shift: 1 }, { person: 'operator-02', role: 'operator', standing: 'awaited', shift: 2 }], shifts, gaps: more.gaps ?? [], possible: more.possible ?? [] }
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    sent.push({ url, method: init.method ?? 'GET', body: init.body })
    if ((init.method ?? 'GET') === 'POST') return new Response(JSON.stringify(more.answer?.(url) ?? { id: town, version: 2, position: '1:9' }))
    const body = url.startsWith('/api/organization') ? organization
      : url.startsWith('/api/inbox') ? { unread: 0, items: [] }
      : url.startsWith(`/api/duty/${town}/open`) ? { place: town, open: [matter] }
      : url.startsWith('/api/duty/') ? roster
      : { place: town, today: '2026-11-30', absences: [{ number: 1, person: 'operator-02', from: '2026-12-01', to: '2026-12-03', substitute: 'operator-01', holds: false, mayEnd: true }], mayEnterOf: ['operator-01', 'operator-02'] }
    return new Response(JSON.stringify(body))
  })
  const place = ref<Place>({ view: 'duty', queue })
  const Desk = defineComponent({
    components: { DutyBook },
    setup() {
      const client = provideClient(createClient(() => identity))
      const { organization: loaded } = provideOrganization(client, () => 'zh')
      return { identity, place, loaded }
    },
    template: '<DutyBook v-if="loaded" :identity="identity" :place="place" @go="place = $event" />',
  })
  return { wrapper: mount(Desk, { global: { plugins: [createWords('zh')] } }), sent }
}

afterEach(() => vi.unstubAllGlobals())

describe('The duty desk', () => {
  it('shows who is on duty with what is wrong, and the shifts of the week', async () => {
    const { wrapper } = show({ actor: 'operator-02', role: 'center_operator' }, 'roster', [morning, night], { gaps: [{ role: 'operator', from: '2026-12-01T00:00:00Z', to: '2026-12-01T12:00:00Z' }] })
    await settle()
    expect(wrapper.find('.list').text()).toContain('值班员 01')
    expect(wrapper.find('.list').text()).toContain('未交班，仍在岗')
    expect(wrapper.findAll('tbody tr')).toHaveLength(2)
    expect(wrapper.find('.gaps').text()).toContain('值班员')
    expect(wrapper.find('.import').exists()).toBe(false)
    wrapper.unmount()
  })

  it('gives a shift to somebody else for who plans it', async () => {
    const { wrapper, sent } = show({ actor: 'dispatcher-01', role: 'dispatcher' }, 'roster', [morning, night], { possible: ['plan', 'reassign'] })
    await settle()
    await wrapper.findAll('tbody .button')[0]!.trigger('click')
    await wrapper.find('tbody select').setValue('dispatcher-01')
    await wrapper.find('tbody form').trigger('submit')
    await settle()
    const post = sent.find((one) => one.method === 'POST')!
    expect([post.url, JSON.parse(String(post.body))]).toEqual([`/api/duty/${town}/reassign`, { shift: 1, person: 'dispatcher-01' }])
    wrapper.unmount()
  })

  it('hands a shift over with a note and the urgent matters as they stand', async () => {
    const { wrapper, sent } = show({ actor: 'operator-01', role: 'center_operator' }, 'hand_over', [morning, night])
    await settle()
    expect(wrapper.find('.matters').text()).toContain(matter.number)
    expect(wrapper.find('form .primary').attributes('disabled')).toBeDefined()
    await wrapper.find('form textarea').setValue('桥头积水，已设围挡')
    await wrapper.find('form').trigger('submit')
    await settle()
    const post = sent.find((one) => one.method === 'POST')!
    expect([post.url, JSON.parse(String(post.body))]).toEqual([`/api/duty/${town}/hand-over`, { shift: 1, note: '桥头积水，已设围挡' }])
    wrapper.unmount()
  })

  it('accepts what was handed over, having shown it, and takes over what was not, with a reason', async () => {
    const given = show({ actor: 'operator-02', role: 'center_operator' }, 'hand_over', [handed, night])
    await settle()
    expect(given.wrapper.find('blockquote').text()).toBe('桥头积水')
    expect(given.wrapper.find('.matters').text()).toContain(matter.number)
    await given.wrapper.find('form').trigger('submit')
    await settle()
    expect(given.sent.find((one) => one.method === 'POST')?.url).toBe(`/api/duty/${town}/accept`)
    given.wrapper.unmount()

    const left = show({ actor: 'operator-02', role: 'center_operator' }, 'hand_over', [morning, night])
    await settle()
    await left.wrapper.find('form textarea').setValue('当班人未到')
    await left.wrapper.find('form').trigger('submit')
    await settle()
    const post = left.sent.find((one) => one.method === 'POST')!
    expect([post.url, JSON.parse(String(post.body))]).toEqual([`/api/duty/${town}/take-over`, { shift: 1, reason: '当班人未到' }])
    left.wrapper.unmount()
  })

  it('enters who is absent with a substitute, and ends it', async () => {
    const { wrapper, sent } = show({ actor: 'dispatcher-01', role: 'dispatcher' }, 'absences', [])
    await settle()
    expect(wrapper.find('tbody').text()).toContain('值班员 02')
    await wrapper.find('tbody .button').trigger('click')
    const [person, substitute] = wrapper.findAll('.entry select')
    await person!.setValue('operator-01')
    await substitute!.setValue('operator-02')
    await wrapper.find('.entry').trigger('submit')
    await settle()
    expect(sent.filter((one) => one.method === 'POST').map((one) => [one.url, JSON.parse(String(one.body))])).toEqual([
      ['/api/absences/end', { absence: 1 }],
      ['/api/absences/record', { person: 'operator-01', from: '2026-11-30', to: '2026-11-30', substitute: 'operator-02' }],
    ])
    wrapper.unmount()
  })
})
