import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent } from 'vue'
import { createClient } from '../api/client'
import { provideOrganization } from '../api/organization'
import type { CaseDetail, HistoryItem } from '../api/types'
import { provideClient } from '../api/useClient'
import { createWords, type Language } from '../i18n'
import WhyDue from '../parts/WhyDue.vue'
import CaseView from './CaseView.vue'
import { choicesOf } from './forms'
import { timeRequests } from './timeRequests'

enableAutoUnmount(afterEach)

const town = '500153003'
const person = (id: string, name: string, nameEn: string, role: string) => ({ id, name, nameEn, roles: [{ role, place: town }] })
const people = [person('post-handler-07', '岗位人员 07', 'Handler 07', 'post_handler'), person('sector-lead-02', '板块负责人 02', 'Sector lead 02', 'sector_lead'), person('town-leader-01', '镇街领导 01', 'Town leader 01', 'town_leader')]
const organization = { timeZone: 'Asia/Shanghai', areas: [], sectors: [], posts: [], categories: [], people }
const actor = (index: number, more: object = {}) => ({ id: people[index]!.id, name: people[index]!.name, nameEn: people[index]!.nameEn, role: people[index]!.roles[0]!.role, place: town, ...more })
const at = (day: number, hour = 2) => new Date(Date.UTC(new Date().getUTCFullYear(), 2, day, hour)).toISOString()
const item = (type: string, by: object, data: object = {}, day = 2): HistoryItem => ({ version: 1, position: '1:1', eventId: `${type}/${day}/${JSON.stringify(by)}`, type, recordedAt: at(day), happenedAt: at(day), actor: by, data }) as unknown as HistoryItem
const reason = (text: string) => ({ reason: { text, spans: [] } })
const day = { unit: 'working_days', amount: 1 }

const clock = (change: object = {}) => ({
  clock: 'handle', round: 1, state: 'running', startedAt: at(1), limit: { unit: 'working_days', amount: 3 }, dueAt: at(9), policy: 'default-1', provisional: false, exempted: false,
  why: { zh: '3 个工作日，自 3 月 1 日起；应于 3 月 9 日前完成。', en: '3 working days from 1 March; due 9 March.' },
  allowances: [{ limit: { unit: 'working_days', amount: 3 }, grantedAt: at(1), elapsed: 1.37, remaining: 1.63 }],
  segments: [{ kind: 'counting', from: at(1), to: at(3) }],
  reasons: [{ kind: 'started', at: at(1), words: { zh: '3 个工作日', en: '3 working days' } }, { kind: 'due', at: at(9), words: { zh: '应于 3 月 9 日前完成', en: 'due 9 March' } }],
  ...change,
})
const detail = {
  id: 'c1', number: '1', version: 4, stage: 'handling', source: 'resident', text: '积水', category: 'sewage', sector: 'economy', urgency: 'normal', area: '500153003001001', reportedBy: actor(0), reportedAt: at(1), happenedAt: at(1), updatedAt: at(1),
  photos: [], photosHidden: 0, attachments: [], attachmentsHidden: 0, late: false, possible: ['ask-extension'],
  details: { returnedBy: [], subtasks: [], fundingFen: 0, links: [], absorbed: [], children: [], formerAreas: [], agendas: [], reviews: [] },
}

async function open(language: Language, held: { clocks: () => Response; history?: HistoryItem[]; detail?: object; case?: string }) {
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.includes('/deadlines')) return held.clocks()
    return new Response(JSON.stringify(url.startsWith('/api/organization') ? organization : url.includes('/notices') ? { items: [], ownOnly: false } : url.startsWith('/api/whistles') ? { items: [] } : url.includes('/history') ? { items: held.history ?? [] } : (held.detail ?? { ...detail, id: held.case ?? 'c1' })))
  })
  const Desk = defineComponent({
    components: { CaseView, WhyDue },
    props: { tick: { type: Number, default: 0 }, phone: { type: Boolean, default: false } },
    setup: () => ({ id: held.case ?? 'c1', directory: provideOrganization(provideClient(createClient(() => ({ actor: 'sector-lead-02' }))), () => language).directory }),
    template: '<template v-if="directory"><CaseView :case-id="id" :identity="{ actor: \'sector-lead-02\', role: \'sector_lead\' }" :now="0" :tick="tick" /><WhyDue class="on-the-phone" case-id="c1" :version="tick" /></template>',
  })
  const page = mount(Desk, { global: { plugins: [createWords(language)] } })
  for (let n = 0; n < 6; n++) await flushPromises()
  return page
}
const answer = (clocks: object[]) => () => new Response(JSON.stringify({ clocks }))
const refusal = () => new Response(JSON.stringify({ type: '/problems/busy', title: 'busy', status: 503, code: 'position.not_reached', message: { zh: '数据正在追赶', en: 'catching up' } }), { status: 503, headers: { 'content-type': 'application/problem+json' } })

