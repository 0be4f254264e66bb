import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent } from 'vue'
import { createClient } from '../api/client'
import { provideOrganization } from '../api/organization'
import { provideClient } from '../api/useClient'
import { createWords, type Language } from '../i18n'
import CaseView from './CaseView.vue'

const organization = { timeZone: 'Asia/Shanghai', areas: [], sectors: [], posts: [], categories: [], people: [] }
const dispatcher = { id: 'dispatcher-01', name: '调度员 01', nameEn: 'Dispatcher 01', role: 'dispatcher', place: '500153003' }
const detail = {
  id: 'c1', number: '20261121-0001', version: 4, stage: 'dispatched', source: 'resident', text: '请打 ⟦phone⟧ 联系', category: 'sewage', sector: 'economy', urgency: 'normal', area: '500153003001001',
  reportedBy: dispatcher, reportedAt: '2026-11-21T03:00:00.000000Z', happenedAt: '2026-11-21T03:00:00.000000Z', updatedAt: '2026-11-21T03:00:00.000000Z', photos: [], photosHidden: 3, late: false,
  details: { returnedBy: [], subtasks: [], fundingFen: 0, links: [], absorbed: [], children: [], formerAreas: [] }, possible: ['recall'],
}
const event = { version: 4, position: '1:9', eventId: 'e4', type: 'case_recalled', recordedAt: '2026-11-21T03:30:00.000000Z', happenedAt: '2026-11-21T03:30:00.000000Z', actor: dispatcher, data: { unit: 'post:ecology', reason: { text: '派错岗位，原经办 ⟦personal⟧', spans: [] } } }

async function open(language: Language, held: { detail: typeof detail; stale?: boolean } = { detail }) {
  const sent: { url: string; body: unknown }[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (init.method === 'POST') {
      sent.push({ url, body: JSON.parse(String(init.body)) })
      if (held.stale) return new Response(JSON.stringify({ type: '/problems/case.stale', title: 'stale', status: 412, code: 'case.stale', message: { zh: '其他人', en: 'somebody' }, current: 5, last: { actor: 'dispatcher-02', name: { zh: '调度员 02', en: 'Dispatcher 02' }, role: 'dispatcher', at: '2026-11-21T03:31:00.000000Z', event: 'case_urged' } }), { status: 412, headers: { 'content-type': 'application/problem+json' } })
    }
    const body = url.startsWith('/api/organization') ? organization : url.includes('/history') ? { items: [event] } : url.includes('/deadlines') ? { clocks: [] } : held.detail
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
