import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'
import { createClient, type Identity } from '../api/client'
import { provideOrganization } from '../api/organization'
import type { MeetingDetail, TaskListDetail, WhistleCall } from '../api/types'
import { provideClient } from '../api/useClient'
import { createWords } from '../i18n'
import { blank, bodyOf, wrongIn } from '../parts/actions'
import { placeLink, placeOfSubject, readPlace, viewsOf, type Place } from '../parts/deskLink'
import { callActions as actionsOnCall, inOrderOfUse } from '../parts/whistleActions'
import { meetingActions } from './meetingActions'
import AdmissionBook from './AdmissionBook.vue'
import AgendaBook from './AgendaBook.vue'
import ListingBook from './ListingBook.vue'
import MeetingBook from './MeetingBook.vue'
import MeetingImport from './MeetingImport.vue'
import OperationsBook from './OperationsBook.vue'
import PolicyBook from './PolicyBook.vue'
import ReviewBook from './ReviewBook.vue'
import TaskBook from './TaskBook.vue'
import { draftOf, emptyDraft, emptyItem, localOf, toRequest, wrongInDraft, type Draft } from './taskListDraft'
import WhistleBook from './WhistleBook.vue'

// A page that stayed would go on asking, and be answered by the next test.
enableAutoUnmount(afterEach)

const zone = 'Asia/Shanghai'
const word = (key: string, named?: Record<string, unknown>) => (named ? `${key} ${Object.values(named).join()}` : key)
const at = '2026-11-30T04:00:00.000000Z'
const dispatcher: Identity = { actor: 'dispatcher-01', role: 'dispatcher' }
const by = { id: 'dispatcher-01', role: 'dispatcher', place: '500153003' }
const organization = {
  timeZone: zone,
  areas: [{ code: '500153003', name: '广顺街道', nameEn: 'Guangshun', level: 'town' }, { code: '500153003001', name: '檬梓桥社区', nameEn: 'Mengziqiao', level: 'village' }, { code: '500153003001001', name: '第一网格', nameEn: 'Grid 1', level: 'grid' }],
  sectors: [],
  posts: [{ code: 'ecology', town: '500153003', sector: 'economy', name: '生态环保岗', nameEn: 'Ecology' }],
  departments: [],
  people: [{ id: 'dispatcher-01', name: '调度员 01', nameEn: 'Dispatcher 01', roles: [{ role: 'dispatcher', place: '500153003' }] }],
  categories: [{ code: 'fire-hazard', name: '火灾隐患', nameEn: 'Fire hazard', sector: 'safety_and_law' }],
}

describe('A place on the desk', () => {
  it('is found again from its address', () => {
    for (const place of [{ view: 'tasks' }, { view: 'tasks', queue: 'to_check', id: 'l1-1-500153003001001' }, { view: 'whistles', queue: 'ranking' }, { view: 'whistles', queue: 'open', scope: '500153003001', only: 'awaited' }, { view: 'meetings', queue: 'yards', id: '500153003001001001' }, { view: 'operations', id: '7' }] as Place[]) {
      const link = placeLink(place)
      expect(readPlace(link.slice(link.indexOf('?')))).toEqual(place)
    }
    expect(placeLink({ view: 'cases', id: 'c1' })).toBe('/desk/?case=c1')
    expect(readPlace('?case=c1')).toEqual({ view: 'cases' })
    expect(readPlace('?view=nonsense&id=x')).toEqual({ view: 'cases' })
    expect(readPlace('?view=tasks&only=nonsense')).toEqual({ view: 'tasks' })
    // The page of the statistics reads its own scope.
    expect(readPlace('?view=statistics&scope=500153')).toEqual({ view: 'statistics' })
  })

  it('is the system itself for administrators only, and nothing else for them', () => {
    expect(viewsOf('administrator')).toEqual(['operations', 'organization', 'policy'])
    expect(viewsOf('dispatcher')).toEqual(['cases', 'tasks', 'whistles', 'meetings', 'agenda', 'listings', 'reviews', 'admissions', 'duty', 'spots', 'statistics'])
  })

  it('is where a notice leads', () => {
    expect(placeOfSubject('task_list:l1')).toEqual({ view: 'tasks', id: 'l1' })
    expect(placeOfSubject('task:l1-1-500153003')).toEqual({ view: 'tasks', id: 'l1-1-500153003' })
    expect(placeOfSubject('whistle:w1')).toEqual({ view: 'whistles', id: 'w1' })
    expect(placeOfSubject('meeting:m1')).toEqual({ view: 'meetings', id: 'm1' })
    expect(placeOfSubject('review:r1')).toEqual({ view: 'reviews', queue: 'reviews', id: 'r1' })
    expect(placeOfSubject('guidance:g1')).toEqual({ view: 'reviews', queue: 'guidances', id: 'g1' })
    expect(placeOfSubject('agenda:500153003')).toEqual({ view: 'agenda', queue: 'mine', id: '500153003' })
    expect(placeOfSubject('listing:c1')).toEqual({ view: 'listings', id: 'c1' })
    expect(placeOfSubject('duty:500153003')).toEqual({ view: 'duty', queue: 'roster' })
    expect(placeOfSubject('absence:3')).toEqual({ view: 'duty', queue: 'absences' })
    expect(placeOfSubject('admission:500153003')).toEqual({ view: 'admissions', queue: 'waiting' })
    expect(placeOfSubject('organization:district')).toBeUndefined()
  })
})

describe('A list that is drafted', () => {
  const full: Draft = { title: ' 冬季排查 ', targets: [{ area: '500153003', each: 'grid' }, { area: '500153003001', each: '' }], items: [{ ...emptyItem(), title: '燃气', text: '逐户排查', matter: 'fire-hazard', dueAt: '2026-12-05T18:00', needsText: true, photos: '2', unit: '户', expected: '1,020' }] }

  it('says what is missing, item by item', () => {
    expect(wrongInDraft(emptyDraft())).toEqual(['title', 'targets', 'items/1/title', 'items/1/text', 'items/1/matter', 'items/1/dueAt'])
    expect(wrongInDraft(full)).toEqual([])
    expect(wrongInDraft({ ...full, items: [{ ...full.items[0]!, expected: '20', unit: '' }] })).toEqual(['items/1/expected'])
    expect(wrongInDraft({ ...full, items: [{ ...full.items[0]!, expected: '0' }] })).toEqual(['items/1/expected'])
  })

  it('is sent with the limit as the clock of the district shows it', () => {
    expect(toRequest(full, zone)).toEqual({
      title: '冬季排查',
      targets: [{ area: '500153003', each: 'grid' }, { area: '500153003001' }],
      items: [{ title: '燃气', text: '逐户排查', matter: 'fire-hazard', dueAt: '2026-12-05T10:00:00.000000Z', evidence: { text: true, photos: 2 }, quantity: { unit: '户', expected: 1020 } }],
    })
    expect(localOf('2026-12-05T10:00:00.000000Z', zone)).toBe('2026-12-05T18:00')
  })

  it('asks for nothing that was not wanted', () => {
    const [item] = toRequest({ ...full, items: [{ ...full.items[0]!, needsText: false, photos: '0', unit: ' ', expected: '' }] }, zone).items
    expect(item).not.toHaveProperty('evidence')
    expect(item).not.toHaveProperty('quantity')
  })

  it('is the same after it was read for a revision, targets of single items included', () => {
    const list = { title: '冬季排查', targets: ['500153003001001'], items: [{ number: 1, title: '燃气', text: '逐户排查', matter: 'fire-hazard', dueAt: '2026-12-05T10:00:00.000000Z', evidence: {}, targets: ['500153003001'] }] } as unknown as TaskListDetail
    const request = toRequest(draftOf(list, zone), zone)
    expect(request).toMatchObject({ title: '冬季排查', targets: [{ area: '500153003001001' }], items: [{ dueAt: '2026-12-05T10:00:00.000000Z', targets: [{ area: '500153003001' }] }] })
  })
})

