import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent } from 'vue'
import { createClient } from '../api/client'
import { provideOrganization } from '../api/organization'
import { provideClient } from '../api/useClient'
import { createWords, type Language } from '../i18n'
import CaseView from './CaseView.vue'

const organization = { timeZone: 'Asia/Shanghai', areas: [], sectors: [], posts: [{ code: 'ecology', town: '500153003', sector: 'economy', name: '生态环保岗', nameEn: 'Ecology' }], categories: [{ code: 'sewage', name: '污水外溢', nameEn: 'Sewage', sector: 'economy', defaultPost: 'ecology' }], people: [] }
const dispatcher = { id: 'dispatcher-01', name: '调度员 01', nameEn: 'Dispatcher 01', role: 'dispatcher', place: '500153003' }
const detail = {
  id: 'c1', number: '20261121-0001', version: 4, stage: 'dispatched', source: 'resident', text: '请打 ⟦phone⟧ 联系', category: 'sewage', sector: 'economy', urgency: 'normal', area: '500153003001001',
  reportedBy: dispatcher, reportedAt: '2026-11-21T03:00:00.000000Z', happenedAt: '2026-11-21T03:00:00.000000Z', updatedAt: '2026-11-21T03:00:00.000000Z', photos: [], photosHidden: 3, attachments: [], attachmentsHidden: 0, late: false,
  details: { returnedBy: [], subtasks: [], fundingFen: 0, links: [], absorbed: [], children: [], formerAreas: [], agendas: [], reviews: [] }, possible: ['recall'],
}
const event = { version: 4, position: '1:9', eventId: 'e4', type: 'case_recalled', recordedAt: '2026-11-21T03:30:00.000000Z', happenedAt: '2026-11-21T03:30:00.000000Z', actor: dispatcher, data: { unit: 'post:ecology', reason: { text: '派错岗位，原经办 ⟦personal⟧', spans: [] } } }

async function open(language: Language, held: { detail: object; matters?: object[]; stale?: boolean; history?: object[]; notices?: object[]; ownOnly?: boolean; whistles?: object[] } = { detail }) {
  const sent: { url: string; body: unknown }[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (init.method === 'POST') {
      sent.push({ url, body: JSON.parse(String(init.body)) })
      if (held.stale) return new Response(JSON.stringify({ type: '/problems/case.stale', title: 'stale', status: 412, code: 'case.stale', message: { zh: '其他人', en: 'somebody' }, current: 5, last: { actor: 'dispatcher-02', name: { zh: '调度员 02', en: 'Dispatcher 02' }, role: 'dispatcher', at: '2026-11-21T03:31:00.000000Z', event: 'case_urged' } }), { status: 412, headers: { 'content-type': 'application/problem+json' } })
    }
    const body = url.startsWith('/api/organization') ? organization : url.includes('/notices') ? { items: held.notices ?? [], ownOnly: held.ownOnly ?? false } : url.startsWith('/api/matters') ? { area: '500153003001001', items: held.matters ?? [] } : url.startsWith('/api/whistles') ? { items: held.whistles ?? [] } : url.includes('/history') ? { items: held.history ?? [event] } : url.includes('/deadlines') ? { clocks: [] } : held.detail
    return new Response(JSON.stringify(body))
  })
  const Desk = defineComponent({
    components: { CaseView },
    props: { tick: { type: Number, default: 0 } },
    setup: () => ({ directory: provideOrganization(provideClient(createClient(() => ({ actor: 'dispatcher-01' }))), () => language).directory }),
    template: '<CaseView v-if="directory" case-id="c1" :identity="{ actor: \'dispatcher-01\', role: \'dispatcher\' }" :now="0" :tick="tick" />',
  })
  const page = mount(Desk, { global: { plugins: [createWords(language)] } })
  for (let n = 0; n < 4; n++) await flushPromises()
  return { page, sent }
}

const choose = async (page: VueWrapper, command: string) => {
  const more = page.find('.commands [aria-expanded=false]')
  if (more.exists()) await more.trigger('click')
  await page.findAll('.commands .chip').find((chip) => chip.text() === command)?.trigger('click')
}

