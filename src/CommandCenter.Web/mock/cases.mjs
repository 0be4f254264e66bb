import { organization } from './town.mjs'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const openStages = ['reported', 'filed', 'dispatched', 'handling', 'completed', 'verified', 'rated']
const iso = (at) => new Date(at).toISOString().replace('Z', '000Z')
const town = organization.areas.find((area) => area.level === 'town').code
const yards = organization.areas.filter((area) => area.level === 'yard').map((area) => area.code)
const grids = organization.areas.filter((area) => area.level === 'grid').map((area) => area.code)
const categoryOf = (code) => organization.categories.find((category) => category.code === code)

const seeds = [
  ['river-pollution', '小溪水面漂浮垃圾多,水体发黑有异味,上游疑似有生活污水直排。', 'urgent'],
  ['sewage', '院坝旁污水管破裂外溢,流到村道上,39户居民出行受影响,气味大。', 'urgent'],
  ['street-light', '村道转弯处路灯连续三盏不亮,夜间老人出行不安全。', 'normal'],
  ['manhole-cover', '菜市场入口井盖缺失,已用木板临时遮挡,人流量大。', 'emergency'],
  ['elderly-care', '独居老人家中屋顶漏雨,本人行动不便,请协助修缮并安排探访。', 'urgent'],
  ['subsidy-enquiry', '群众咨询高龄补贴申领材料和办理时间。', 'normal'],
  ['utility-outage', '小院从早上起停水,约20户受影响,供水单位电话 ⟦phone⟧ 无人接听。', 'urgent'],
  ['certificate-service', '行动不便老人需要代办居住证明。', 'normal'],
  ['dispute-mediation', '两户因排水沟走向发生争执,情绪激动,需尽快上门调解。', 'urgent'],
  ['fire-hazard', '楼道堆放大量纸板和电瓶车飞线充电,堵塞消防通道。', 'emergency'],
  ['geological-hazard', '连日降雨后房屋后坡出现裂缝,长约8米,下方有3户人家。', 'emergency'],
  ['noise', '广场夜间音响超过22点,附近居民多次反映。', 'normal'],
  ['illegal-building', '院坝旁新搭建彩钢棚,占用公共通道。', 'normal'],
  ['party-services', '流动党员咨询组织关系转接手续。', 'normal'],
  ['publicity-facilities', '村口宣传栏玻璃破损,有割伤风险。', 'normal'],
  ['volunteer-service', '周末敬老活动需要志愿者12名,请协调。', 'normal'],
  ['village-affairs', '群众希望公示今年公益林补偿资金发放明细。', 'normal'],
  ['damaged-road', '入院便道塌陷约两米,农用车无法通行。', 'urgent'],
  ['rubbish', '垃圾集中点满溢三天未清运,蚊蝇较多。', 'normal'],
  ['irrigation', '灌溉渠被石块堵塞,下游二十亩秧田缺水。', 'urgent'],
  ['business-support', '夏布作坊反映用电增容手续办理慢,影响订单。', 'normal'],
  ['street-vending', '学校门口流动摊贩占道,放学时段拥堵。', 'normal'],
  ['telecom-fraud', '有老人接到冒充社保局的电话,正准备转账,请立即劝阻。', 'emergency'],
  ['public-health', '水井旁发现大量死鱼,群众担心饮水安全。', 'urgent'],
]

let position = 4200
let serial = 0
export const cases = []
export const feed = []
export const inbox = []
export const now = () => Date.now()
export const positionText = () => `1:${position}`

const limits = {
  accept: { normal: 15 * minute, urgent: 15 * minute, emergency: 5 * minute },
  dispatch: { normal: 15 * minute, urgent: 15 * minute, emergency: 5 * minute },
  handle: { normal: 7 * day, urgent: day, emergency: 2 * hour },
  hard_limit: { normal: 30 * day, urgent: 30 * day, emergency: 30 * day },
}

export function emit(entry, type, by, data, at = now()) {
  position++
  entry.version++
  entry.updatedAt = at
  const person = organization.people.find((candidate) => candidate.id === by.actor)
  const actor = { id: by.actor, name: person?.name ?? (by.actor === 'resident' ? '群众' : '系统'), nameEn: person?.nameEn ?? (by.actor === 'resident' ? 'Resident' : 'System'), role: by.role, place: by.place ?? town }
  entry.history.push({ version: entry.version, position: `1:${position}`, eventId: crypto.randomUUID(), type, recordedAt: iso(at), happenedAt: iso(at), actor, data })
  if (!type.startsWith('case_clock'))
    feed.unshift({ position, urgency: entry.urgency, at: iso(at), type, id: entry.id, number: entry.number, category: entry.category, sector: entry.sector, area: entry.area, ...(data.level ? { level: data.level } : {}), ...(data.post ? { post: data.post } : {}) })
  feed.length = Math.min(feed.length, 60)
}

