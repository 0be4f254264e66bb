// A stand-in for the host while the pages are being made: same contract, made-up town, nothing kept.
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createHash } from 'node:crypto'
import { act, allPossible, board, cases, deadlines, detail, inbox, live, now, openStages, populate, positionText, possible, report, solve, summary } from './cases.mjs'
import { organization } from './town.mjs'

const port = Number(process.env.PORT ?? 5080)
const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
const photos = new Map()
const uploads = new Map()
const answers = new Map()
let failing = 'no'

populate()
if (process.env.STILL !== '1') setInterval(live, 4_000).unref()

const say = (code, zh, en) => ({ code, message: { zh, en } })
const words = {
  place: say('place.outside_district', '这个位置不在本区范围内。', 'This position is outside the district.'),
  stale: say('case.version_stale', '其他人员已处理这个案件。', 'Another person has acted on this case.'),
  not: say('case.not_possible', '当前环节不能这样办理。', 'This cannot be done at this stage.'),
  unknown: say('case.unknown', '没有这个案件。', 'There is no such case.'),
  catchingUp: say('board.catching_up', '指挥中心正在准备数据。', 'The command center is preparing its figures.'),
  missing: say('report.place_missing', '请填写地点。', 'The place is missing.'),
}

/** What another person did last. */
function lastOf(entry, actor) {
  const event = entry.history.findLast((one) => one.actor.id !== actor && one.actor.role !== 'system')
  return event && { actor: event.actor.id, name: { zh: event.actor.name, en: event.actor.nameEn }, role: event.actor.role, at: event.recordedAt, event: event.type }
}