describe('A call', () => {
  const call = (change: Partial<WhistleCall> = {}) => ({ stage: 'called', unit: 'post:ecology', ...change }) as WhistleCall
  const units = [{ list: [{ value: 'post:ecology', words: '生态' }, { value: 'department:water-bureau', words: '水利' }] }]
  const route = (change: Partial<WhistleCall>) => actionsOnCall(call(change), word, units).find((action) => action.name === 'route')!

  it('goes to the unit that was called without another word, but after it was sent back it has to be said where', () => {
    expect(wrongIn(route({}), blank(route({})))).toEqual([])
    const back = route({ stage: 'declined' })
    expect(wrongIn(back, blank(back))).toEqual(['unit'])
    const proposed = route({ stage: 'declined', proposed: 'department:water-bureau' })
    expect(bodyOf(proposed, blank(proposed), zone)).toEqual({ unit: 'department:water-bureau' })
  })

  it('is never offered to the unit that has it', () => {
    expect(route({}).fields[0]?.groups?.flatMap((group) => group.list.map((unit) => unit.value))).toEqual(['department:water-bureau'])
  })

  it('lays open the next step of the loop, never one beside it', () => {
    const open = (stage: WhistleCall['stage'], possible: string[]) => {
      const actions = actionsOnCall(call({ stage }), word, units)
      return inOrderOfUse(possible).find((name) => !actions.find((action) => action.name === name)?.aside)
    }
    expect(open('called', ['route', 'drop'])).toBe('route')
    expect(open('routed', ['arrive', 'decline'])).toBe('arrive')
    expect(open('routed', ['route', 'drop'])).toBeUndefined()
    expect(open('arrived', ['advise', 'resolve', 'decline'])).toBe('advise')
    expect(open('resolved', ['rate'])).toBe('rate')
  })
})

describe('A meeting', () => {
  const meeting = { lines: [{ number: 1, feedbackDue: true }, { number: 2, feedbackDue: false }, { number: 3, feedbackDue: true }] } as MeetingDetail
  const action = (name: string) => meetingActions(meeting, word).find((one) => one.name === name)!

  it('tells the yard all that is due, by number, with a picture unless it was to their face', () => {
    const tell = action('give-feedback')
    expect(bodyOf(tell, { ...blank(tell), way: 'in_person' }, zone)).toEqual({ lines: [1, 3], way: 'in_person' })
    expect(wrongIn(tell, { ...blank(tell), way: 'in_person' })).toEqual([])
    expect(wrongIn(tell, { ...blank(tell), way: 'notice_board' })).toEqual(['photos'])
    expect(wrongIn(tell, blank(tell))).toEqual(['way'])
  })

  it('that took place says how many came', () => {
    const hold = action('hold')
    expect(wrongIn(hold, blank(hold))).toEqual(['attendance.participants', 'attendance.householdsPresent'])
    expect(bodyOf(hold, { ...blank(hold), 'attendance.participants': '31', 'attendance.householdsPresent': '18' }, zone)).toEqual({ attendance: { participants: 31, householdsPresent: 18 } })
  })
})

interface Sent {
  url: string
  method: string
  headers: Record<string, string>
  body: unknown
}

/** @param follows Whether the page goes where it is told to; what lies beyond is another test's. */
function show(component: object, props: Record<string, unknown>, answer: (url: string, init: RequestInit) => unknown, follows: (to: Place) => boolean = () => true) {
  const sent: Sent[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    sent.push({ url, method: init.method ?? 'GET', headers: init.headers as Record<string, string>, body: init.body })
    const body = url.startsWith('/api/organization') ? organization : url.startsWith('/api/inbox') ? { unread: 0, items: [] } : answer(url, init)
    return body instanceof Response ? body : new Response(JSON.stringify(body))
  })
  const place = ref(props.place)
  const shown = ref(props.place)
  const Desk = defineComponent({
    setup() {
      const { directory } = provideOrganization(provideClient(createClient(() => dispatcher)), () => 'zh')
      function go(to: Place) {
        place.value = to
        if (follows(to)) shown.value = to
      }
      return { component, props, shown, directory, go }
    },
    template: '<component :is="component" v-if="directory" v-bind="props" :place="shown" @go="go" />',
  })
  const page = mount(Desk, { global: { plugins: [createWords('zh')] } })
  return { page, sent, place }
}
const settle = async () => {
  for (let n = 0; n < 6; n++) await flushPromises()
}

