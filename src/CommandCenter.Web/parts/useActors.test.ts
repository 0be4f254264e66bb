import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, provide, shallowRef } from 'vue'
import { createClient } from '../api/client'
import { provideOrganization } from '../api/organization'
import { provideClient } from '../api/useClient'
import { createWords, type Language } from '../i18n'
import DutyHandOver from '../desk/DutyHandOver.vue'
import DutyWeek from '../desk/DutyWeek.vue'
import HistoryTimeline from '../desk/HistoryTimeline.vue'
import MeetingView from '../desk/MeetingView.vue'
import YardHistoryView from '../desk/YardHistoryView.vue'
import { drawerKey } from './kept'
import { memoryStore } from '../worker/store'
import TaskAtHand from './TaskAtHand.vue'
import WhistleAtHand from './WhistleAtHand.vue'

const town = '500153003'
const yard = '500153003001001001'
const at = '2026-11-30T04:00:00.000000Z'
const people = [['post-handler-01', '岗位人员 01', 'Handler 01'], ['sector-lead-02', '板块负责人 02', 'Sector lead 02']].map(([id, name, nameEn]) => ({ id, name, nameEn, roles: [{ role: 'post_handler', place: town }] }))
const organization = { timeZone: 'Asia/Shanghai', areas: [{ code: yard, name: '一号院', nameEn: 'Yard 1', level: 'yard' }], sectors: [], posts: [], categories: [], people }
const absent = { id: 'sector-lead-02', name: '板块负责人 02', nameEn: 'Sector lead 02' }
const flat = { id: 'post-handler-01', name: '岗位人员 01', nameEn: 'Handler 01', role: 'sector_lead', place: town, for: absent }
const spoken = { id: 'post-handler-01', name: { zh: '岗位人员 01', en: 'Handler 01' }, role: 'sector_lead', place: town, for: absent }

const line = { number: 1, kind: 'town', caseId: 'c1', text: '路灯', area: yard, category: 'lamp', open: false, feedbackDue: false, outcome: 'closed', feedback: { way: 'in_person', by: flat, at } }
const meeting = { id: 'm1', version: 2, stage: 'listed', tier: 'group', area: yard, form: 'on_site', venue: '院坝', topics: [], registeredBy: flat, hostRole: 'village_secretary', agenda: [], lines: [line], possible: [], photos: [], photosHidden: 0, attachments: [], attachmentsHidden: 0, policy: 'default-1', registeredAt: at, heldAt: at, updatedAt: at, host: 'post-handler-01' }
const task = { id: 't1', version: 2, list: 'l1', listTitle: '排查', item: 1, title: '排查', text: '逐户', matter: 'gas', target: yard, stage: 'assigned', dueAt: at, late: false, round: 1, assignedAt: at, evidence: {}, photos: [], photosHidden: 0, attachments: [], attachmentsHidden: 0, issuer: spoken, returns: 0, sentBacks: 0, past: [], history: [{ type: 'task_cancelled', by: spoken, at, happenedAt: at }], possible: [] }
const whistle = { id: 'w1', version: 2, stage: 'open', area: yard, text: '塌陷', blownBy: spoken, blownAt: at, updatedAt: at, photos: [], photosHidden: 0, attachments: [], attachmentsHidden: 0, sectors: [], calls: [], history: [{ type: 'whistle_withdrawn', by: spoken, at, happenedAt: at }], possible: [] }
const shift = { number: 1, person: 'sector-lead-02', from: at, to: at, role: 'lead', follows: [2], needsRelief: true, handOver: { to: 2, by: 'post-handler-01', for: 'sector-lead-02', at, note: '无', open: [] } }
const relieved = { ...shift, relief: { to: 2, by: 'post-handler-01', for: 'sector-lead-02', at, handedOver: true } }
const next = { ...shift, number: 2, person: 'me', handOver: undefined, follows: [] }
const roster = { place: town, from: at, to: at, onDuty: [], shifts: [relieved], gaps: [], possible: [] }

/** Every history that tells who acted, each with what it is asked to show. */
const histories: Record<string, [component: object, props: object]> = {
  'a case': [HistoryTimeline, { caseId: 'c1', area: yard, items: [{ version: 1, position: '1:1', eventId: 'e', type: 'case_urged', recordedAt: at, happenedAt: at, actor: flat, data: {} }], names: new Map() }],
  'a task': [TaskAtHand, { taskId: 't1', now: 0 }],
  'a whistle': [WhistleAtHand, { whistleId: 'w1' }],
  'a meeting': [MeetingView, { meetingId: 'm1', policy: undefined, now: 0, tick: 0 }],
  'a yard': [YardHistoryView, { yard, now: 0, tick: 0 }],
  'a roster': [DutyWeek, { roster, center: town }],
  'a hand-over': [DutyHandOver, { shifts: [shift], all: [shift, next], center: town, actor: 'me', matters: [] }],
}

async function tell([component, props]: [object, object], language: Language) {
  vi.stubGlobal('fetch', async (url: string) => {
    const body = url.startsWith('/api/organization') ? organization : url.startsWith('/api/tasks') ? task : url.startsWith('/api/whistles') ? whistle : url.includes('/yards') || url.includes('/history') ? { area: yard, items: [{ meeting, lines: [line] }] } : url.startsWith('/api/meetings') ? meeting : { items: [] }
    return new Response(JSON.stringify(body))
  })
  const Page = defineComponent({
    components: { Inner: component },
    setup() {
      provide(drawerKey, shallowRef(memoryStore()))
      return { props, directory: provideOrganization(provideClient(createClient(() => ({ actor: 'me' }))), () => language).directory }
    },
    template: '<Inner v-if="directory" v-bind="props" />',
  })
  const page = mount(Page, { global: { plugins: [createWords(language)] } })
  for (let n = 0; n < 6; n++) await flushPromises()
  const text = page.text()
  page.unmount()
  return text
}

describe('Who acted for somebody absent', () => {
  afterEach(() => vi.unstubAllGlobals())

  it.each(Object.keys(histories))('is told with both names in the history of %s, in both languages', async (name) => {
    expect(await tell(histories[name]!, 'zh')).toContain('岗位人员 01（代板块负责人 02）')
    expect(await tell(histories[name]!, 'en')).toContain('Handler 01 (for Sector lead 02)')
  })
})