function start(entry, clock, at) {
  const limit = limits[clock][entry.urgency]
  const dueAt = at + limit
  const round = 1 + entry.clocks.filter((other) => other.clock === clock).length
  const days = clock === 'hard_limit' || (clock === 'handle' && entry.urgency === 'normal')
  const shape = days ? { amount: limit / day, unit: 'natural_days' } : { amount: limit / minute, unit: 'urgent_minutes' }
  entry.clocks.push({ clock, round, startedAt: at, limit: shape, dueAt, stoppedAt: undefined, level: undefined })
  emit(entry, 'case_clock_started', { actor: 'system:deadlines', role: 'system' }, { clock, round, startedAt: iso(at), urgency: entry.urgency, limit: shape, dueAt: iso(dueAt), policy: 'default-1' }, at)
}

function stop(entry, clock, at) {
  for (const running of entry.clocks.filter((other) => other.clock === clock && !other.stoppedAt)) {
    running.stoppedAt = at
    emit(entry, 'case_clock_stopped', { actor: 'system:deadlines', role: 'system' }, { clock, round: running.round, stoppedAt: iso(at), late: at > running.dueAt }, at)
  }
}

export function report(request, by, at = now()) {
  const number = `${iso(at + 8 * hour).slice(0, 10).replaceAll('-', '')}-${String(++serial).padStart(4, '0')}`
  const category = categoryOf(request.category)
  const entry = { id: crypto.randomUUID().replaceAll('-', ''), number, version: 0, stage: 'reported', sector: category.sector, reportedAt: at, by, clocks: [], history: [], photos: [], dispatches: 0, ...request }
  cases.unshift(entry)
  emit(entry, 'case_reported', by, { source: by.role === 'resident' ? 'resident' : 'grid_worker', text: request.text, area: entry.area, category: entry.category, urgency: entry.urgency, photos: entry.photos }, at)
  start(entry, 'accept', at)
  return entry
}

const possibleIn = (entry) =>
  ({ reported: ['file', 'refuse'], filed: ['dispatch'], dispatched: ['claim', 'return', 'recall'], handling: ['complete', 'return', 'recall'], completed: ['verify'], verified: ['rate', 'close'], rated: entry.rating?.result === 'not_fixed' ? ['dispatch'] : ['close'] })[entry.stage] ?? []

const rolesFor = {
  file: ['center_operator', 'dispatcher'],
  refuse: ['center_operator', 'dispatcher'],
  dispatch: ['dispatcher'],
  claim: ['post_handler'],
  return: ['post_handler'],
  recall: ['dispatcher', 'sector_lead'],
  complete: ['post_handler'],
  verify: ['grid_worker', 'yard_head', 'village_secretary'],
  rate: ['center_operator'],
  close: ['center_operator', 'dispatcher'],
}

export const possible = (entry, by) =>
  possibleIn(entry).filter((command) => (command === 'rate' && entry.by.actor === by.actor) || (rolesFor[command].includes(by.role) && (by.role !== 'post_handler' || by.posts.includes(entry.assignment?.post))))

export const allPossible = possibleIn