describe('The book of tasks', () => {
  afterEach(() => vi.unstubAllGlobals())
  const row = { id: 'l1', version: 2, stage: 'published', title: '冬季排查', items: 1, targets: 1, tasks: 3, issuer: by, draftedAt: at, publishedAt: at, dueAt: '2026-12-05T10:00:00.000000Z', progress: { tasks: 3, open: 1, toCheck: 1, toDecide: 0, accepted: 1, notDone: 0, cancelled: 0, late: 1 } }
  const task = { id: 'l1-1-500153003001001', version: 3, list: 'l1', listTitle: '冬季排查', item: 1, title: '燃气', matter: 'fire-hazard', target: '500153003001001', stage: 'completed', dueAt: row.dueAt, late: false, round: 1, assignedAt: at, updatedAt: at }

  it('shows the lists of the desk, and leads to what has to be checked', async () => {
    const { page, sent, place } = show(TaskBook, { identity: dispatcher, place: { view: 'tasks' } }, (url) => (url.startsWith('/api/task-lists') ? { items: [row] } : url.startsWith('/api/tasks/') ? { ...task, text: '逐户排查', evidence: {}, photos: [], photosHidden: 0, attachments: [], attachmentsHidden: 0, issuer: by, returns: 0, sentBacks: 0, past: [], history: [], possible: ['check'] } : { items: [task] }))
    await settle()
    expect(sent.map((one) => one.url)).toContain('/api/task-lists?issued=true&limit=100')
    expect(page.find('.item').text()).toMatch(/冬季排查.*已下发.*已办结 1\/3、待核查 1、超期 1/)
    expect(page.find('.queues').text()).toMatch(/待核查\s*1/)
    await page.findAll('.queues button')[1]?.trigger('click')
    await settle()
    expect(sent.map((one) => one.url)).toContain('/api/tasks?issued=true&stage=completed&sort=due&limit=100')
    await page.find('.item').trigger('click')
    expect(place.value).toEqual({ view: 'tasks', queue: 'to_check', id: task.id })
    await settle()
    expect(page.find('.sheet').text()).toMatch(/燃气.*待核查.*确认核查/)
  })

  it('accepts the chosen tasks one by one, and says which was refused', async () => {
    const others = [task, { ...task, id: 'l1-1-500153003001002', target: '500153003001002', version: 5 }]
    const own = { type: '', title: '', status: 409, code: 'task.own_work', message: { zh: '不得核查自己办理的任务。', en: 'Not one’s own.' } }
    const { page, sent } = show(TaskBook, { identity: dispatcher, place: { view: 'tasks', queue: 'to_check' } }, (url, init) => (init.method !== 'POST' ? { items: others } : url.includes('001002') ? new Response(JSON.stringify(own), { status: 409 }) : { id: task.id, version: 4, position: '1:9' }))
    await settle()
    expect(page.find('.checks .button').attributes('disabled')).toBeDefined()
    await page.find('.checks input').setValue(true)
    expect(page.findAll<HTMLInputElement>('.choose input').map((one) => one.element.checked)).toEqual([true, true])
    await page.find('.checks .button').trigger('click')
    await settle()
    await settle()
    const posts = sent.filter((one) => one.method === 'POST')
    expect(posts.map((one) => [one.url, one.headers['If-Match'], one.body])).toEqual([
      ['/api/tasks/l1-1-500153003001001/check', '"3"', '{"passed":true}'],
      ['/api/tasks/l1-1-500153003001002/check', '"5"', '{"passed":true}'],
    ])
    expect(page.find('.checks .done').text()).toContain('已核查通过 1 项')
    expect(page.find('.checks .failure').text()).toContain('不得核查自己办理的任务')
    expect(page.findAll<HTMLInputElement>('.choose input').map((one) => one.element.checked)).toEqual([false, true])
  })

  it('shows more of what stands in a queue on demand', async () => {
    const { page, sent } = show(TaskBook, { identity: dispatcher, place: { view: 'tasks', queue: 'open' } }, (url) => (url.includes('cursor=7') ? { items: [{ ...task, id: 'l1-1-500153003001002' }] } : { items: [task], next: '7' }))
    await settle()
    expect(page.find('.total').text()).toBe('已显示 1 项，还有更多')
    await page.find('.more button').trigger('click')
    await settle()
    expect(page.findAll('.list .item')).toHaveLength(2)
    expect(sent.at(-1)?.url).toContain('cursor=7')
    expect(page.find('.more').exists()).toBe(false)
  })

  it('shows a long list target by target: only those whose tasks are all read, and all of them in the sum', async () => {
    const account = (target: string) => ({ account: { target, tasks: 1, onTime: 0, late: 0, open: 1, openLate: 0, toCheck: 0, toDecide: 0, notDone: 0, cancelled: 0, returned: 0, returnedLate: 0, sentBack: 0 } })
    const targets = ['500153003001001', '500153003001002', '500153003001003']
    const list = { id: 'l1', version: 2, stage: 'published', title: '冬季排查', items: [{ number: 1, title: '燃气', text: '逐户排查', matter: 'fire-hazard', dueAt: row.dueAt, evidence: {} }], targets: [], tasks: 3, draftedBy: by, draftedAt: at, issuer: by, publishedAt: at, additions: [], possible: ['close'] }
    const taskAt = (target: string) => ({ ...task, id: `l1-1-${target}`, target })
    const { page, sent } = show(TaskBook, { identity: dispatcher, place: { view: 'tasks', queue: 'lists', id: 'l1' } }, (url) => {
      if (url.includes('/account')) return { id: 'l1', stage: 'published', at, targets: targets.map(account), total: account('500153003').account }
      if (url.startsWith('/api/task-lists/l1')) return list
      if (url.startsWith('/api/task-lists')) return { items: [row] }
      return url.includes('cursor=x') ? { items: [taskAt(targets[2]!)] } : { items: targets.slice(0, 2).map(taskAt), next: 'x' }
    })
    await settle()
    expect(sent.map((one) => one.url)).toContain('/api/tasks?issued=true&list=l1&sort=target&limit=200')
    expect(page.findAll('.sheet tbody tr')).toHaveLength(1)
    expect(page.find('.sheet tfoot th').text()).toBe('合计（3）')
    expect(page.find('.sheet').text()).toContain('已显示 1 个对象，共 3 个')
    await page.findAll('.sheet .over button').at(-1)?.trigger('click')
    await settle()
    expect(page.findAll('.sheet tbody tr')).toHaveLength(3)
    expect(page.findAll('.sheet tbody .cell')).toHaveLength(3)
  })

  it('says that it cannot be read and goes on showing what was read last', async () => {
    let fails = false
    const { page } = show(TaskBook, { identity: dispatcher, place: { view: 'tasks' } }, () => {
      if (fails) throw new TypeError('network')
      return { items: [row] }
    })
    await settle()
    fails = true
    page.findComponent(TaskBook).findComponent({ name: 'DeskBook' }).vm.$emit('refresh')
    await settle()
    expect(page.find('.list .failure').exists()).toBe(true)
    expect(page.find('.list').text()).toContain('以下是上次取得的内容')
    expect(page.findAll('.item')).toHaveLength(1)
  })

  it('sends a list as it was drafted, and says of a refusal which item and which target it is about', async () => {
    const lines = [{ line: 'items/1/500153003001001', code: 'task_list.line.not_admitted', message: { zh: '该事项不在准入清单内。', en: 'Not admitted.' } }]
    const problem = { type: '', title: '', status: 422, code: 'task_list.lines', message: { zh: '以下各行有误。', en: 'These lines are wrong.' }, lines }
    const { page, sent } = show(TaskBook, { identity: dispatcher, place: { view: 'tasks', id: 'new' } }, (_, init) => (init.method === 'POST' ? new Response(JSON.stringify(problem), { status: 422 }) : { items: [] }))
    await settle()
    await page.find('.sheet').trigger('submit')
    expect(page.find('.sheet').text()).toContain('请补全标红的内容')
    const inputs = page.findAll('.sheet input')
    await inputs[0]?.setValue('冬季排查')
    await page.findAll('.sheet button').find((button) => button.text() === '添加对象')?.trigger('click')
    await page.find('.item.card input').setValue('燃气')
    await page.find('.item.card textarea').setValue('逐户排查')
    await page.find('.item.card select').setValue('fire-hazard')
    await page.find('.item.card .when input').setValue('2026-12-05T18:00')
    await page.find('.sheet').trigger('submit')
    await settle()
    const post = sent.find((one) => one.method === 'POST')
    expect(post?.url).toBe('/api/task-lists')
    expect(JSON.parse(String(post?.body))).toMatchObject({ title: '冬季排查', targets: [{ area: '500153003', each: 'grid' }] })
    expect(page.find('.failure .lines').text()).toBe('第 1 项 · 檬梓桥社区 · 第一网格 该事项不在准入清单内。')
  })
})

describe('The scores of the lists of tasks', () => {
  afterEach(() => vi.unstubAllGlobals())
  const area = '500153003001001'
  const score = { target: area, lists: 2, tasks: 9, onTime: 6, late: 2, notDone: 1, sentBack: 1, returned: 0, score: 83 }
  const behind = { target: area, items: [{ list: 'l2', title: '汛期排查', closedAt: at, tasks: 4, onTime: 4, late: 0, notDone: 0, sentBack: 0, returned: 0, score: 100 }, { list: 'l1', title: '冬季排查', closedAt: at, tasks: 5, onTime: 2, late: 2, notDone: 1, sentBack: 1, returned: 0 }] }

  it('stand by area and year, and open list by list, each with its table to take along', async () => {
    const year = new Date().getFullYear()
    const made: string[] = []
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: (file: Blob) => (made.push(String(file.size)), 'blob:1'), revokeObjectURL: () => {} }))
    const { page, sent, place } = show(TaskBook, { identity: dispatcher, place: { view: 'tasks', queue: 'scores' } }, (url) => (url.endsWith('.csv') ? new Response('target,name') : url.startsWith(`/api/task-scores/${area}`) ? behind : { items: [score] }), ({ queue }) => queue === 'scores')
    await settle()
    expect(sent.map((one) => one.url)).toContain(`/api/task-scores?from=${year}-01-01&to=${year}-12-31`)
    expect(page.find('.item').text()).toMatch(/第一网格\s*83\s*2 张清单，9 项任务：按期 6，超期办结 2，未完成 1/)
    await page.find('.item').trigger('click')
    await settle()
    expect(place.value).toEqual({ view: 'tasks', queue: 'scores', id: area })
    const rows = page.findAll('.sheet tbody tr')
    expect(rows.map((row) => row.findAll('td.numeric').map((cell) => cell.text()))).toEqual([['4', '4', '0', '0', '0', '100'], ['5', '2', '2', '1', '1', '–']])
    await rows[1]?.find('.download button').trigger('click')
    await settle()
    expect(sent.map((one) => one.url)).toContain('/api/task-lists/l1/account.csv')
    expect(made).toEqual(['11'])
    await page.find('.year select').setValue(String(year - 1))
    await settle()
    expect(sent.map((one) => one.url)).toContain(`/api/task-scores/${area}?from=${year - 1}-01-01&to=${year - 1}-12-31`)
    await page.find('.sheet th button').trigger('click')
    expect(place.value).toEqual({ view: 'tasks', queue: 'lists', id: 'l2' })
  })
})

