import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, provide, shallowRef, type Component } from 'vue'
import type { Identity } from '../api/client'
import { createClient } from '../api/client'
import { provideOrganization } from '../api/organization'
import { provideClient } from '../api/useClient'
import { createWords } from '../i18n'
import { bodyOf, filesIn, wrongIn, type Values } from '../parts/actions'
import { emptyLine, wrongInLine } from '../parts/lines'
import { drawerKey } from '../parts/kept'
import { withMember } from '../parts/useCommand'
import { meetingActions } from '../desk/meetingActions'
import { matterOf } from './matter'
import Meetings from './Meetings.vue'
import OpenedMatter from './OpenedMatter.vue'
import { memoryStore } from './store'

const yard = '500153003001001001'
const head: Identity = { actor: 'yard-head-01', role: 'yard_head' }
const organization = {
  timeZone: 'Asia/Shanghai',
  areas: [
    { code: '500153003001', name: '檬梓桥社区', nameEn: 'Mengziqiao', level: 'village' },
    { code: '500153003001001', name: '第一网格', nameEn: 'Grid 1', level: 'grid' },
    { code: yard, name: '檬香小院', nameEn: 'Mengxiang yard', level: 'yard' },
  ],
  sectors: [],
  posts: [],
  departments: [],
  people: [{ id: 'yard-head-01', name: '小院院长 01', nameEn: 'Yard head 01', roles: [{ role: 'yard_head', place: yard }] }, { id: 'dispatcher-01', name: '调度员 01', nameEn: 'Dispatcher 01', roles: [] }],
  categories: [{ code: 'rubbish', sector: 'livelihood', name: '垃圾清运', nameEn: 'Rubbish' }],
}
const at = '2026-11-30T04:00:00.000000Z'
const item = { id: 'm1', version: 1, stage: 'held', tier: 'village', form: 'on_site', area: yard, hostRole: 'yard_head', topics: [], lines: 0, onSpot: 0, open: 0, feedbackDue: 0, updatedAt: at, heldAt: at }
const meeting = { ...item, agenda: [], photos: [], photosHidden: 0, attachments: [], attachmentsHidden: 0, lines: [], policy: 'p', registeredBy: { id: 'yard-head-01' }, possible: ['record-minutes', 'import-list'] }
const policy = { version: 'p', tiers: [{ tier: 'village', hosts: ['village_secretary', 'yard_head'], areas: ['yard'] }], agenda: [], topics: [] }
const shift = (number: number, person: string, more: object = {}) => ({ number, person, from: at, to: at, role: 'operator', follows: [], needsRelief: true, ...more })
const roster = { place: '500153003', from: at, to: at, onDuty: [], gaps: [], possible: ['accept'], shifts: [shift(1, 'dispatcher-01', { follows: [2], standing: 'on_duty', handOver: { to: 2, by: 'dispatcher-01', at, note: '一件特急', open: [] } }), shift(2, 'yard-head-01')] }

async function open(component: Component, props: object, answers: Record<string, unknown> = {}) {
  const sent: { url: string; body: unknown }[] = []
  const asked: string[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (init.method === 'POST') {
      sent.push({ url, body: JSON.parse(String(init.body)) })
      return new Response('{"id":"m1","version":4,"position":"1:9"}')
    }
    asked.push(url)
    const known: Record<string, unknown> = { '/api/organization': organization, '/api/meetings/policy': policy, '/api/meetings/m1': meeting, '/api/meetings': { items: [item] }, '/api/duty/500153003': roster, ...answers }
    const path = Object.keys(known).sort((a, b) => b.length - a.length).find((one) => url.startsWith(one))
    return new Response(JSON.stringify(known[path ?? ''] ?? {}))
  })
  const Phone = defineComponent({
    components: { Page: component },
    setup() {
      provide(drawerKey, shallowRef(memoryStore()))
      return { props, directory: provideOrganization(provideClient(createClient(() => head)), () => 'zh').directory }
    },
    template: '<Page v-if="directory" v-bind="props" />',
  })
  const page = mount(Phone, { global: { plugins: [createWords('zh')] } })
  const settle = async () => {
    for (let n = 0; n < 8; n++) await flushPromises()
    await vi.dynamicImportSettled()
    for (let n = 0; n < 8; n++) await flushPromises()
  }
  await settle()
  const press = async (words: string) => {
    const button = page.findAll('button').find((one) => one.text() === words)
    expect(button, words).toBeDefined()
    await button?.trigger('click')
    await settle()
  }
  return { page, sent, asked, press, settle }
}

afterEach(() => vi.unstubAllGlobals())