export function act(entry, command, body, by, at = now()) {
  switch (command) {
    case 'file':
      Object.assign(entry, { stage: 'filed', category: body.category, sector: categoryOf(body.category).sector, urgency: body.urgency })
      emit(entry, 'case_filed', by, { category: body.category, sector: entry.sector, urgency: body.urgency, ...(body.note ? { note: body.note } : {}) }, at)
      stop(entry, 'accept', at)
      start(entry, 'dispatch', at)
      break
    case 'refuse':
      entry.stage = 'refused'
      emit(entry, 'case_refused', by, body, at)
      stop(entry, 'accept', at)
      break
    case 'dispatch': {
      const post = organization.posts.find((candidate) => candidate.code === body.post)
      Object.assign(entry, { stage: 'dispatched', sector: post.sector, dispatches: entry.dispatches + 1, assignment: { round: entry.dispatches + 1, sector: post.sector, post: post.code, dispatchedAt: iso(at) }, rating: undefined })
      emit(entry, 'case_dispatched', by, { round: entry.dispatches, sector: post.sector, post: post.code, ...(body.instructions ? { instructions: body.instructions } : {}) }, at)
      stop(entry, 'dispatch', at)
      start(entry, 'handle', at)
      if (!entry.clocks.some((clock) => clock.clock === 'hard_limit')) start(entry, 'hard_limit', at)
      break
    }
    case 'claim':
      entry.stage = 'handling'
      entry.assignment.claimedBy = by.actor
      emit(entry, 'case_claimed', by, { post: entry.assignment.post }, at)
      break
    case 'return':
    case 'recall':
      emit(entry, command === 'recall' ? 'case_recalled' : 'case_returned', by, { post: entry.assignment.post, reason: body.reason }, at)
      Object.assign(entry, { stage: 'filed', assignment: undefined })
      stop(entry, 'handle', at)
      start(entry, 'dispatch', at)
      break
    case 'complete':
      entry.stage = 'completed'
      emit(entry, 'case_completed', by, { outcome: body.outcome, photos: body.photos ?? [] }, at)
      stop(entry, 'handle', at)
      break
    case 'verify':
      entry.stage = body.passed ? 'verified' : 'handling'
      emit(entry, body.passed ? 'case_verified' : 'case_rework_ordered', by, body.passed ? { photos: body.photos ?? [], ...(body.note ? { note: body.note } : {}) } : { round: entry.dispatches, reason: body.note, photos: body.photos ?? [] }, at)
      if (!body.passed) start(entry, 'handle', at)
      break
    case 'rate':
      entry.stage = 'rated'
      entry.rating = body
      emit(entry, 'case_rated', by, body, at)
      break
    case 'close':
      entry.stage = 'closed'
      entry.closedAt = at
      emit(entry, 'case_closed', by, body.summary ? { summary: body.summary } : {}, at)
      stop(entry, 'hard_limit', at)
      break
  }
}

const ladder = (clock) => (clock.clock === 'hard_limit' ? [['listed_supervision', 0]] : clock.limit.unit === 'natural_days' ? [['responsible', 0], ['sector_lead', day], ['town_leader', 3 * day]] : [['responsible', 0], ['sector_lead', (clock.dueAt - clock.startedAt) / 2], ['town_leader', clock.dueAt - clock.startedAt]])

export function climb(at = now()) {
  for (const entry of cases)
    for (const clock of entry.clocks.filter((candidate) => !candidate.stoppedAt)) {
      const reached = ladder(clock).filter(([, offset]) => at >= clock.dueAt + offset).map(([level]) => level)
      const before = ladder(clock).findIndex(([level]) => level === clock.level)
      for (const level of reached.slice(before + 1)) {
        clock.level = level
        emit(entry, 'case_escalated', { actor: 'system:deadlines', role: 'system' }, { clock: clock.clock, round: clock.round, step: level, level, dueAt: iso(clock.dueAt), stepDueAt: iso(clock.dueAt), firedAt: iso(at), told: [{ person: 'sector-lead-02', role: 'sector_lead', reason: 'holder' }] }, at)
        inbox.unshift({ id: crypto.randomUUID(), kind: 'escalation', caseId: entry.id, number: entry.number, category: entry.category, area: entry.area, role: 'dispatcher', reason: inbox.length % 3 ? 'holder' : 'acting', clock: clock.clock, level, dueAt: iso(clock.dueAt), sentAt: iso(at) })
      }
    }
}

export function summary(entry, at = now()) {
  const running = entry.clocks.filter((clock) => !clock.stoppedAt)
  const stage = running.filter((clock) => clock.clock !== 'hard_limit').at(-1)
  const hard = running.find((clock) => clock.clock === 'hard_limit')
  const order = ['responsible', 'sector_lead', 'town_leader', 'listed_supervision']
  const level = running.map((clock) => clock.level).filter(Boolean).sort((a, b) => order.indexOf(b) - order.indexOf(a))[0]
  return {
    id: entry.id, number: entry.number, version: entry.version, text: entry.text, category: entry.category, sector: entry.sector, urgency: entry.urgency, stage: entry.stage, area: entry.area,
    ...(entry.assignment ? { post: entry.assignment.post } : {}),
    ...(entry.assignment?.claimedBy ? { claimedBy: entry.assignment.claimedBy } : {}),
    reportedAt: iso(entry.reportedAt), updatedAt: iso(entry.updatedAt),
    ...(stage ? { clock: stage.clock, dueAt: iso(stage.dueAt) } : {}),
    late: running.some((clock) => clock.dueAt < at),
    ...(level ? { level } : {}),
    ...(hard ? { hardLimitAt: iso(hard.dueAt) } : {}),
    ...(entry.closedAt ? { closedAt: iso(entry.closedAt) } : {}),
    photos: entry.photos.length,
  }
}