describe('The deadlines of a case', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('tell limit, what is used and what is left, where it stands, and every stretch of time with its reason', async () => {
    const paused = clock({
      state: 'paused', dueAt: undefined, provisional: true,
      allowances: [{ limit: { unit: 'working_days', amount: 3 }, grantedAt: at(1), elapsed: 3, remaining: 0 }, { limit: day, grantedAt: at(4), elapsed: 0.25, remaining: 0.75, approvedBy: ['sector-lead-02', 'town-leader-01'] }],
      segments: [{ kind: 'counting', from: at(1), to: at(5) }, { kind: 'paused', from: at(5), to: at(6), causes: ['suspension'] }],
      reasons: [{ kind: 'paused', at: at(5), words: { zh: '因等待资金暂停', en: 'paused for funding' } }, { kind: 'provisional', words: { zh: '暂定：假日未公布', en: 'provisional: holidays not announced' } }],
    })
    const late = clock({ clock: 'accept', state: 'late', exempted: true, stoppedAt: at(3), segments: [{ kind: 'counting', from: at(1), to: at(2) }, { kind: 'overdue', from: at(2), to: at(3) }] })
    const zh = (await open('zh', { clocks: answer([paused, late]) })).find('[aria-labelledby=deadlines]')
    const clocks = zh.findAll('.clock')
    expect(clocks[0]!.text()).toMatch(/处置时限3 个工作日.*暂停.*暂定.*暂停期间不计到期/s)
    expect(clocks[0]!.find('.used').text()).toMatch(/时限已用 3 个工作日，剩余 0 个工作日.*延期 1已用 0\.2 个工作日，剩余 0\.7 个工作日.*批准：板块负责人 02、镇街领导 01/s)
    const rows = clocks[0]!.findAll('tbody tr').map((row) => row.text())
    expect(rows).toHaveLength(2)
    expect(rows[1]).toMatch(/03\/05.*尚未恢复.*暂停.*因等待资金暂停/s)
    expect(clocks[0]!.find('.reasons').text()).toContain('暂定：假日未公布')
    expect(clocks[1]!.text()).toMatch(/受理时限.*超期完成.*予以免责/s)
    expect(clocks[1]!.findAll('tbody tr')[1]!.text()).toContain('超期')
    // What a bar shows, the table says too: the bar alone would be colour alone.
    for (const bar of zh.findAll('.bar, .stretches')) expect(bar.attributes('aria-hidden')).toBe('true')
    const en = (await open('en', { clocks: answer([paused, late]) })).find('[aria-labelledby=deadlines]').text()
    expect(en).toMatch(/Handling.*Paused.*Provisional.*no due time while paused.*0\.2 working days used, 0\.7 working days left.*still paused.*paused for funding/s)
    expect(en).toMatch(/Acceptance.*Done late.*Exempted/s)
    expect(en).not.toMatch(/[\u4e00-\u9fff]/)
  })

  it('load, fail and can be asked for again, go stale with their time, and say so when there are none', async () => {
    let give: () => Response = refusal
    const page = await open('zh', { clocks: () => give() })
    const section = () => page.find('[aria-labelledby=deadlines]')
    expect(section().text()).toContain('重试')
    expect(section().find('.clock').exists()).toBe(false)
    give = answer([clock()])
    await section().find('button').trigger('click')
    await flushPromises()
    expect(section().find('.clock').exists()).toBe(true)
    expect(section().text()).not.toContain('无法更新')

    give = refusal
    vi.useFakeTimers()
    const again = await open('zh', { clocks: answer([clock()]), case: 'c7' })
    expect(again.find('[aria-labelledby=deadlines]').text()).not.toContain('无法更新')
    vi.stubGlobal('fetch', async () => refusal())
    await vi.advanceTimersByTimeAsync(61_000)
    // What was read last stays, with its time.
    expect(again.find('[aria-labelledby=deadlines] .stale').text()).toContain('无法更新，以下为')
    expect(again.find('[aria-labelledby=deadlines] .clock').exists()).toBe(true)
    vi.useRealTimers()
    const none = await open('en', { clocks: answer([]), case: 'c8' })
    expect(none.find('[aria-labelledby=deadlines]').text()).toContain('No deadlines')
  })

  it('are on the phone one sentence: what is due when, and why', async () => {
    const hard = clock({ clock: 'hard_limit', dueAt: at(30), why: { zh: '硬时限', en: 'hard limit' } })
    const done = clock({ clock: 'accept', state: 'met', dueAt: at(1), stoppedAt: at(1) })
    const zh = (await open('zh', { clocks: answer([hard, done, clock()]) })).find('.on-the-phone')
    expect(zh.text()).toMatch(/^处置时限 03\/09 .* 到期：3 个工作日，自 3 月 1 日起；应于 3 月 9 日前完成。$/)
    expect((await open('en', { clocks: answer([clock({ state: 'overdue' })]) })).find('.on-the-phone').text()).toMatch(/^Handling overdue since .*: 3 working days from 1 March; due 9 March\.$/)
    expect((await open('zh', { clocks: answer([clock({ state: 'paused', dueAt: undefined })]) })).find('.on-the-phone').text()).toContain('处置时限已暂停')
    expect((await open('zh', { clocks: answer([done]) })).find('.on-the-phone').text()).toBe('没有正在计时的时限。')
  })

  it('say up to how much more may be asked for', async () => {
    const page = await open('zh', { clocks: answer([clock()]), case: 'c9' })
    await page.find('.commands [aria-expanded=false]').trigger('click')
    await page.findAll('.commands .chip').find((chip) => chip.text() === '申请延期')!.trigger('click')
    expect(page.find('.commands form').text()).toContain('按工作日计，最多 3 个工作日')
  })
})