describe('What yards raised', () => {
  afterEach(() => vi.unstubAllGlobals())
  const yard = '500153003001001001'
  const account = (area: string, feedbackDue: number) => ({ area, meetings: 2, lines: 4, open: 1, feedbackDue, told: 2, lastHeldAt: at })
  const line = { number: 2, kind: 'town', caseId: 'c2', caseNumber: '20261130-0002', text: '村道积水', area: yard, category: 'fire-hazard', caseStage: 'closed', outcome: 'closed', settledAt: at, open: false, feedbackDue: false, feedback: { way: 'in_person', by, at } }
  const meeting = { id: 'm1', version: 4, stage: 'listed', tier: 'village', form: 'on_site', area: yard, hostRole: 'village_secretary', topics: [], heldAt: at, lines: 3, onSpot: 0, open: 1, feedbackDue: 1, updatedAt: at }
  const page1 = { area: yard, items: [{ meeting, lines: [line, { ...line, number: 3, caseId: 'c3', feedback: undefined, feedbackDue: true }] }], next: '7' }
  const page2 = { area: yard, items: [{ meeting: { ...meeting, id: 'm0' }, lines: [{ ...line, number: 1, caseId: 'c1', caseStage: 'handling', outcome: undefined, settledAt: undefined, open: true, feedback: undefined }] }] }

  it('stand yard by yard, those first that are owed an answer, and each opens into its whole history', async () => {
    const { page, sent, place } = show(MeetingBook, { identity: dispatcher, place: { view: 'meetings', queue: 'yards' } }, (url) =>
      url.startsWith('/api/meetings/yards') ? { items: [account('500153003001001002', 0), account(yard, 1)] } : url.includes('cursor=7') ? page2 : url.startsWith('/api/meetings/history') ? page1 : { tiers: [], agenda: [], topics: [] }, ({ queue }) => queue === 'yards')
    await settle()
    expect(page.findAll('.item').map((one) => one.find('.owed').exists())).toEqual([true, false])
    expect(page.find('.item').text()).toContain('2 次会议，问题 4 条，在办 1 条，已反馈 2 条')
    await page.find('.item').trigger('click')
    await settle()
    expect(sent.map((one) => one.url)).toContain(`/api/meetings/history?scope=${yard}`)
    expect(page.findAll('.sheet li').map((one) => one.find('.answer').text())).toEqual(['已反馈：当面反馈，调度员 01，11/30 12:00', '待反馈'])
    await page.findAll('.sheet button').find((button) => button.text() === '加载更多')?.trigger('click')
    await settle()
    expect(page.findAll('.sheet li')).toHaveLength(3)
    expect(page.findAll('.sheet li')[2]?.find('.answer').exists()).toBe(false)
    await page.find('.sheet .way button').trigger('click')
    expect(place.value).toEqual({ view: 'cases', id: 'c2' })
  })
})

describe('The matters of the party work committee', () => {
  afterEach(() => vi.unstubAllGlobals())
  const lead = { person: { id: 'dispatcher-01', role: 'dispatcher' }, until: '2026-12-31T10:00:00.000000Z', overdue: false }
  const row = { town: '500153003', item: 1, stage: 'led', case: { id: 'c1', number: '20261130-0001', text: '道路破损', category: 'fire-hazard', area: '500153003001001', stage: 'handling' }, reasons: ['overdue', 'funding_wanted'], lead, reports: 1, missed: 1, reportDue: true, collectedAt: at }
  const item = { item: row, meeting: 1, task: '现场查勘', reports: [{ meeting: 2, report: '已查勘', by: { id: 'dispatcher-01', role: 'dispatcher' }, at }], missedMeetings: [3], possible: ['report', 'name-lead'] }
  const meetings = [{ number: 3, startsAt: at, stage: 'concluded', preparedAt: at, endedAt: at, minutes: '末议题一项', missed: [1] }]
  const detail = { town: '500153003', version: 9, meetings, items: [item], attachments: [], attachmentsHidden: 0, rules: {}, possible: ['prepare'] }
  const answer = (url: string, init: RequestInit) => (init.method === 'POST' ? { id: '500153003', version: 10, position: '1:9' } : url.startsWith('/api/agenda-items') ? { items: [row] } : detail)

  it('stand with lead, day and what is owed, and open into their reports', async () => {
    const { page, sent, place } = show(AgendaBook, { identity: dispatcher, place: { view: 'agenda' } }, answer)
    await settle()
    expect(sent.map((one) => one.url)).toContain('/api/agenda-items?open=true')
    expect(page.find('.item').text()).toMatch(/第一网格.*牵头办理.*道路破损.*调度员 01 牵头.*下次会议前须汇报进展/)
    await page.find('.item').trigger('click')
    expect(place.value).toEqual({ view: 'agenda', queue: 'open', id: '500153003-1' })
    await settle()
    expect(page.find('.sheet').text()).toMatch(/末议题第 1 项.*20261130-0001.*久拖超期、需筹资金.*调度员 01.*现场查勘.*进展汇报（1）.*第 2 次会议.*已查勘.*缺汇报：第 3 次会议/)
  })

  it('take a report, which says of itself which matter it is about', async () => {
    const { page, sent } = show(AgendaBook, { identity: dispatcher, place: { view: 'agenda', id: '500153003-1' } }, answer)
    await settle()
    await page.find('.actions textarea').setValue('资金已落实')
    await page.find('.actions form').trigger('submit')
    await settle()
    const post = sent.find((one) => one.method === 'POST')
    expect(post?.url).toBe('/api/agendas/500153003/report')
    expect(JSON.parse(String(post?.body))).toEqual({ item: 1, report: '资金已落实' })
    expect(post?.headers['If-Match']).toBe('"9"')
  })

  it('open as a whole list, with the meetings and the reports that each missed', async () => {
    const { page, place } = show(AgendaBook, { identity: dispatcher, place: { view: 'agenda', id: '500153003' } }, answer)
    await settle()
    expect(page.find('.sheet').text()).toMatch(/党工委会议末议题.*备会收集.*第 3 次会议.*已结束.*第 1 项.*末议题一项/)
    await page.findAll('.sheet table button').find((button) => button.text() === '第 1 项')?.trigger('click')
    expect(place.value).toEqual({ view: 'agenda', queue: 'open', id: '500153003-1' })
  })
})