function drawing(name) {
  const hue = Number.parseInt(name.slice(-2), 16) || 200
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><rect width="400" height="300" fill="hsl(${hue} 35% 70%)"/><path d="M0 220 120 130l80 60 70-80 130 110v80H0z" fill="hsl(${hue} 30% 45%)"/><circle cx="320" cy="70" r="30" fill="#fff8"/></svg>`
}

const serve = async (request, response) => {
  const url = new URL(request.url, 'http://mock')
  const path = decodeURIComponent(url.pathname)
  const query = url.searchParams
  const send = (status, body, headers = {}) => {
    response.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', 'X-Position': positionText(), ...headers })
    response.end(JSON.stringify(body))
  }
  const refuse = (status, problem, more = {}) => send(status, { type: `/problems/${problem.code}`, title: problem.message.en, status, ...problem, ...more })
  const actor = request.headers['x-actor'] ?? 'resident'
  const person = organization.people.find((candidate) => candidate.id === actor)
  const role = request.headers['x-role'] ?? person?.roles[0].role ?? 'resident'
  const seats = person?.roles.filter((seat) => seat.role === role) ?? []
  const caller = { actor, role, place: seats[0]?.place, units: seats.flatMap((seat) => ({ post_handler: `post:${seat.post}`, department: `department:${seat.department}`, village_secretary: `village:${seat.place}`, grid_worker: `grid:${seat.place}` })[role] ?? []) }
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const raw = Buffer.concat(chunks)

  if (path.startsWith('/mock/')) {
    failing = path.slice('/mock/'.length)
    return send(200, { failing })
  }
  if (path === '/health/ready') return send(failing === 'down' ? 503 : 200, {})
  if (path.startsWith('/hubs/')) return send(404, {})
  if (path.startsWith('/api/') && failing === 'down') return request.socket.destroy()
  if (path.startsWith('/api/') && failing === 'slow') await new Promise((done) => setTimeout(done, 60_000))

  if (path === '/api/organization') return send(200, organization)
  if (path === '/api/organization/grid-at') {
    const latitude = Number(query.get('latitude'))
    if (latitude < 29 || latitude > 30) return refuse(422, words.place)
    return send(200, { grid: '500153003001001', names: ['广顺街道', '檬梓桥社区', '檬梓桥社区第一网格'] })
  }
  if (path === '/api/uploads' && request.method === 'POST') {
    const id = createHash('sha256').update(`${actor} ${request.headers['idempotency-key']}`).digest('hex').slice(0, 32)
    if (!uploads.has(id)) uploads.set(id, { length: Number(request.headers['upload-length']), got: Buffer.alloc(0) })
    return send(201, undefined, { Location: `/api/uploads/${id}`, 'Upload-Offset': String(uploads.get(id).got.length) })
  }
  const upload = uploads.get(path.match(/^\/api\/uploads\/([0-9a-f]+)$/)?.[1])
  if (upload) {
    if (request.method === 'PATCH') {
      if (Number(request.headers['upload-offset']) !== upload.got.length) return refuse(409, words.unknown)
      upload.got = Buffer.concat([upload.got, raw])
    }
    if (request.method !== 'GET') return send(request.method === 'PATCH' ? 204 : 200, undefined, { 'Upload-Offset': String(upload.got.length) })
    const file = `sha256:${createHash('sha256').update(upload.got).digest('hex')}`
    const isPdf = upload.got.subarray(0, 5).toString() === '%PDF-'
    photos.set(file, upload.got)
    return send(200, { id: path.slice(-32), length: upload.length, received: upload.got.length, expiresAt: new Date(now() + 7 * 24 * 3600_000).toISOString(), ...(upload.got.length < upload.length ? {} : { file: { file, kind: isPdf ? 'document' : 'image', mediaType: isPdf ? 'application/pdf' : 'image/jpeg', length: upload.got.length, keptUntil: new Date(now() + 30 * 24 * 3600_000).toISOString() } }) })
  }
  if (path === '/api/photos') {
    const photo = `sha256:${createHash('sha256').update(raw).digest('hex')}`
    photos.set(photo, raw)
    return send(201, { photo, mediaType: 'image/jpeg', length: raw.length })
  }
  if (path === '/api/organization/borders') return send(200, { type: 'FeatureCollection', features: [] })
  if (path === '/api/board' && failing === 'catching_up') return refuse(503, words.catchingUp)
  if (path === '/api/board') return send(200, board(query.get('scope') ?? organization.areas.find((area) => area.level === 'town').code))
  if (path === '/api/inbox') return send(200, { unread: inbox.filter((notice) => !notice.readAt).length, items: inbox.filter((notice) => query.get('unread') !== 'true' || !notice.readAt).slice(0, 30) })
  const read = path.match(/^\/api\/inbox\/([^/]+)\/read$/)
  if (read) {
    const notice = inbox.find((candidate) => candidate.id === read[1])
    if (notice) notice.readAt = new Date(now()).toISOString()
    return send(200, {})
  }

  if (path === '/api/cases' && request.method === 'GET') {
    const day = 24 * 3600_000
    const midnight = Math.floor((now() + 8 * 3600_000) / day) * day - 8 * 3600_000
    const events = Object.entries({ reportedOn: 'case_reported', filedOn: 'case_filed', escalatedOn: 'case_escalated', closedOn: 'case_closed' }).filter(([name]) => query.get(name))
    const wanted = cases.filter((entry) => {
      const item = summary(entry)
      return (
        (!query.get('scope') || item.area.startsWith(query.get('scope'))) &&
        (!query.get('stage') || query.get('stage').split(',').includes(item.stage)) &&
        (!query.get('sector') || item.sector === query.get('sector')) &&
        (!query.get('unit') || item.unit === query.get('unit')) &&
        (query.get('late') !== 'true' || item.late) &&
        (query.get('open') !== 'true' || openStages.includes(item.stage)) &&
        (query.get('mine') !== 'true' || entry.by.actor === actor) &&
        events.every(([, type]) => entry.history.some((event) => event.type === type && Date.parse(event.recordedAt) >= midnight))
      )
    })
    if (query.get('sort') === 'due') wanted.sort((a, b) => ((summary(a).dueAt ?? '9') < (summary(b).dueAt ?? '9') ? -1 : 1))
    const from = Number(query.get('cursor') ?? 0)
    const limit = Number(query.get('limit') ?? 50)
    return send(200, { items: wanted.slice(from, from + limit).map((entry) => summary(entry)), ...(wanted.length > from + limit ? { next: String(from + limit) } : {}) })
  }

  const key = `${actor} ${request.headers['idempotency-key']}`
  if (path === '/api/cases' || path === '/api/cases/solved') {
    if (answers.has(key)) return send(201, answers.get(key), { 'Idempotent-Replay': 'true' })
    const sent = JSON.parse(raw.toString())
    const body = sent.report ?? sent
    const area = body.area ?? (body.point ? '500153003001001' : undefined)
    if (!area) return refuse(422, words.missing, { field: 'area' })
    const asReported = { ...body, area, photos: body.photos ?? [] }
    const entry = sent.report ? solve(asReported, sent.outcome, sent.photos, caller) : report(asReported, caller)
    const answer = { id: entry.id, version: entry.version, position: positionText(), stage: entry.stage }
    answers.set(key, answer)
    return send(201, answer, { Location: `/api/cases/${entry.id}` })
  }

  const one = path.match(/^\/api\/cases\/([0-9a-f]+)(?:\/([^/]+)(?:\/(.+))?)?$/)
  if (one) {
    const [, id, part, rest] = one
    const entry = cases.find((candidate) => candidate.id === id)
    if (!entry) return refuse(404, words.unknown)
    if (request.method === 'GET') {
      if (part === 'history') return send(200, { items: entry.history })
      if (part === 'deadlines') return send(200, { clocks: deadlines(entry) })
      if (part === 'photos') {
        const photo = photos.get(rest)
        response.writeHead(200, { 'Content-Type': photo ? 'image/jpeg' : 'image/svg+xml' })
        return response.end(photo ?? drawing(rest))
      }
      return send(200, detail(entry, caller), { ETag: `"${entry.version}"` })
    }
    if (answers.has(key)) return send(200, answers.get(key), { 'Idempotent-Replay': 'true' })
    const match = Number((request.headers['if-match'] ?? '').replaceAll('"', ''))
    if (entry.history.some((event) => event.version > match && event.actor.role !== 'system')) return refuse(412, words.stale, { current: entry.version, last: lastOf(entry, actor) })
    if (!possible(entry, caller).includes(part)) return refuse(409, words.not, { possible: allPossible(entry), last: lastOf(entry, actor) })
    act(entry, part, JSON.parse(raw.toString() || '{}'), caller)
    const answer = { id, version: entry.version, position: positionText(), stage: entry.stage }
    answers.set(key, answer)
    return send(200, answer)
  }

  const file = normalize(join(dist, path.endsWith('/') ? `${path}index.html` : path))
  if (file.startsWith(normalize(dist)) && existsSync(file) && extname(file)) {
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' })
    return response.end(readFileSync(file))
  }
  response.writeHead(404).end()
}

createServer((request, response) =>
  serve(request, response).catch((error) => {
    console.error(error)
    response.writeHead(500).end()
  }),
).listen(port, '127.0.0.1', () => console.log(`mock on http://127.0.0.1:${port}`))