describe('A case that is filed and dispatched', () => {
  afterEach(() => vi.unstubAllGlobals())
  const tier = (level: string, admitted: boolean, listed = true) => ({ level, admitted, listed })
  const matters = [{ code: 'sewage', name: '污水外溢', nameEn: 'Sewage', sector: 'economy', defaultPost: 'ecology', tiers: [tier('town', true, false), tier('village', true), tier('grid', false)] }]

  it('offers a category with the tier that it may go to', async () => {
    const { page } = await open('zh', { detail: { ...detail, stage: 'reported', possible: ['file'] }, matters })
    expect(page.find('option[value=sewage]').text()).toBe('污水外溢 · 可到村（社区）')
  })

  it('does not offer a unit whose list does not hold the matter, and says why', async () => {
    const { page } = await open('en', { detail: { ...detail, stage: 'filed', possible: ['dispatch'] }, matters })
    const grid = page.find('option[value="grid:500153003001001"]')
    expect([grid.attributes('disabled'), grid.text()]).toEqual(['', '500153003001001 (not on its list)'])
    expect(page.find('option[value="village:500153003001"]').attributes('disabled')).toBeUndefined()
    expect(page.find('option[value="post:ecology"]').attributes('disabled')).toBeUndefined()
  })

  it('offers posts of the town in an emergency whatever its list says, and everything where no list speaks', async () => {
    const barred = [{ ...matters[0], tiers: [tier('town', false), tier('village', true, false), tier('grid', true, false)] }]
    const usual = (await open('zh', { detail: { ...detail, stage: 'filed', possible: ['dispatch'] }, matters: barred })).page
    expect(usual.find('option[value="post:ecology"]').attributes('disabled')).toBe('')
    const emergency = (await open('zh', { detail: { ...detail, stage: 'filed', urgency: 'emergency', possible: ['dispatch'] }, matters: barred })).page
    await choose(emergency, '派遣')
    expect(emergency.find('option[value="post:ecology"]').attributes('disabled')).toBeUndefined()
    const open_ = (await open('zh', { detail: { ...detail, stage: 'reported', possible: ['file'] } })).page
    expect(open_.find('option[value=sewage]').text()).toBe('污水外溢')
  })
})