describe('Cases listed for supervision', () => {
  afterEach(() => vi.unstubAllGlobals())
  const row = { caseId: 'c1', number: '2026-007', caseNumber: '20261130-0001', caseStage: 'handling', town: '500153003', category: 'fire-hazard', sector: 'safety_and_law', stage: 'listed', grade: 'concentrated', reason: 'hard_limit', lateCases: 3, listedAt: at, dueAt: '2026-12-10T04:00:00.000000Z', overdue: false, reports: 1, lastProgress: '施工队已进场', lastReportAt: at, supervisors: [{ id: 'dispatcher-01', role: 'district_secretary' }] }
  const history = [{ type: 'listing_opened', by: { id: 'system:listings', role: 'system' }, at }, { type: 'listing_step_taken', by: { id: 'system:listings', role: 'system' }, at, step: 'main-leader', stepDueAt: '2026-11-29T04:00:00.000000Z', raised: true }, { type: 'listing_progressed', by: { id: 'dispatcher-01', role: 'dispatcher' }, at, text: '施工队已进场' }]
  const detail = { caseId: 'c1', version: 3, rounds: [row], history, ahead: [{ name: 'overdue', dueAt: row.dueAt, raises: false }], attachments: [], attachmentsHidden: 0, possible: ['lift'] }
  const stay = { id: 'g1', stage: 'planned', place: '500153003001', from: at, to: at, people: [{ id: 'dispatcher-01' }], task: '现场商定责任单位', caseId: 'c1', dueAt: at, overdue: false, followUps: 0 }
  const answer = (url: string) => (url.startsWith('/api/listings/') ? detail : url.startsWith('/api/guidances') ? { items: [stay] } : { items: [row] })

  it('stand with number, plate, supervisor, limit and progress, and open into all that happened', async () => {
    const { page, sent, place } = show(ListingBook, { identity: dispatcher, place: { view: 'listings' } }, answer)
    await settle()
    expect(sent.map((one) => one.url)).toContain('/api/listings?stage=listed')
    expect(page.find('.item').text()).toMatch(/挂牌督办 2026-007 号.*挂牌督办中.*广顺街道 · 火灾隐患.*集中突出问题 · 调度员 01.*施工队已进场/)
    await page.find('.item').trigger('click')
    expect(place.value).toEqual({ view: 'listings', queue: 'listed', id: 'c1' })
    await settle()
    expect(page.find('.sheet').text()).toMatch(/硬时限到期 · 同类超期 3 件.*区委主要领导.*督办经过.*督办时限 由区委主要领导督办.*应于 .*督办进展.*施工队已进场/)
  })

  it('say which stays on the spot there are, and let who leads plan another', async () => {
    const leader: Identity = { actor: 'dispatcher-01', role: 'district_leader' }
    const { page, sent, place } = show(ListingBook, { identity: leader, place: { view: 'listings', id: 'c1' } }, answer)
    await settle()
    const stays = page.find('section[aria-labelledby=stays]')
    expect(stays.text()).toMatch(/蹲点指导.*现场商定责任单位.*已计划.*调度员 01.*计划蹲点.*补记蹲点/)
    await stays.findAll('button').find((button) => button.text() === '计划蹲点')?.trigger('click')
    const times = stays.findAll('.when input')
    await times[0]?.setValue('2026-12-01 09:00')
    await times[1]?.setValue('2026-12-01 17:00')
    await stays.find('textarea').setValue('再看一次')
    await stays.find('form').trigger('submit')
    await settle()
    const post = sent.find((one) => one.method === 'POST')
    expect([post?.url, JSON.parse(String(post?.body))]).toEqual(['/api/guidances/plan', { place: '500153003', caseId: 'c1', from: '2026-12-01T01:00:00.000000Z', to: '2026-12-01T09:00:00.000000Z', task: '再看一次' }])
    await stays.find('a').trigger('click')
    expect(place.value).toEqual({ view: 'reviews', queue: 'guidances', id: 'g1' })
  })

  it('are not lifted without proof', async () => {
    const { page, sent } = show(ListingBook, { identity: dispatcher, place: { view: 'listings', id: 'c1' } }, answer)
    await settle()
    await page.find('.actions textarea').setValue('已修复')
    await page.find('.actions form').trigger('submit')
    await settle()
    expect(sent.some((one) => one.method === 'POST')).toBe(false)
    expect(page.find('.actions .wrong').exists()).toBe(true)
  })
})

describe('Reviews and stays on the spot', () => {
  afterEach(() => vi.unstubAllGlobals())
  const office: Identity = { actor: 'dispatcher-01', role: 'office' }
  const row = { id: 'r1', stage: 'prepared', scope: '500153003', from: at, to: at, startsAt: at, cases: 2, undecided: 1, measures: 1, openMeasures: 1, overdue: 1 }
  const measure = { number: 1, text: '立案即测算资金', owner: { id: 'dispatcher-01' }, role: 'dispatcher', dueAt: '2026-11-29T04:00:00.000000Z', overdue: true }
  const cases = [{ number: 1, caseId: 'c1', caseNumber: '20261130-0001', text: '道路破损', reasons: ['late'], lesson: '研判太晚', measures: [measure] }, { number: 2, caseId: 'c2', caseNumber: '20261130-0002', text: '污水', reasons: ['listed'], measures: [] }]
  const detail = { item: row, version: 4, cases, attachments: [], possible: ['record-lesson', 'leave-out', 'cancel'] }
  const stay = { id: 'g1', stage: 'recorded', place: '500153003001', from: at, to: at, people: [{ id: 'dispatcher-01' }], found: '无人管护', agreed: '三日内清运', dueAt: '2026-11-29T04:00:00.000000Z', overdue: true, followUps: 0 }
  const planned = { id: 'g2', stage: 'planned', place: '500153003001', from: '2026-12-01T01:00:00.000000Z', to: '2026-12-01T09:00:00.000000Z', people: [{ id: 'dispatcher-01' }], task: '现场商定责任单位', caseId: 'c1', dueAt: '2026-12-01T01:00:00.000000Z', overdue: false, followUps: 0 }
  const answer = (url: string, init: RequestInit) =>
    init.method === 'POST' ? { id: 'r1', version: 5, position: '1:9' } : url.startsWith('/api/reviews/') ? detail : url.startsWith('/api/reviews') ? { items: [row] } : url.startsWith('/api/guidances/g2') ? { item: planned, version: 1, plan: { place: planned.place, from: planned.from, to: planned.to, task: planned.task, by: { id: 'dispatcher-01' }, at }, followUps: [], attachments: [], possible: ['begin', 'call-off'] } : url.startsWith('/api/guidances/') ? { item: stay, version: 1, found: stay.found, agreed: stay.agreed, by: stay.dueAt, followUps: [], attachments: [], possible: ['follow-up'] } : { items: [planned, stay] }

  it('stand with what is overdue, and open into lessons, measures and their owners', async () => {
    const { page, place } = show(ReviewBook, { identity: office, place: { view: 'reviews' } }, answer)
    await settle()
    expect(page.find('.item').text()).toMatch(/广顺街道.*已备会.*2 件案件 · 1 项措施.*超期 1 项/)
    await page.find('.item').trigger('click')
    expect(place.value).toEqual({ view: 'reviews', queue: 'reviews', id: 'r1' })
    await settle()
    expect(page.find('.sheet').text()).toMatch(/复盘案件（2）.*20261130-0001.*曾超期升级.*道路破损.*教训.*研判太晚.*立案即测算资金.*调度员 01.*曾挂牌督办.*尚无教训和措施/)
  })

  it('take a lesson with as many measures as were filled in, each with its owner and day', async () => {
    const { page, sent } = show(ReviewBook, { identity: office, place: { view: 'reviews', queue: 'reviews', id: 'r1' } }, answer)
    await settle()
    const fields = () => page.findAll('.actions textarea')
    await fields()[0]?.setValue('多头管理')
    await fields()[1]?.setValue('明确一个牵头部门')
    await settle()
    const selects = page.findAll('.actions select')
    expect((selects[0]?.element as HTMLSelectElement).value).toBe('2')
    await selects[1]?.setValue('dispatcher-01')
    await page.find('.actions .when input').setValue('2026-12-20 18:00')
    await page.find('.actions form').trigger('submit')
    await settle()
    const post = sent.find((one) => one.method === 'POST')
    expect(post?.url).toBe('/api/reviews/r1/record-lesson')
    expect(JSON.parse(String(post?.body))).toEqual({ item: 2, lesson: '多头管理', measures: [{ text: '明确一个牵头部门', owner: 'dispatcher-01', dueAt: '2026-12-20T10:00:00.000000Z' }] })
  })

  it('begin with the days of the span', async () => {
    const { page, sent, place } = show(ReviewBook, { identity: office, place: { view: 'reviews', queue: 'reviews', id: 'new' } }, answer)
    await settle()
    const days = page.findAll('.actions .when input')
    await days[0]?.setValue('2026-10-01')
    await days[1]?.setValue('2026-10-31')
    await days[2]?.setValue('2026-12-04 09:00')
    await page.find('.actions form').trigger('submit')
    await settle()
    const post = sent.find((one) => one.method === 'POST')
    expect([post?.url, JSON.parse(String(post?.body))]).toEqual(['/api/reviews', { scope: expect.any(String), from: '2026-10-01', to: '2026-10-31', startsAt: '2026-12-04T01:00:00.000000Z' }])
    expect(place.value).toEqual({ view: 'reviews', queue: 'reviews', id: 'r1' })
  })

  it('name who is to come, where others than those who had the cases are', async () => {
    const { page, sent } = show(ReviewBook, { identity: office, place: { view: 'reviews', queue: 'reviews', id: 'new' } }, answer)
    await settle()
    const days = page.findAll('.actions .when input')
    for (const [index, day] of ['2026-10-01', '2026-10-31', '2026-12-04 09:00'].entries()) await days[index]?.setValue(day)
    await page.findAll('.actions .chip').find((chip) => chip.text().includes('调度员 01'))?.trigger('click')
    await page.find('.actions form').trigger('submit')
    await settle()
    expect(JSON.parse(String(sent.find((one) => one.method === 'POST')?.body))).toMatchObject({ people: ['dispatcher-01'] })
  })

  it('plan a stay with who goes, when, where and what for', async () => {
    const { page, sent, place } = show(ReviewBook, { identity: office, place: { view: 'reviews', queue: 'guidances', id: 'new' } }, answer)
    await settle()
    await page.find('.actions form').trigger('submit')
    await settle()
    expect(sent.some((one) => one.method === 'POST')).toBe(false)
    await page.find('.actions select').setValue('500153003001')
    const times = page.findAll('.actions .when input')
    await times[0]?.setValue('2026-12-01 09:00')
    await times[1]?.setValue('2026-12-01 17:00')
    await page.findAll('.actions .chip').find((chip) => chip.text().includes('调度员 01'))?.trigger('click')
    await page.find('.actions textarea').setValue('现场商定责任单位')
    await page.find('.actions form').trigger('submit')
    await settle()
    const post = sent.find((one) => one.method === 'POST')
    expect([post?.url, JSON.parse(String(post?.body))]).toEqual(['/api/guidances/plan', { place: '500153003001', from: '2026-12-01T01:00:00.000000Z', to: '2026-12-01T09:00:00.000000Z', people: ['dispatcher-01'], task: '现场商定责任单位' }])
    expect(place.value).toEqual({ view: 'reviews', queue: 'guidances', id: 'r1' })
  })

  it('begin a planned stay at its place or within it', async () => {
    const { page, sent } = show(ReviewBook, { identity: office, place: { view: 'reviews', queue: 'guidances', id: 'g2' } }, answer)
    await settle()
    expect(page.find('.sheet').text()).toMatch(/蹲点 · .*檬梓桥社区.*已计划.*计划时间.*安排人.*调度员 01.*现场要解决的问题.*现场商定责任单位/)
    expect(page.find('.sheet').text()).not.toContain('跟踪落实')
    expect(page.findAll('.actions option').map((option) => option.attributes('value')).filter(Boolean)).toEqual(['500153003001', '500153003001001'])
    await page.find('.actions form').trigger('submit')
    await settle()
    const post = sent.find((one) => one.method === 'POST')
    expect([post?.url, JSON.parse(String(post?.body))]).toEqual(['/api/guidances/g2/begin', { place: '500153003001' }])
  })

  it('say of a stay by when what was agreed is to be done', async () => {
    const { page } = show(ReviewBook, { identity: office, place: { view: 'reviews', queue: 'guidances', id: 'g1' } }, answer)
    await settle()
    expect(page.findAll('.item')[0]?.text()).toMatch(/檬梓桥社区.*已计划.*现场商定责任单位/)
    expect(page.findAll('.item')[1]?.text()).toMatch(/檬梓桥社区.*待落实.*三日内清运.*调度员 01/)
    expect(page.find('.sheet').text()).toMatch(/蹲点 · .*檬梓桥社区.*待落实.*无人管护.*三日内清运.*还没有报告落实情况/)
  })
})

