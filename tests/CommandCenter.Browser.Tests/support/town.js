import { randomUUID } from 'node:crypto'
import { photograph } from './photograph.js'

export const townCode = '500153003'
export const riverGrid = '500153003001001'

const roles = { 'yard-head': 'yard_head', 'grid-worker': 'grid_worker', 'center-operator': 'center_operator', dispatcher: 'dispatcher', 'post-handler': 'post_handler', 'town-leader': 'town_leader', 'village-secretary': 'village_secretary', 'district-leader': 'district_leader', 'district-supervisor': 'district_supervisor' }
/** An instant some hours from now, as the API takes it. */
export const hoursFromNow = (hours) => new Date(Date.now() + hours * 3600_000).toISOString().replace('Z', '000Z')

const roleOf = (person) => roles[person.replace(/-\d+$/, '')]

/** Acts in the town over the HTTP API, for what a test needs but does not show. */
export class Town {
  constructor(url) {
    this.url = url
  }

  async #ask(method, path, person, { body, headers = {} } = {}) {
    const response = await fetch(`${this.url}${path}`, { method, body, headers: { 'X-Actor': person, 'X-Role': roleOf(person), ...headers } })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} by ${person}: ${response.status} ${text}`)
    const answer = JSON.parse(text)
    this.position = response.headers.get('X-Position') ?? this.position
    return answer
  }

  get(path, person = 'center-operator-01') {
    return this.#ask('GET', path, person)
  }

  #post(path, person, body) {
    return this.#ask('POST', path, person, { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() } })
  }

  async upload(person, content = photograph()) {
    const { photo } = await this.#ask('POST', '/api/photos', person, { body: content, headers: { 'Content-Type': 'image/png' } })
    return photo
  }

  async report({ text, category = 'river-pollution', area = riverGrid, by = 'grid-worker-01', ...more }) {
    return (await this.#post('/api/cases', by, { text, category, area, ...more })).id
  }

  /** Somebody scans the plate of a thing. */
  async scan(spot, by = 'grid-worker-11') {
    return (await this.#post('/api/cases', by, { spot })).id
  }

  act(id, command, person, body = {}) {
    return this.#post(`/api/cases/${id}/${command}`, person, body)
  }

  file(id, category = 'river-pollution', urgency = 'normal') {
    return this.act(id, 'file', 'center-operator-01', { category, urgency })
  }

  dispatch(id, unit = 'post:village-construction') {
    return this.act(id, 'dispatch', 'dispatcher-01', { unit, instructions: '请尽快到现场处置。' })
  }

  /** A list of tasks that is with its targets; answers with its id. */
  async publishTasks({ title, items, targets, by = 'dispatcher-01' }) {
    const { id } = await this.#post('/api/task-lists', by, { title, items, targets })
    await this.#post(`/api/task-lists/${id}/publish`, by, {})
    return id
  }

  /** What a grid did, and the desk's word for it. */
  /** A task that its desk has to look at. */
  async reportTask(task, by = 'grid-worker-01') {
    await this.#post(`/api/tasks/${task}/complete`, by, { outcome: '已办结。' })
  }

  async completeTask(task, by = 'grid-worker-01', checker = 'dispatcher-01') {
    await this.reportTask(task, by)
    await this.#post(`/api/tasks/${task}/check`, checker, { passed: true })
  }

  closeTasks(list, by = 'dispatcher-01') {
    return this.#post(`/api/task-lists/${list}/close`, by, { summary: '按期完成。' })
  }

  async whistle({ text, units, area = riverGrid, by = 'grid-worker-01', ...more }) {
    return (await this.#post('/api/whistles', by, { text, units, area, ...more })).id
  }

  /** A meeting of a yard that was held, with the list that was raised in it. */
  async meet(lines, { area = `${riverGrid}001`, by = 'center-operator-01' } = {}) {
    const { id } = await this.#post('/api/meetings/held', by, { tier: 'village', area, hostRole: 'village_secretary', attendance: { participants: 31, householdsPresent: 18 } })
    await this.#post(`/api/meetings/${id}/import-list`, by, { lines })
    return id
  }

  /** A meeting of a yard that was held and has no list yet. */
  async hold({ area = `${riverGrid}001`, by = 'yard-head-01' } = {}) {
    return (await this.#post('/api/meetings/held', by, { tier: 'village', area, hostRole: 'yard_head', attendance: { participants: 31, householdsPresent: 18 } })).id
  }

  /** The village settles a line of a meeting, and the yard is told to its face once the meeting has heard of it. */
  async settleLine(meeting, number, by = 'village-secretary-01') {
    await this.oweLine(meeting, number, by)
    await this.#post(`/api/meetings/${meeting}/give-feedback`, by, { lines: [number], way: 'in_person' })
  }

  /** The village settles a line of a meeting, and its yard is owed an answer. */
  async oweLine(meeting, number, by = 'village-secretary-01') {
    const lineOf = async () => (await this.get(`/api/meetings/${meeting}`, by)).lines.find((line) => line.number === number)
    await this.act((await lineOf()).caseId, 'settle', by, { outcome: '已更换。', photos: [await this.upload(by)] })
    for (const end = Date.now() + 60_000; !(await lineOf()).feedbackDue; await new Promise((resolve) => setTimeout(resolve, 200)))
      if (Date.now() > end) throw new Error('The meeting does not hear that its line is settled.')
  }

  /** Shifts of the town's center. */
  planDuty(shifts, by = 'dispatcher-01') {
    return this.#post(`/api/duty/${townCode}/plan`, by, { shifts })
  }

  /** What the areas of a level in the town may be given from now on; only the district says so. */
  adopt(level, matters, area = townCode) {
    return this.#post(`/api/admissions/${townCode}/adopt`, 'district-supervisor-01', { area, level, matters })
  }

  askForAddition(matter, until, { reason = '强降雨红色预警，需逐户排查。', area = riverGrid.slice(0, 12), by = 'dispatcher-01' } = {}) {
    return this.#post(`/api/admissions/${townCode}/request`, by, { area, matter, reason, until })
  }

  actOnCall(id, call, command, person, body = {}) {
    return this.#post(`/api/whistles/${id}/calls/${call}/${command}`, person, body)
  }

  /** The town's leader stayed on the spot, and something was agreed. */
  async stay({ found, agreed, place = riverGrid }) {
    const hour = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString()
    return (await this.#post('/api/guidances', 'town-leader-01', { place, from: hour(-5), to: hour(-2), found, agreed, by: hour(72) })).id
  }

  /** What is said of a review meeting, by the desk that holds it. */
  review(id, command, body, by = 'town-leader-01') {
    return this.#post(`/api/reviews/${id}/${command}`, by, body)
  }

  /** A case is listed for supervision by the district, and its town reports once. */
  async list(id, plate, progress) {
    await this.#post(`/api/listings/${id}/open`, 'district-leader-01', { plate })
    await this.#post(`/api/listings/${id}/report`, 'town-leader-01', { progress })
    return id
  }

  /** All cases of the town, as the host's read side has them after the last command given here. */
  async cases() {
    const { items } = await this.get(`/api/cases?limit=200${this.position ? `&minPosition=${this.position}` : ''}`)
    return items
  }
}