describe('Meetings on the phone of a yard’s head', () => {
  it('are those of the yard, with those whose people wait for an answer counted', async () => {
    const { page, asked } = await open(Meetings, { identity: head })
    expect(asked).toContain(`/api/meetings?open=true&scope=${yard}&limit=50`)
    expect(asked).toContain(`/api/meetings?feedbackDue=true&scope=${yard}&limit=50`)
    expect(page.find('article').text()).toContain('檬香小院')
  })

  it('are registered as held by the head of the yard, in the yard', async () => {
    const { page, sent, press, settle } = await open(Meetings, { identity: head })
    await press('登记会议')
    const [people, households] = page.findAll('.meetings form input.numeric.short')
    await people?.setValue('31')
    await households?.setValue('18')
    await page.find('.meetings form').trigger('submit')
    await settle()
    expect(sent).toEqual([{ url: '/api/meetings/held', body: { tier: 'village', hostRole: 'yard_head', area: yard, attendance: { participants: 31, householdsPresent: 18 }, form: 'on_site' } }])
  })

  it('take a list line by line', async () => {
    const { page, sent, press, settle } = await open(Meetings, { identity: head })
    await page.find('article .head').trigger('click')
    await settle()
    await press('导入问题清单')
    await page.find('.sheet form').trigger('submit')
    expect(page.find('.sheet form .wrong').text()).toContain('每条都要选办理层级')
    await press('村级实事')
    await page.find('.lines textarea').setValue('垃圾桶破损')
    await page.find('.lines select').setValue('rubbish')
    await page.find('.sheet form').trigger('submit')
    await settle()
    expect(sent).toEqual([{ url: '/api/meetings/m1/import-list', body: { lines: [{ kind: 'village', text: '垃圾桶破损', category: 'rubbish' }] } }])
  })

  it('bring no file from a phone', async () => {
    const { page, settle } = await open(Meetings, { identity: head })
    await page.find('article .head').trigger('click')
    await settle()
    expect(page.find('.sheet').exists()).toBe(true)
    expect(page.find('.import').exists()).toBe(false)
  })

  it('say that they could not be read', async () => {
    const { page } = await open(Meetings, { identity: head }, { '/api/meetings': undefined })
    expect(page.find('.failure').exists()).toBe(true)
  })
})

describe('A line of a list', () => {
  const action = meetingActions({ lines: [], area: yard } as never, (key) => key).find((one) => one.name === 'import-list')!
  const photo = { id: 'p', blob: new Blob(['p']) }
  const line = { ...emptyLine(), kind: 'town' as const, text: ' 路灯不亮 ', category: 'street-light' }

  it('needs whose matter it is, its words and its category; on the spot also how; of a whole village also where', () => {
    expect(wrongInLine(emptyLine(), yard)).toEqual(['kind', 'text', 'category'])
    expect(wrongInLine({ ...line, kind: 'on_spot' }, yard)).toEqual(['outcome'])
    expect(wrongInLine(line, '500153003001')).toEqual(['area'])
    expect(wrongIn(action, { lines: [line, emptyLine()] })).toEqual(['lines'])
    expect(wrongIn(action, { lines: [line] })).toEqual([])
  })

  it('is sent as the host takes it, with its own photos', () => {
    const values: Values = { lines: [line, { ...line, kind: 'on_spot', outcome: '已换灯泡', name: '群众', urgency: 'urgent', photos: [photo] }] }
    const body = bodyOf(action, values, 'Asia/Shanghai')
    expect(body).toEqual({ lines: [{ kind: 'town', text: '路灯不亮', category: 'street-light' }, { kind: 'on_spot', text: '路灯不亮', category: 'street-light', urgency: 'urgent', outcome: '已换灯泡', raisedBy: { name: '群众' } }] })
    expect(filesIn(action, values)).toEqual({ 'lines.1.photos': [photo] })
    const whole = withMember(body, 'lines.1.photos', ['sha256:1'])
    expect((whole.lines as { photos?: string[] }[]).map((one) => one.photos)).toEqual([undefined, ['sha256:1']])
    expect(JSON.stringify(body)).not.toContain('sha256')
  })
})

describe('What a notice on the phone opens', () => {
  it.each([
    [{ caseId: 'c1', subject: 'case:c1' }, { kind: 'case', id: 'c1' }],
    [{ subject: 'task:l-1-2' }, { kind: 'task', id: 'l-1-2' }],
    [{ subject: 'whistle:w1' }, { kind: 'whistle', id: 'w1' }],
    [{ subject: 'meeting:m1' }, { kind: 'meeting', id: 'm1' }],
    [{ subject: 'duty:500153003' }, { kind: 'duty', id: '500153003' }],
    [{ subject: 'agenda:500153003' }, undefined],
  ])('%j', (notice, matter) => expect(matterOf(notice)).toEqual(matter))

  it('is a meeting with its list', async () => {
    const { page } = await open(OpenedMatter, { identity: head, matter: { kind: 'meeting', id: 'm1' } })
    expect(page.find('.sheet h1').text()).toBe('檬梓桥社区 · 第一网格 · 檬香小院院坝会')
  })

  it('is a shift that was handed over, which is accepted there', async () => {
    const { page, sent, settle } = await open(OpenedMatter, { identity: head, matter: { kind: 'duty', id: '500153003' } })
    expect(page.find('blockquote').text()).toContain('一件特急')
    expect(page.find('form [type=submit]').text()).toBe('确认接班')
    await page.find('form').trigger('submit')
    await settle()
    expect(sent).toEqual([{ url: '/api/duty/500153003/accept', body: { shift: 1 } }])
  })
})