describe('The deadline policy', () => {
  afterEach(() => vi.unstubAllGlobals())
  const administrator: Identity = { actor: 'dispatcher-01', role: 'administrator' }
  const contents = { version: 'default-2', rules: 24, matters: { party_building: 30, economy: 40, livelihood: 50, safety_and_law: 27 }, limits: { sourced: 41, derived: 60, assumed: 90 }, unmarked: 0 }
  const versions = [{ version: 'default-2', revision: 3, from: at, adoptedAt: at, by: 'dispatcher-01', counts: true, recounted: true, contents }, { version: 'default-1', revision: 1, adoptedAt: at, by: 'system:import', counts: false, recounted: false, contents: { ...contents, version: 'default-1' } }]
  const holiday = { zh: '国庆节', en: 'National Day', from: '2027-10-01', to: '2027-10-07', workdays: ['2027-09-26'] }
  const calendar = { years: [{ year: 2026, announced: true, source: { title: '国办通知' }, holidays: [] }, { year: 2027, announced: false, source: { title: '推定' }, holidays: [holiday] }], hours: { rules: [{ spans: ['09:00-12:00', '14:00-18:00'] }, { town: '500153003', season: { from: '07-01', to: '09-15' }, spans: ['08:30-12:00'] }] } }
  const changes = [{ section: 'rules', key: 'handle/normal', before: '{"limit":{"amount":7,"unit":"natural_days"}}', after: '{"limit":{"amount":5,"unit":"working_days"}}' }, { section: 'matters', key: 'damaged-road', after: '{"code":"damaged-road"}' }]
  const refusal = { type: 'about:blank', title: '', status: 422, code: 'policy.file_refused', message: { zh: '文件有 1 处错误', en: '1 mistake' }, lines: [{ line: 'lines/3', code: 'policy.file_refused', message: { zh: 'line 3: a limit is positive.', en: 'line 3: a limit is positive.' } }] }
  const answer = (url: string, init: RequestInit) =>
    init.method === 'POST' ? (url.includes('dryRun') ? { id: 'district', version: 3, preview: changes } : { id: 'district', version: 4, position: '1:9' }) : url.startsWith('/api/policy/versions') ? { items: versions } : url.startsWith('/api/policy/calendar') ? calendar : url.startsWith('/api/policy/differences') ? { from: 'default-1', to: 'default-2', items: changes } : { revision: 3, current: versions[0], years: [] }

  it('says which version is in force, on what its limits rest, and what is different from the one before', async () => {
    const { page, sent } = show(PolicyBook, { identity: administrator, place: { view: 'policy', queue: 'versions', id: '3' } }, answer)
    await settle()
    expect(page.find('.item').text()).toMatch(/default-2.*生效中.*有出处 41 · 推定 60 · 假定 90/)
    expect(page.find('.sheet').text()).toMatch(/时限规则 default-2.*调度员 01.*按新规则重新计算.*通用规则.*24.*时限：有出处.*41.*时限：推定.*60.*时限：假定.*90/)
    expect(sent.map((one) => one.url)).toContain('/api/policy/differences?from=default-1&to=default-2')
    expect(page.find('.changes').text()).toMatch(/规则.*处置时限 · 一般.*natural_days.*working_days.*事项.*damaged-road.*新增/)
  })

  it('marks a year that is not announced as provisional', async () => {
    const { page } = show(PolicyBook, { identity: administrator, place: { view: 'policy', queue: 'calendar', id: '2027' } }, answer)
    await settle()
    expect(page.findAll('.item').map((one) => one.text())).toEqual([expect.stringContaining('已公布'), expect.stringContaining('未公布，暂定')])
    expect(page.find('.sheet').text()).toMatch(/2027 年工作日历.*未公布，暂定.*尚未公布.*国庆节.*2027-10-01 – 2027-10-07.*2027-09-26.*全区.*09:00-12:00.*广顺街道.*07-01 – 09-15/)
  })

  it('is taken from a file once what would change was shown', async () => {
    const { page, sent } = show(PolicyBook, { identity: administrator, place: { view: 'policy', queue: 'import' } }, answer)
    await settle()
    await page.find('textarea').setValue('{"version":"next"}')
    const [check, take] = page.findAll('.form .row button')
    expect((take?.element as HTMLButtonElement).disabled).toBe(true)
    await check?.trigger('click')
    await settle()
    expect(page.find('.changes').text()).toContain('damaged-road')
    await take?.trigger('click')
    await settle()
    const posts = sent.filter((one) => one.method === 'POST')
    expect(posts.map((one) => one.url)).toEqual(['/api/policy/import?dryRun=true', '/api/policy/import'])
    expect(posts[1]?.headers['If-Match']).toBe('"3"')
    expect(page.find('[role=status].good').text()).toBe('已导入。')
  })

  it('says of each mistake in which line it is, with that line', async () => {
    const { page } = show(PolicyBook, { identity: administrator, place: { view: 'policy', queue: 'import' } }, (url, init) => (init.method === 'POST' ? new Response(JSON.stringify(refusal), { status: 422 }) : answer(url, init)))
    await settle()
    await page.find('textarea').setValue('{\n"rules": [\n{"limit": 0}\n]}')
    await page.find('.form .row button').trigger('click')
    await settle()
    expect(page.find('.errors').text()).toMatch(/第 3 行.*a limit is positive\..*\{"limit": 0\}/)
    expect((page.findAll('.form .row button')[1]?.element as HTMLButtonElement).disabled).toBe(true)
  })
})