export function deadlines(entry, at = now()) {
  return entry.clocks.map((clock) => {
    const next = clock.stoppedAt ? undefined : ladder(clock).find(([, offset]) => clock.dueAt + offset > at)
    const words = clock.limit.unit === 'natural_days' ? [`${clock.limit.amount} 个自然日`, `${clock.limit.amount} natural days`] : [`${clock.limit.amount} 分钟`, `${clock.limit.amount} minutes`]
    return {
      clock: clock.clock, round: clock.round, state: clock.stoppedAt ? (clock.stoppedAt > clock.dueAt ? 'late' : 'met') : at > clock.dueAt ? 'overdue' : 'running',
      startedAt: iso(clock.startedAt), limit: clock.limit, dueAt: iso(clock.dueAt), ...(clock.stoppedAt ? { stoppedAt: iso(clock.stoppedAt) } : {}), policy: 'default-1',
      ...(clock.level ? { level: clock.level } : {}), ...(next ? { next: { step: next[0].replaceAll('_', '-'), level: next[0], at: iso(clock.dueAt + next[1]) } } : {}),
      why: { zh: `自 ${iso(clock.startedAt + 8 * hour).slice(0, 16).replace('T', ' ')} 起连续计时 ${words[0]},夜间和节假日照常计入。`, en: `Runs for ${words[1]} from its start, nights and holidays included.` },
    }
  })
}

export function board(scope, at = now()) {
  const inside = cases.filter((entry) => entry.area.startsWith(scope))
  const midnight = Math.floor((at + 8 * hour) / day) * day - 8 * hour
  const isOpen = (entry) => openStages.includes(entry.stage)
  const happened = (list, ...types) => list.reduce((sum, entry) => sum + entry.history.filter((event) => types.includes(event.type) && Date.parse(event.recordedAt) >= midnight).length, 0)
  const open = inside.filter(isOpen).map((entry) => summary(entry, at))
  return {
    scope, position: positionText(), frame: position, at: iso(at),
    today: { reported: happened(inside, 'case_reported'), filed: happened(inside, 'case_filed'), closed: happened(inside, 'case_closed'), escalated: happened(inside, 'case_escalated') },
    open: open.length, overdue: open.filter((entry) => entry.late).length,
    sectors: organization.sectors.map(({ code }) => {
      const mine = open.filter((entry) => entry.sector === code)
      const of = (key, value) => mine.filter((entry) => entry[key] === value).length
      const climbed = ['responsible', 'sector_lead', 'town_leader', 'listed_supervision']
      const rank = (entry) => `${entry.late ? 3 - climbed.indexOf(entry.level) : 9}/${entry.dueAt}`
      return {
        sector: code, funnel: Object.fromEntries(openStages.map((stage) => [stage, of('stage', stage)])), open: mine.length, overdue: mine.filter((entry) => entry.late).length,
        levels: { responsible: of('level', 'responsible'), sectorLead: of('level', 'sector_lead'), townLeader: of('level', 'town_leader'), listedSupervision: of('level', 'listed_supervision') },
        emergencies: mine.filter((entry) => entry.urgency === 'emergency').length,
        dueSoon: mine.filter((entry) => entry.dueAt && Date.parse(entry.dueAt) > at && Date.parse(entry.dueAt) < at + day).length,
        reportedToday: happened(inside.filter((entry) => entry.sector === code), 'case_reported'), closedToday: happened(inside.filter((entry) => entry.sector === code), 'case_closed'),
        urgent: mine.filter((entry) => entry.dueAt && !['verified', 'rated'].includes(entry.stage)).sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, 5).map(({ id, number, category, urgency, area, stage, clock, dueAt, late, level }) => ({ id, number, category, urgency, area, stage, clock, dueAt, late, ...(level ? { level } : {}) })),
      }
    }),
    feed: feed.filter((item) => item.area.startsWith(scope)).slice(0, 30), parked: 0,
  }
}