describe('A request about time', () => {
  const asked = item('case_extension_requested', actor(0), { by: day, ...reason('等待材料') }, 2)
  const first = item('case_extension_approved', actor(1), { granted: false, by: day, approvedBy: ['sector-lead-02'] }, 3)
  const open_ = { extension: { by: day, askedBy: 'post-handler-07' } } as unknown as CaseDetail['details']
  const none = {} as CaseDetail['details']
  const standings = (history: HistoryItem[], details = none) => timeRequests(history, details).map((request) => `${request.kind} ${request.standing}`)

  it('waits, waits for a second person, is granted or refused', () => {
    expect(standings([asked], open_)).toEqual(['extension asked'])
    expect(standings([asked, first], open_)).toEqual(['extension first'])
    expect(standings([asked, first, item('case_extension_approved', actor(2), { granted: true, by: day }, 4)])).toEqual(['extension granted'])
    expect(standings([asked, item('case_extension_refused', actor(1), reason('请按期完成'), 3)])).toEqual(['extension refused'])
  })

  it('lapses where the case left the unit, and a later one does not bring it back', () => {
    expect(standings([asked])).toEqual(['extension lapsed'])
    expect(standings([asked, item('case_extension_requested', actor(0), { by: day }, 5)], open_)).toEqual(['extension asked', 'extension lapsed'])
    expect(standings([item('case_suspension_requested', actor(0), { for: 'funding', until: at(20) })])).toEqual(['suspension lapsed'])
  })

  it('for a suspension runs until its day or until somebody says so, and for an appeal takes two reviews', () => {
    const wait = [item('case_suspension_requested', actor(0), { for: 'funding', until: at(20) }), item('case_suspension_approved', actor(2), { for: 'funding', until: at(20) }, 3)]
    expect(standings(wait)).toEqual(['suspension on'])
    expect(standings([...wait, item('case_suspension_ended', actor(2), {}, 4)])).toEqual(['suspension ended'])
    const appeal = [item('case_lateness_appealed', actor(0), reason('暴雨')), item('case_appeal_reviewed', actor(1), { review: 1, upheld: true, ...reason('属实') }, 3)]
    expect(standings(appeal.slice(0, 1))).toEqual(['appeal asked'])
    expect(standings(appeal)).toEqual(['appeal second'])
    expect(standings([...appeal, item('case_appeal_reviewed', actor(2), { review: 2, upheld: true }, 4)])).toEqual(['appeal exempted'])
    expect(standings([...appeal, item('case_appeal_reviewed', actor(2), { review: 2, upheld: false }, 4)])).toEqual(['appeal rejected'])
  })

  it('is told with who asked, who decided, for whom they stood in, and what they said', async () => {
    const standIn = actor(0, { for: { id: 'sector-lead-02', name: '板块负责人 02', nameEn: 'Sector lead 02' } })
    const history = [asked, item('case_extension_refused', standIn, reason('请按期完成'), 3), item('case_suspension_requested', actor(0), { for: 'funding', until: at(20), ...reason('等待拨款') }, 4), item('case_suspension_approved', actor(2), { for: 'funding', until: at(20) }, 5)]
    const zh = (await open('zh', { clocks: answer([]), history, case: 'c3' })).find('[aria-labelledby=time-requests]').text()
    expect(zh).toMatch(/挂账：等待资金，03\/20 .* 恢复.*挂账中.*岗位人员 07 提出.*等待拨款.*镇街领导 01 同意，已生效/s)
    expect(zh).toMatch(/延期 1 个工作日.*不同意.*岗位人员 07（代板块负责人 02） 不同意.*请按期完成/s)
    const en = (await open('en', { clocks: answer([]), history, case: 'c4' })).find('[aria-labelledby=time-requests]').text()
    expect(en).toMatch(/Suspension for funding, goes on .*Suspended.*Asked for by Handler 07/s)
    expect(en).toContain('Refused by Handler 07 (for Sector lead 02)')
  })

  it('comes first for whoever has to decide it', () => {
    const { next } = choicesOf({ stage: 'handling', urgency: 'normal', possible: ['urge', 'approve-suspension', 'refuse-suspension', 'progress'] })
    expect(next).toEqual(['approve-suspension', 'refuse-suspension', 'progress'])
  })
})