describe('Admission lists', () => {
  afterEach(() => vi.unstubAllGlobals())
  const list = { area: '500153003', level: 'grid', matters: ['fire-hazard'], adoptedAt: at, revision: 2, adoptedBy: 'dispatcher-01' }
  const asked = { keeper: '500153003', number: 1, area: '500153003001', matter: 'fire-hazard', reason: '强降雨红色预警', until: '2099-12-05T04:00:00.000000Z', requestedBy: 'dispatcher-01', requestedRole: 'dispatcher', requestedAt: at, stage: 'requested', holds: false, possible: ['approve', 'reject'] }
  const holding = { ...asked, number: 2, stage: 'approved', holds: true, possible: ['end'], decidedBy: 'dispatcher-01', decidedRole: 'town_leader', decidedAt: at, answer: '同意' }
  const admissions = (change: object = {}) => ({ area: '500153003', keeper: '500153003', version: 4, lists: [list], inForce: list, additions: [asked, holding], possible: ['request'], ...change })
  const tier = (level: string, admitted: boolean, listed: boolean, until?: string) => ({ level, admitted, listed, ...(until ? { until } : {}) })
  const matters = { area: '500153003', items: [{ code: 'fire-hazard', name: '火灾隐患', nameEn: 'Fire hazard', sector: 'safety_and_law', defaultPost: 'emergency', tiers: [tier('town', true, false), tier('village', false, true), tier('grid', true, true, '2026-12-05T04:00:00.000000Z')] }] }
  const answer = (held: object) => (url: string, init: RequestInit) => (init.method === 'POST' ? { id: '500153003', version: 5, position: '1:9' } : url.startsWith('/api/matters') ? matters : held)

  it('stand with tier, place and revision beside the catalogue by tier, and open into their matters', async () => {
    const { page, place } = show(AdmissionBook, { identity: dispatcher, place: { view: 'admissions' } }, answer(admissions()))
    await settle()
    expect(page.find('.queues').text()).toMatch(/准入清单1.*待批准1.*生效中1.*已结束0/)
    expect(page.find('.item').text()).toMatch(/网格.*第 2 版.*广顺街道 · 本地适用.*1 项/)
    expect(page.find('.sheet').text()).toMatch(/三级事项清单.*镇街村（社区）网格.*火灾隐患.*未限制.*不可派.*有效期至/)
    await page.find('.item').trigger('click')
    expect(place.value).toEqual({ view: 'admissions', queue: 'lists', id: '500153003-grid' })
    await settle()
    expect(page.find('.sheet').text()).toMatch(/广顺街道网格准入清单.*第 2 版.*调度员 01.*发布.*火灾隐患/)
  })

  it('are added to for a while, with place, matter, reason and end', async () => {
    const { page, sent } = show(AdmissionBook, { identity: dispatcher, place: { view: 'admissions' } }, answer(admissions()))
    await settle()
    await page.find('.actions .chip').trigger('click')
    await page.find('.actions form').trigger('submit')
    expect(sent.some((one) => one.method === 'POST')).toBe(false)
    const [matter, where] = page.findAll('.actions select')
    await matter!.setValue('fire-hazard')
    await where!.setValue('500153003001')
    await page.find('.actions .when input').setValue('2026-12-20T18:00')
    await page.find('.actions textarea').setValue('强降雨红色预警')
    await page.find('.actions form').trigger('submit')
    await settle()
    const post = sent.find((one) => one.method === 'POST')
    expect([post?.url, JSON.parse(String(post?.body))]).toEqual(['/api/admissions/500153003/request', { matter: 'fire-hazard', area: '500153003001', until: '2026-12-20T10:00:00.000000Z', reason: '强降雨红色预警' }])
  })

  it('have their additions decided by somebody else, with who asked, why and until when', async () => {
    const { page, sent } = show(AdmissionBook, { identity: dispatcher, place: { view: 'admissions', queue: 'waiting', id: '500153003-1' } }, answer(admissions()))
    await settle()
    expect(page.find('.sheet').text()).toMatch(/火灾隐患.*待批准.*檬梓桥社区.*调度员 01.*强降雨红色预警/)
    await page.find('.actions form').trigger('submit')
    await settle()
    const post = sent.find((one) => one.method === 'POST')
    expect([post?.url, JSON.parse(String(post?.body))]).toEqual(['/api/admissions/500153003/approve', { number: 1 }])
  })

  it('say of one that holds who approved it, and of one’s own that others decide', async () => {
    const held = show(AdmissionBook, { identity: dispatcher, place: { view: 'admissions', queue: 'holding', id: '500153003-2' } }, answer(admissions()))
    await settle()
    expect(held.page.find('.sheet').text()).toMatch(/审批.*调度员 01.*同意/)
    expect(held.page.find('.actions .chip').text()).toBe('提前终止')
    const own = show(AdmissionBook, { identity: dispatcher, place: { view: 'admissions', queue: 'waiting', id: '500153003-1' } }, answer(admissions({ additions: [{ ...asked, possible: [] }] })))
    await settle()
    expect(own.page.find('.sheet').text()).toContain('本人申请的须由他人批准。')
  })

  it('say what is not there, what went wrong, and what may be old', async () => {
    const waiting = show(AdmissionBook, { identity: dispatcher, place: { view: 'admissions' } }, answer(admissions()))
    vi.stubGlobal('fetch', () => new Promise(() => undefined))
    await settle()
    expect(waiting.page.find('.list .skeleton').exists()).toBe(true)
    const none = show(AdmissionBook, { identity: dispatcher, place: { view: 'admissions' } }, answer(admissions({ lists: [], inForce: undefined, additions: [] })))
    await settle()
    expect(none.page.find('.list .empty').text()).toMatch(/没有准入清单/)
    let broken = false
    const stale = show(AdmissionBook, { identity: dispatcher, place: { view: 'admissions' } }, (url, init) => {
      if (broken && url.startsWith('/api/admissions')) throw new TypeError('no line')
      return answer(admissions())(url, init)
    })
    await settle()
    broken = true
    stale.page.findComponent({ name: 'DeskBook' }).vm.$emit('refresh')
    await settle()
    expect(stale.page.find('.list .failure').exists()).toBe(true)
    expect(stale.page.find('.list .stale').exists()).toBe(true)
    expect(stale.page.findAll('.item')).toHaveLength(1)
  })
})