describe('A case on the desk', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('words what its reader may not see', async () => {
    const { page } = await open('zh')
    expect(page.find('.text').text()).toBe('请打 〔电话〕 联系')
    expect(page.text()).toContain('3 张照片，无权查看')
  })

  it('says who took it back and why', async () => {
    const zh = (await open('zh')).page
    expect(zh.find('.case_recalled').text()).toContain('调度员 01 收回，待重新派遣')
    expect(zh.find('.case_recalled .words').text()).toBe('派错岗位，原经办 〔个人信息〕')
    const en = (await open('en')).page
    expect(en.find('.case_recalled').text()).toContain('Dispatcher 01 took it back')
  })

  it('is split with its photos and at its place, unless somebody says otherwise of a part', async () => {
    const { page, sent } = await open('zh', { detail: { ...detail, stage: 'filed', photos: ['sha256:a', 'sha256:b'], photosHidden: 0, possible: ['split'] } })
    await choose(page, '拆分')
    const texts = page.findAll('.part textarea')
    await texts[0]?.setValue('路灯不亮')
    await texts[1]?.setValue('路面塌陷')
    expect(page.findAll<HTMLInputElement>('.part input[type=checkbox]').map((one) => one.element.checked)).toEqual([true, true, true, true])
    await page.findAll('.part')[1]?.findAll('input[type=checkbox]')[0]?.setValue(false)
    await page.find('.commands form').trigger('submit')
    for (let n = 0; n < 4; n++) await flushPromises()
    expect(sent).toEqual([{ url: '/api/cases/c1/split', body: { parts: [{ text: '路灯不亮', category: 'sewage', photos: ['sha256:a', 'sha256:b'] }, { text: '路面塌陷', category: 'sewage', photos: ['sha256:b'] }] } }])
  })

  it('tells everything that can happen to a case in a sentence of its own', async () => {
    const names = [...readFileSync(join(import.meta.dirname, '../../../tests/CommandCenter.Domain.Tests/Formats/approved/GoldenTests.The_names_of_events_are_frozen.approved.md'), 'utf8').matchAll(/\bcase_[a-z_]+/g)].map(([name]) => name)
    const data: Record<string, unknown> = { level: 'district', households: 39, costFen: 10_000_000, amountFen: 50, finding: 'partly', service: 'fire', main: 'm', case: 'm', children: ['a', 'b'], link: 'caused_by', number: 2, order: 'district', area: '500153004', unit: 'post:ecology', person: 'p', round: 1, until: '2026-11-28T10:00:00.000000Z', told: [], late: false, clock: 'check' }
    const items = [...new Set(names)].map((type, index) => ({ ...event, type, eventId: String(index), data: type === 'case_escalated' ? { ...data, level: 'town_leader' } : data }))
    const missing = vi.spyOn(console, 'warn')
    for (const language of ['zh', 'en'] as const) {
      const { page } = await open(language, { detail, history: items })
      const show = page.find('[aria-labelledby=history] input')
      await show.setValue(true)
      const sentences = page.findAll('[aria-labelledby=history] li').map((item) => item.find('p').text())
      expect(sentences).toHaveLength(items.length)
      expect(sentences.filter((sentence) => /case_|undefined|\{|NaN|\b(history|matter|level)\./.test(sentence))).toEqual([])
      expect(new Set(sentences).size).toBe(items.length)
    }
    expect(missing).not.toHaveBeenCalled()
  })

  it('says who was told, by which rule, and what became of each notice', async () => {
    const person = (id: string, zh: string) => ({ id, name: { zh, en: id } })
    const at = (minute: string) => `2026-11-21T03:${minute}:00.000000Z`
    const notices = [
      { id: 'n1', person: person('dispatcher-01', '调度员 01'), role: 'dispatcher', reason: 'holder', kind: 'filed', noticed: 'ordinary', sentAt: at('01'), readAt: at('05'), receipt: { standing: 'read', messages: [] } },
      { id: 'n2', person: person('post-handler-07', '岗位人员 07'), role: 'post_handler', reason: 'holder', kind: 'dispatched', noticed: 'urgent', sentAt: at('10'), receipt: { standing: 'passed_on', messages: [{ channel: 'sms', count: 1, queuedAt: at('10'), deliveredAt: at('11') }], to: { people: [person('sector-lead-02', '板块负责人 02')], reason: 'unread', step: 'seat_above', at: at('25') } } },
      { id: 'n3', person: person('sector-lead-02', '板块负责人 02'), role: 'sector_lead', reason: 'vacancy_above', kind: 'escalation', noticed: 'urgent', level: 'sector_lead', sentAt: at('25'), receipt: { standing: 'lapsed', messages: [], from: { person: person('post-handler-07', '岗位人员 07'), reason: 'unread', step: 'seat_above' } } },
    ]
    const { page } = await open('zh', { detail, notices })
    const told = page.find('[aria-labelledby=told].card')
    expect(told.find('h2').text()).toBe('通知了谁（3）')
    const rows = told.findAll('tbody tr').map((row) => row.text())
    // The latest first, as people look for it.
    expect(rows[0]).toMatch(/板块负责人 02.*超期升级.*下级空缺 · 板块负责人 · 紧急 · 转来.*已失效.*由岗位人员 07转来/s)
    expect(rows[1]).toMatch(/岗位人员 07.*新任务，请签收.*本岗 · 紧急.*已转他人.*已转板块负责人 02.*短信 · .*送达/s)
    expect(rows[2]).toMatch(/调度员 01.*已立案，请派遣.*已读.*11\/21 11:05/s)
    const many = await open('en', { detail, notices: Array.from({ length: 8 }, (_, n) => ({ ...notices[0], id: `n${n}` })), ownOnly: true })
    expect(many.page.findAll('[aria-labelledby=told] tbody tr')).toHaveLength(6)
    expect(many.page.text()).toContain('Only notices to yourself')
    await many.page.find('.told > .plain').trigger('click')
    expect(many.page.findAll('[aria-labelledby=told] tbody tr')).toHaveLength(8)
  })

  it('shows the whistles that were blown about it, and opens them', async () => {
    const whistle = { id: 'w1', version: 3, stage: 'open', area: '500153003001001', text: '请水利到场', blownBy: dispatcher, blownAt: '2026-11-21T03:30:00.000000Z', updatedAt: '2026-11-21T03:30:00.000000Z', openCalls: 1, calls: [{ number: 1, unit: 'post:ecology', stage: 'arrived', since: '2026-11-21T03:40:00.000000Z' }] }
    const { page } = await open('zh', { detail, whistles: [whistle] })
    expect(page.find('.whistles').text()).toMatch(/相关吹哨（1）.*请水利到场.*生态环保岗/s)
    await page.find('.whistles .one').trigger('click')
    expect(page.findComponent(CaseView).emitted('whistle')).toEqual([['w1']])
    expect((await open('zh')).page.find('.whistles').exists()).toBe(false)
  })

  it('is not proposed again to the unit that sent it back', async () => {
    const back = { ...detail, id: 'c7', stage: 'filed', possible: ['dispatch'], details: { ...detail.details, returnedBy: ['post:ecology'] } }
    const { page, sent } = await open('zh', { detail: back })
    expect((page.find('select').element as HTMLSelectElement).value).toBe('')
    expect(page.text()).not.toContain('建议')
    expect(page.find('.way').text()).toContain('曾退回的单位')
    await page.find('form').trigger('submit')
    await flushPromises()
    expect(page.text()).toContain('请填写派遣单位')
    expect(sent).toEqual([])
  })

  it('shows what came of it on its way, and opens the cases that belong to it', async () => {
    const way = { ...detail.details, level: 'town', assessment: { text: '涉及化粪池', level: 'town', households: 39, costFen: 10_000_000 }, subtasks: [{ number: 1, task: '联系管材', finished: true }, { number: 2, task: '设围挡', finished: false }], fundingFen: 20_000_050, links: [{ case: 'c9', link: 'caused_by' }] }
    const { page } = await open('zh', { detail: { ...detail, details: way } })
    const text = page.find('.way').text()
    for (const words of ['镇级要事 · 涉及 39 户 · 约需 ¥100,000 · 涉及化粪池', '子任务 1/2', '¥200,000.50', '起因']) expect(text).toContain(words)
    await page.find('.way .others button').trigger('click')
    expect(page.findComponent(CaseView).emitted('open')).toEqual([['c9']])
  })

  it('says that what was pressed was not done when another person was first, also once the page has caught up by itself', async () => {
    const held = { detail: { ...detail, id: 'c2' }, stale: true }
    const { page } = await open('zh', held)
    await choose(page, '收回')
    await page.find('textarea').setValue('派错岗位')
    await page.find('form').trigger('submit')
    await flushPromises()
    expect(page.text()).toContain('案件已有新变化')
    expect(page.text()).toContain('调度员 02（调度员） 于 11/21 11:31 先办理：催办')

    held.detail = { ...held.detail, version: 6 }
    await page.setProps({ tick: 1 })
    for (let n = 0; n < 4; n++) await flushPromises()
    expect(page.text()).toContain('您的操作没有提交')
    expect(page.text()).toContain('调度员 02（调度员） 于 11/21 11:31 先办理：催办')
    expect((page.find('textarea').element as HTMLTextAreaElement).value).toBe('派错岗位')
  })

  it('is rated for its reporter only with what they said when they were called', async () => {
    const verified = { ...detail, stage: 'verified', possible: ['rate', 'close'] }
    const { page, sent } = await open('zh', { detail: { ...verified, reportedBy: { ...dispatcher, id: 'grid-worker-01' } } })
    await choose(page, '评价')
    for (const chip of ['5 · 非常满意', '已解决']) await page.findAll('form.rate .chip').find((one) => one.text() === chip)?.trigger('click')
    expect([page.find('form.rate').text().includes('回访情况'), page.find('form.rate [type=submit]').attributes('disabled')]).toEqual([true, ''])
    await page.find('form.rate textarea').setValue('电话回访：已修好')
    await page.find('form.rate').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ url: '/api/cases/c1/rate', body: { satisfaction: 5, result: 'fixed', comment: '电话回访：已修好' } }])
    expect((await open('zh', { detail: verified })).page.find('form.rate').text()).toContain('意见建议')
  })

  it('is taken back with a reason', async () => {
    const { page, sent } = await open('zh')
    expect(page.find('.commands form').exists()).toBe(false)
    expect(page.find('.commands').text()).toContain('正在等待')
    await choose(page, '收回')
    await page.find('form').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([])
    expect(page.text()).toContain('请填写收回原因')
    await page.find('textarea').setValue('派错岗位')
    await page.find('form').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ url: '/api/cases/c1/recall', body: { reason: '派错岗位' } }])
  })
})