const by = (actor) => {
  const person = organization.people.find((candidate) => candidate.id === actor)
  return { actor, role: person?.roles[0].role ?? 'resident', place: person?.roles[0].place ?? town }
}

const way = ['file', 'dispatch', 'claim', 'complete', 'verify', 'rate', 'close']

/** A town in the middle of its day: cases at every stage, some late, a few closed. */
export function populate() {
  const start = now()
  for (let index = 0; index < 96; index++) {
    const [category, text, urgency] = seeds[(index * 7) % seeds.length]
    const steps = (index * 5) % 9
    const spread = urgency === 'normal' ? 5 * day : urgency === 'urgent' ? 20 * hour : 3 * hour
    let at = start - ((index * 37) % 100) * (spread / 100) - steps * 6 * minute - 2 * minute
    const area = index % 3 ? yards[(index * 11) % yards.length] : grids[(index * 5) % grids.length]
    const entry = report({ text, category, urgency, area, photos: index % 4 ? [] : ['sha256:' + '0'.repeat(63) + (index % 10)], ...(index % 5 ? {} : { reporter: { name: '张**', phone: '138****2211' }, address: '听溪小院 12 号' }) }, by(index % 4 ? 'grid-worker-0' + (1 + (index % 9)) : 'resident'), at)
    for (const command of way.slice(0, Math.min(steps, 7))) {
      at += (2 + ((index * 13) % 9)) * minute
      if (at > start) break
      const post = categoryOf(category).defaultPost
      const handler = organization.people.find((person) => person.roles.some((seat) => seat.post === post))?.id ?? 'post-handler-05'
      const bodies = {
        file: { category, urgency },
        dispatch: { post, instructions: '请尽快到场查看,处置后上传照片。' },
        complete: { outcome: '已到场处置,现场清理完毕,并告知周边住户。' },
        verify: { passed: true, note: '现场已恢复。' },
        rate: { satisfaction: 4 + (index % 2), result: 'fixed', comment: '处理得很快。' },
      }
      const who = { file: 'center-operator-01', dispatch: 'dispatcher-01', claim: handler, complete: handler, verify: 'grid-worker-05', rate: 'resident', close: 'dispatcher-01' }[command]
      act(entry, command, bodies[command] ?? {}, by(who), at)
    }
  }
  cases.sort((a, b) => b.reportedAt - a.reportedAt)
  climb()
  feed.sort((a, b) => (a.at < b.at ? 1 : -1))
  inbox.slice(4).forEach((notice) => (notice.readAt = notice.sentAt))
}

const living = [() => {
  const [category, text, urgency] = seeds[Math.floor(Math.random() * seeds.length)]
  report({ text, category, urgency, area: yards[Math.floor(Math.random() * yards.length)], photos: [] }, by('grid-worker-03'))
}, () => {
  const entry = cases.find((candidate) => candidate.stage === 'dispatched')
  if (entry) act(entry, 'claim', {}, by('post-handler-05'))
}, () => {
  const entry = cases.find((candidate) => candidate.stage === 'reported')
  if (entry) act(entry, 'file', { category: entry.category, urgency: entry.urgency }, by('center-operator-01'))
}]

let turn = 0
export const live = () => {
  living[turn++ % living.length]()
  climb()
}

export function detail(entry, caller) {
  const sees = ['center_operator', 'dispatcher', 'post_handler', 'grid_worker'].includes(caller.role)
  const seal = (value) => (value ? (sees ? { state: 'open', value } : { state: 'hidden' }) : undefined)
  const first = entry.history[0]
  return {
    ...summary(entry), version: entry.version, source: first.data.source, ...(entry.point ? { point: entry.point } : {}),
    ...(entry.address ? { address: seal(entry.address) } : {}),
    ...(entry.reporter ? { reporter: { ...(entry.reporter.name ? { name: seal(entry.reporter.name) } : {}), ...(entry.reporter.phone ? { phone: seal(entry.reporter.phone) } : {}) } } : {}),
    reportedBy: first.actor, photos: sees ? entry.photos : [], ...(sees || entry.photos.length === 0 ? {} : { photosHidden: entry.photos.length }), ...(entry.assignment ? { assignment: entry.assignment } : {}), ...(entry.rating ? { rating: entry.rating } : {}), possible: possible(entry, caller),
  }
}