describe('Dead letters', () => {
  afterEach(() => vi.unstubAllGlobals())
  const administrator: Identity = { actor: 'administrator-01', role: 'administrator' }
  const letter = (id: number) => ({ id, token: `token-${id}`, kind: 'notice', key: 'dispatcher-01/sms', attempts: 12, reason: 'sms answered 410.', recordedAt: at, deadAt: at })

  it('say whom they did not reach and why, and are sent again one by one or all together', async () => {
    const dead = [letter(7), letter(8), letter(9)]
    const { page, sent } = show(OperationsBook, { identity: administrator, place: { view: 'operations' } }, (url, init) => {
      if (init.method !== 'POST') return url.includes('cursor') ? { pending: 0, dead: dead.length, deadLetters: dead.slice(2) } : { pending: 4, dead: dead.length, oldestPendingAt: at, deadLetters: dead.slice(0, 2), ...(dead.length > 2 ? { next: '8' } : {}) }
      const one = /outbox\/(\d+)\/replay/.exec(url)?.[1]
      const replayed = one ? dead.splice(dead.findIndex((held) => held.id === Number(one)), 1).length : dead.splice(0).length
      return { replayed }
    })
    await settle()
    expect(page.findAll('.item')).toHaveLength(3)
    expect(page.find('.item').text()).toMatch(/调度员 01（短信）.*通知.*对方返回 410.*已试 12 次/)
    await page.find('.item').trigger('click')
    await settle()
    expect(page.find('.sheet').text()).toMatch(/对方返回 410.*token-7/)
    await page.find('.sheet .primary').trigger('click')
    await settle()
    expect(sent.filter((one) => one.method === 'POST').map((one) => one.url)).toEqual(['/api/operations/outbox/7/replay'])
    expect(page.find('.said').text()).toContain('已重新排队 1 条')
    expect(page.findAll('.item')).toHaveLength(2)
    await page.findAll('.head button').find((button) => button.text() === '全部重发')?.trigger('click')
    await settle()
    expect(page.find('.said').text()).toContain('已重新排队 2 条')
    expect(page.find('.list .empty').text()).toContain('没有未送达消息')
  })

  it('that somebody else has sent again meanwhile say so', async () => {
    const gone = { type: '', title: '', status: 404, code: 'outbox.not_dead', message: { zh: '没有这条未送达的消息，可能已重发。', en: 'gone' } }
    const { page } = show(OperationsBook, { identity: administrator, place: { view: 'operations', id: '7' } }, (_, init) => (init.method === 'POST' ? new Response(JSON.stringify(gone), { status: 404 }) : { pending: 0, dead: 1, deadLetters: [letter(7)] }))
    await settle()
    await page.find('.sheet .primary').trigger('click')
    await settle()
    expect(page.find('.failure').text()).toContain('可能已重发')
  })
})

describe('The book of whistles', () => {
  afterEach(() => vi.unstubAllGlobals())
  const item = (id: string, stage: string) => ({ id, version: 1, stage: 'open', area: '500153003001001', text: `哨 ${id}`, blownBy: by, blownAt: at, updatedAt: at, openCalls: 1, calls: [{ number: 1, unit: 'post:ecology', stage }] })

  it('puts what the center has to route first', async () => {
    const { page } = show(WhistleBook, { identity: dispatcher, place: { view: 'whistles' } }, () => ({ items: [item('w1', 'routed'), item('w2', 'declined')] }))
    await settle()
    expect(page.findAll('.item').map((one) => one.find('.text').text())).toEqual(['哨 w2'])
    expect(page.findAll('.queues .count').map((one) => one.text())).toEqual(['1', '2'])
    await page.findAll('.queues button')[1]?.trigger('click')
    await settle()
    expect(page.findAll('.item')).toHaveLength(2)
  })

  it('shows of a link from the wall what its figure counts, and all again on a click', async () => {
    const { page, sent, place } = show(WhistleBook, { identity: dispatcher, place: { view: 'whistles', queue: 'open', scope: '500153003001', only: 'awaited' } }, () => ({ items: [item('w1', 'routed'), item('w2', 'declined')] }), (to) => to.id === undefined)
    await settle()
    expect(sent.map((one) => one.url)).toContain('/api/whistles?open=true&scope=500153003001&limit=200')
    expect(page.findAll('.item').map((one) => one.find('.text').text())).toEqual(['哨 w1'])
    expect(page.findAll('.only .chip').map((chip) => chip.text().replaceAll(/\s+/g, ' '))).toEqual(['范围：檬梓桥社区 ×清除筛选', '只看：待到场 ×清除筛选'])
    await page.findAll('.only .chip')[1]!.trigger('click')
    await settle()
    expect(page.findAll('.item')).toHaveLength(2)
    expect(place.value).toMatchObject({ view: 'whistles', queue: 'open', scope: '500153003001' })
    await page.find('.item').trigger('click')
    expect(place.value).toMatchObject({ scope: '500153003001', id: 'w1' })
  })
})

describe('A link from the wall', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('opens the tasks of its scope and not those of the desk, and of the agenda only what is late', async () => {
    const tasks = show(TaskBook, { identity: dispatcher, place: { view: 'tasks', queue: 'late', scope: '500153003001' } }, () => ({ items: [] }))
    await settle()
    expect(tasks.sent.map((one) => one.url)).toContain('/api/tasks?scope=500153003001&open=true&late=true&sort=due&limit=100')
    const lead = (overdue: boolean) => ({ person: { id: 'dispatcher-01', role: 'dispatcher' }, until: at, overdue })
    const row = (number: number, stage: string, more: object) => ({ town: '500153003', item: number, stage, case: { id: `c${number}`, text: `事 ${number}` }, reasons: [], reports: 0, missed: 0, reportDue: false, collectedAt: at, ...more })
    const agenda = show(AgendaBook, { identity: dispatcher, place: { view: 'agenda', queue: 'open', scope: '500153003', only: 'late' } }, () => ({ items: [row(1, 'led', { lead: lead(true) }), row(2, 'led', { lead: lead(false) }), row(3, 'collected', {})] }))
    await settle()
    expect(agenda.sent.map((one) => one.url)).toContain('/api/agenda-items?open=true&scope=500153003')
    expect(agenda.page.findAll('.item').map((one) => one.find('.text').text())).toEqual(['事 1'])
  })
})

describe('A list of a meeting from a file', () => {
  afterEach(() => vi.unstubAllGlobals())
  const choose = async (page: ReturnType<typeof show>['page']) => {
    const input = page.find('input[type=file]')
    Object.defineProperty(input.element, 'files', { value: [new File(['办理层级,问题\n'], 'list.csv')] })
    await input.trigger('change')
    await settle()
  }

  it('is looked through first and then taken, as a file', async () => {
    const preview = [{ line: 2, number: 1, kind: 'town', text: '路灯不亮', area: '500153003001001', category: 'fire-hazard', urgency: 'normal' }]
    const { page, sent } = show(MeetingImport, { meetingId: 'm1', version: 3 }, (url) => ({ id: 'm1', version: 4, ...(url.includes('dryRun') ? { preview } : {}) }))
    await settle()
    await choose(page)
    expect(page.find('tbody').text()).toMatch(/2.*镇级要事.*路灯不亮.*火灾隐患.*第一网格/)
    await page.find('button.primary').trigger('click')
    await settle()
    const posts = sent.filter((one) => one.method === 'POST')
    expect(posts.map((one) => one.url)).toEqual(['/api/meetings/m1/import-csv?dryRun=true', '/api/meetings/m1/import-csv'])
    expect(posts.every((one) => one.headers['Content-Type'] === 'text/csv' && one.headers['If-Match'] === '"3"')).toBe(true)
    expect(page.findComponent(MeetingImport).emitted('imported')).toEqual([[1]])
  })

  it('says of each mistake in which line and column it is, and takes nothing', async () => {
    const problem = { type: '', title: '', status: 422, code: 'meeting.list_refused', message: { zh: '清单有 1 处错误，没有导入任何一行。', en: '1 mistake.' }, lines: [{ line: 'lines/4/category', code: 'category_unknown', message: { zh: '没有这个类别', en: 'No such category' } }] }
    const { page } = show(MeetingImport, { meetingId: 'm1', version: 3 }, () => new Response(JSON.stringify(problem), { status: 422 }))
    await settle()
    await choose(page)
    expect(page.find('.failure .lines').text()).toBe('第 4 行 · 类别 没有这个类别')
    expect(page.find('button.primary').exists()).toBe(false)
  })
})
