import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'
import document from '../api/openapi.json'
import { createClient, type Identity } from '../api/client'
import { Directory, provideOrganization } from '../api/organization'
import type { Organization } from '../api/types'
import { provideClient } from '../api/useClient'
import { createWords } from '../i18n'
import { blank, bodyOf, wrongIn, type Values } from '../parts/actions'
import type { Place } from '../parts/deskLink'
import OrganizationBook from './OrganizationBook.vue'
import { organizationCommands, othersIn, personActions, polygonsOf, unitActions } from './organizationActions'

const area = (code: string, name: string, level: string) => ({ code, name, nameEn: name, level })
const organization = {
  timeZone: 'Asia/Shanghai',
  areas: [area('500153', '荣昌区', 'district'), area('500153003', '广顺街道', 'town'), area('500153003001', '檬梓桥社区', 'village'), area('500153003001001', '第一网格', 'grid'), area('500153003001001001', '檬香小院', 'yard')],
  sectors: [{ code: 'economy', name: '经济发展', nameEn: 'Economy' }],
  posts: [{ code: 'ecology', town: '500153003', sector: 'economy', name: '生态环保岗', nameEn: 'Ecology' }, { code: 'village-construction', town: '500153003', sector: 'economy', name: '村镇建设岗', nameEn: 'Construction' }],
  departments: [{ code: 'water-bureau', name: '区水利局', nameEn: 'Water bureau', remit: [] }],
  categories: [],
  people: [
    { id: 'administrator-01', name: '系统管理员 01', nameEn: 'Administrator 01', roles: [{ role: 'administrator', place: '500153' }] },
    { id: 'post-handler-05', name: '岗位人员 05', nameEn: 'Handler 05', roles: [{ role: 'post_handler', place: '500153003', post: 'ecology', sector: 'economy' }] },
    { id: 'post-handler-06', name: '岗位人员 06', nameEn: 'Handler 06', roles: [{ role: 'post_handler', place: '500153003', post: 'ecology', sector: 'economy' }] },
    { id: 'grid-worker-01', name: '网格员 01', nameEn: 'Grid worker 01', roles: [{ role: 'grid_worker', place: '500153003001001' }] },
  ],
} as unknown as Organization
const directory = new Directory(organization, 'zh')
const word = (key: string) => key
const person = (id: string) => organization.people.find((one) => one.id === id)!
const actionsOf = (id: string, within = '500153') => new Map(personActions(person(id), directory, within, word).map((one) => [one.name, one]))
const bodyFor = (id: string, name: string, values: Values, within?: string) => {
  const action = actionsOf(id, within).get(name)!
  return bodyOf(action, { ...blank(action), ...values }, 'Asia/Shanghai')
}

describe('A seat', () => {
  it('is asked for by its role, and sent with all that makes it', () => {
    expect(bodyFor('grid-worker-01', 'appoint', { role: 'yard_head', yard: '500153003001001001', acting: true, on: '2026-12-05' })).toEqual({ person: 'grid-worker-01', seat: { role: 'yard_head', place: '500153003001001001', acting: true }, on: '2026-12-05' })
    expect(bodyFor('grid-worker-01', 'appoint', { role: 'post_handler', postOf: '500153003/ecology', until: '2027-12-31' })).toEqual({ person: 'grid-worker-01', seat: { role: 'post_handler', place: '500153003', post: 'ecology' }, until: '2027-12-31' })
    expect(bodyFor('grid-worker-01', 'appoint', { role: 'department', department: 'water-bureau' })).toEqual({ person: 'grid-worker-01', seat: { role: 'department', place: '500153', department: 'water-bureau' } })
    expect(bodyFor('grid-worker-01', 'appoint', { role: 'sector_lead', sector: 'economy', town: '500153003' })).toEqual({ person: 'grid-worker-01', seat: { role: 'sector_lead', place: '500153003', sector: 'economy' } })
  })

  it('is not sent with what belongs to another role that was chosen before', () => {
    expect(bodyFor('grid-worker-01', 'appoint', { role: 'grid_worker', grid: '500153003001001', yard: '500153003001001001', sector: 'economy' })).toEqual({ person: 'grid-worker-01', seat: { role: 'grid_worker', place: '500153003001001' } })
  })

  it('needs its role, and what its role needs', () => {
    const appoint = actionsOf('grid-worker-01').get('appoint')!
    expect(wrongIn(appoint, blank(appoint))).toEqual(['role'])
    expect(wrongIn(appoint, { ...blank(appoint), role: 'sector_lead' })).toEqual(['sector', 'town'])
    expect(wrongIn(appoint, { ...blank(appoint), role: 'district_leader' })).toEqual([])
  })

  it('of the district is not in the gift of a town', () => {
    const roles = actionsOf('grid-worker-01', '500153003').get('appoint')!.fields[0]?.groups?.[0]?.list.map((one) => one.value)
    expect(roles).toContain('office')
    expect(roles).not.toContain('district_supervisor')
  })

  it('is left as it is held', () => {
    expect(bodyFor('post-handler-05', 'relieve', {})).toEqual({ person: 'post-handler-05', seat: { role: 'post_handler', place: '500153003', post: 'ecology', sector: 'economy' } })
    expect(bodyFor('post-handler-05', 'move', { role: 'village_secretary', village: '500153003001' })).toEqual({ person: 'post-handler-05', from: person('post-handler-05').roles[0], to: { role: 'village_secretary', place: '500153003001' } })
    expect(othersIn(person('post-handler-05').roles[0]!, 'post-handler-05', directory).map((one) => one.id)).toEqual(['post-handler-06'])
  })
})

