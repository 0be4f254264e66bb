import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'
import { createClient } from '../api/client'
import { provideOrganization } from '../api/organization'
import { provideClient } from '../api/useClient'
import { createWords, type Language } from '../i18n'
import { dayOf, dayText, readWhen, shifted, weeksOf } from './when'
import WhenInput from './WhenInput.vue'

enableAutoUnmount(afterEach)

describe('A day as it is written', () => {
  it('is read in the way of either language, and only when the calendar has it', () => {
    for (const text of ['2026-12-05 18:00', '2026/12/5 18:00', '2026年12月5日 18：00', ' 2026-12-05T18:00 ']) expect(readWhen(text, true)).toBe('2026-12-05T18:00')
    expect(readWhen('2026.12.5', false)).toBe('2026-12-05')
    expect(readWhen('2028-02-29', false)).toBe('2028-02-29')
    for (const text of ['2026-02-29 10:00', '2026-13-01 10:00', '2026-12-05', '2026-12-05 24:00', '5/12/2026 10:00', 'morgen']) expect(readWhen(text, true)).toBeUndefined()
    expect(readWhen('2026-12-05 18:00', false)).toBeUndefined()
  })

  it('stands in whole weeks from Monday on, and a month’s last day stays the last', () => {
    const weeks = weeksOf(dayOf('2026-12-05')!)
    expect([weeks.length, dayText(weeks[0]![0]!), dayText(weeks.at(-1)![6]!)]).toEqual([5, '2026-11-30', '2027-01-03'])
    expect(weeksOf({ year: 2027, month: 2, day: 1 })).toHaveLength(4)
    expect(dayText(shifted({ year: 2026, month: 1, day: 31 }, 0, 1))).toBe('2026-02-28')
    expect(dayText(shifted({ year: 2026, month: 12, day: 31 }, 1))).toBe('2027-01-01')
  })
})

describe('The field of a day', () => {
  afterEach(() => vi.unstubAllGlobals())

  async function show(language: Language, start = '', more: object = {}) {
    vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ timeZone: 'Asia/Shanghai', areas: [], sectors: [], posts: [], departments: [], people: [], categories: [] })))
    const value = ref(start)
    const Page = defineComponent({
      components: { WhenInput },
      setup: () => ({ value, more, directory: provideOrganization(provideClient(createClient(() => ({ actor: 'x' }))), () => language).directory }),
      template: '<WhenInput v-if="directory" v-model="value" v-bind="more" />',
    })
    const page = mount(Page, { global: { plugins: [createWords(language)] }, attachTo: document.body })
    for (let n = 0; n < 4; n++) await flushPromises()
    return { page, value }
  }

  it('speaks the language of the page, whatever the browser’s', async () => {
    const zh = (await show('zh', '2026-12-05T18:00')).page
    await zh.find('.when > .button').trigger('click')
    expect([zh.find('input').element.value, zh.find('.month strong').text(), zh.find('th abbr').attributes('title'), zh.find('[aria-pressed=true]').attributes('aria-label')]).toEqual(['2026-12-05 18:00', '2026年12月', '星期一', '2026年12月5日星期六'])
    const en = (await show('en', '2026-12-05T18:00')).page
    await en.find('.when > .button').trigger('click')
    expect([en.find('.month strong').text(), en.find('th abbr').attributes('title')]).toEqual(['December 2026', 'Monday'])
    // Nothing is left to the browser's own field.
    expect(en.find('[type=date], [type=datetime-local]').exists()).toBe(false)
  })

  it('is typed or chosen, says what it cannot read, and holds nothing then', async () => {
    const { page, value } = await show('zh')
    await page.find('input').setValue('2026/12/5 9:30')
    expect(value.value).toBe('2026-12-05T09:30')
    await page.find('input').setValue('2026/12/35 9:30')
    expect([value.value, page.find('input').attributes('aria-invalid'), page.find('.bad').text()]).toEqual(['', 'true', '请按 2026-12-05 18:00 的格式填写。'])
    await page.find('input').setValue('2026-12-05 09:30')
    await page.find('.when > .button').trigger('click')
    await page.findAll('.day').find((day) => day.attributes('aria-label')?.startsWith('2026年12月24日'))!.trigger('click')
    expect([value.value, page.find('input').element.value]).toEqual(['2026-12-24T09:30', '2026-12-24 09:30'])
    await page.find('.time select').setValue('14:00')
    expect(value.value).toBe('2026-12-24T14:00')
    await page.find('.when').trigger('keydown', { key: 'Escape' })
    expect(page.find('.sheet-of-days').exists()).toBe(false)
  })

  it('is walked through with the keys, and of days alone one press is enough', async () => {
    const { page, value } = await show('en', '2026-12-31', { dayOnly: true, min: '2026-12-10' })
    await page.find('.when > .button').trigger('click')
    await page.find('table').trigger('keydown', { key: 'ArrowRight' })
    expect(page.find('.month strong').text()).toBe('January 2027')
    await page.find('table').trigger('keydown', { key: 'PageUp' })
    await page.find('table').trigger('keydown', { key: 'ArrowDown' })
    expect(page.find('[data-cursor]').attributes('aria-label')).toContain('8 December 2026')
    expect(page.find('[data-cursor]').attributes('disabled')).toBe('')
    await page.find('table').trigger('keydown', { key: 'ArrowDown' })
    await page.find('[data-cursor]').trigger('click')
    expect([value.value, page.find('.sheet-of-days').exists()]).toEqual(['2026-12-15', false])
  })
})