describe('A unit or a border', () => {
  it('is closed with whoever goes on with its work', () => {
    const close = unitActions('post:ecology', { name: '生态环保岗', nameEn: 'Ecology' }, '500153003', [{ value: 'post:village-construction', words: '村镇建设岗' }], word)[1]!
    expect(bodyOf(close, { ...blank(close), successor: 'post:village-construction' }, 'Asia/Shanghai')).toEqual({ unit: 'post:ecology', town: '500153003', successor: 'post:village-construction' })
  })

  it('is read from whatever a map program writes', () => {
    const ring = [[105.49, 29.34], [105.5, 29.34], [105.5, 29.35], [105.49, 29.34]]
    for (const text of [[[ring]], { type: 'MultiPolygon', coordinates: [[ring]] }, { type: 'Polygon', coordinates: [ring] }, { type: 'Feature', geometry: { type: 'Polygon', coordinates: [ring] } }]) expect(polygonsOf(JSON.stringify(text))).toEqual([[ring]])
    expect(polygonsOf('nonsense')).toEqual([])
  })

  it('has a form for every command of the API', () => {
    const commands = Object.keys(document.paths).flatMap((path) => /^\/api\/organization\/([a-z-]+)$/.exec(path)?.[1] ?? []).filter((name) => 'post' in document.paths[`/api/organization/${name}` as '/api/organization/register'])
    expect([...commands].sort()).toEqual([...organizationCommands].sort())
  })
})

describe('The organization at the desk', () => {
  afterEach(() => vi.unstubAllGlobals())
  const administrator: Identity = { actor: 'administrator-01', role: 'administrator' }

  async function open(place: Place, refusal?: object) {
    const sent: { url: string; body: unknown }[] = []
    const asked: string[] = []
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (init.method === 'POST') {
        sent.push({ url, body: JSON.parse(String(init.body)) })
        return refusal ? new Response(JSON.stringify(refusal), { status: 409 }) : new Response('{"id":"district","version":9,"position":"1:99"}', { headers: { 'X-Position': '1:99' } })
      }
      asked.push(url)
      return new Response(JSON.stringify(url.startsWith('/api/organization') ? organization : { unread: 0, items: [] }))
    })
    const shown = ref(place)
    const Desk = defineComponent({
      components: { OrganizationBook },
      setup: () => ({ administrator, shown, directory: provideOrganization(provideClient(createClient(() => administrator)), () => 'zh').directory }),
      template: '<OrganizationBook v-if="directory" :identity="administrator" :place="shown" @go="shown = $event" />',
    })
    const page = mount(Desk, { global: { plugins: [createWords('zh')] } })
    const settle = async () => {
      for (let n = 0; n < 8; n++) await flushPromises()
    }
    await settle()
    return { page, sent, asked, settle, shown }
  }

  it('shows who sits where, and finds them by seat', async () => {
    const { page, settle, shown } = await open({ view: 'organization' })
    expect(page.findAll('.list .item')).toHaveLength(4)
    await page.find('input[type=search]').setValue('生态')
    expect(page.findAll('.list .item').map((one) => one.text())).toEqual(['岗位人员 05岗位工作人员（生态环保岗） · 广顺街道', '岗位人员 06岗位工作人员（生态环保岗） · 广顺街道'])
    await page.find('.list .item').trigger('click')
    await settle()
    expect(shown.value).toEqual({ view: 'organization', queue: 'people', id: 'post-handler-05' })
    expect(page.find('.sheet tbody').text()).toContain('由岗位人员 06继续承担')
  })

  it('says that a seat would be vacant, and what a refusal lists', async () => {
    const refusal = { type: '', title: '', status: 409, code: 'organization.work_open', message: { zh: '仍有未办结的工作', en: 'Work is open' }, lines: [{ line: 'open/1', code: 'organization.work_open', message: { zh: '20261130-0007', en: '20261130-0007' } }] }
    const { page, sent, settle } = await open({ view: 'organization', queue: 'people', id: 'grid-worker-01' }, refusal)
    expect(page.find('.sheet tbody').text()).toContain('席位空缺')
    await page.findAll('.sheet .chip').find((one) => one.text() === '离任')?.trigger('click')
    await page.find('.sheet form').trigger('submit')
    await settle()
    expect(sent).toEqual([{ url: '/api/organization/dismiss', body: { person: 'grid-worker-01' } }])
    expect(page.find('.sheet .failure .lines').text()).toBe('未办结 1 20261130-0007')
  })

  it('is read again after it was changed, no older than the change', async () => {
    const { page, sent, asked, settle } = await open({ view: 'organization', queue: 'units', id: 'post:ecology@500153003' })
    expect(page.find('.sheet .people').text()).toContain('岗位人员 05')
    await page.findAll('.sheet form input')[0]?.setValue('生态岗')
    await page.find('.sheet form').trigger('submit')
    await settle()
    expect(sent).toEqual([{ url: '/api/organization/rename', body: { unit: 'post:ecology', town: '500153003', name: '生态岗', nameEn: 'Ecology' } }])
    expect(asked).toContain('/api/organization?minPosition=1%3A99')
  })
})
