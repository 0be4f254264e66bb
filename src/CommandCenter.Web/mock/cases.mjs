import { organization } from './town.mjs'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const funnelStages = ['reported', 'filed', 'dispatched', 'handling', 'completed', 'verified', 'rated']
const beforeFiling = ['reported', 'assessing', 'checking', 'transferring']
export const openStages = [...beforeFiling, ...funnelStages.slice(1)]
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
  assess: { normal: 2 * day, urgent: day, emergency: hour },
  check: { normal: day, urgent: 4 * hour, emergency: hour },
  accept: { normal: 15 * minute, urgent: 15 * minute, emergency: 5 * minute },
  dispatch: { normal: 15 * minute, urgent: 15 * minute, emergency: 5 * minute },
  handle: { normal: 7 * day, urgent: day, emergency: 2 * hour },
  verify: { normal: day, urgent: 4 * hour, emergency: hour },
  rate: { normal: 5 * day, urgent: 5 * day, emergency: 5 * day },
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
    feed.unshift({ position, urgency: entry.urgency, at: iso(at), type, id: entry.id, number: entry.number, category: entry.category, sector: entry.sector, area: entry.area, ...(data.level ? { level: data.level } : {}), ...(data.unit ? { unit: data.unit } : {}) })
  feed.length = Math.min(feed.length, 60)
}

function start(entry, clock, at) {
  const limit = limits[clock][entry.urgency]
  const dueAt = at + limit
  const round = 1 + entry.clocks.filter((other) => other.clock === clock).length
  const days = clock === 'hard_limit' || clock === 'rate' || (clock === 'verify' && entry.urgency === 'normal') || (clock === 'assess' && entry.urgency === 'normal') || (clock === 'handle' && entry.urgency === 'normal')
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
  const entry = { id: crypto.randomUUID().replaceAll('-', ''), number, version: 0, stage: request.villageFirst || request.source === 'party_member' ? 'assessing' : 'reported', level: undefined, subtasks: [], fundingFen: 0, links: [], absorbed: [], children: [], formerAreas: [], returnedBy: [], wasFiled: false, sector: category.sector, reportedAt: at, by, clocks: [], history: [], photos: [], dispatches: 0, ...request }
  cases.unshift(entry)
  emit(entry, 'case_reported', by, { source: request.source ?? (by.role === 'resident' ? 'resident' : 'grid_worker'), ...(request.reference || request.parent ? { origin: { reference: request.reference, parent: request.parent } } : {}), text: request.text, area: entry.area, category: entry.category, urgency: entry.urgency, photos: entry.photos }, at)
  start(entry, entry.stage === 'assessing' ? 'assess' : 'accept', at)
  return entry
}

const levelsOf = (entry) => [...(entry.level === 'district' ? [] : ['raise-level']), ...(entry.level === 'village' ? [] : ['lower-level'])]
const stepsIn = (entry) =>
  ({
    assessing: ['pass-up', 'settle', 'recall'],
    reported: [...(entry.assessment ? [] : ['send-to-village']), 'check', 'file', 'refuse', 'redirect', 'merge', 'request-transfer', 'transfer'],
    checking: ['report-check', 'recall'],
    transferring: ['accept-transfer', 'decline-transfer', 'transfer', 'recall'],
    filed: ['dispatch', ...(entry.level === 'district' ? ['take-on'] : []), 'redirect', 'merge', 'split', 'request-transfer', 'transfer', ...levelsOf(entry)],
    dispatched: ['claim', 'return', 'reassign', 'recall', ...levelsOf(entry)],
    handling: ['plan', 'progress', 'add-subtask', ...(entry.subtasks.some((task) => !task.finished) ? ['finish-subtask', 'drop-subtask'] : ['complete']), 'record-funding', 'hand-to-enforcement', 'return', 'reassign', 'recall', ...levelsOf(entry)],
    completed: ['verify'],
    verified: ['rate', 'close'],
    rated: entry.rating?.result === 'not_fixed' ? ['dispatch'] : ['close'],
    closed: [...(entry.rating ? [] : ['rate']), 'reopen'],
    merged: ['unmerge'],
  })[entry.stage] ?? []
export const allPossible = (entry) => [
  ...stepsIn(entry),
  ...(openStages.includes(entry.stage) ? [...(entry.urgency === 'emergency' && !entry.acknowledged ? ['acknowledge-alarm'] : []), 'urge', 'supervise', ...(entry.supervision && !entry.supervision.answered ? ['answer-supervision'] : [])] : []),
  'link',
  ...(entry.links.length > 0 ? ['unlink'] : []),
]

const center = ['center_operator', 'dispatcher']
const leaders = ['sector_lead', 'town_leader', 'district_supervisor']
const near = ['grid_worker', 'yard_head', 'village_secretary']
const work = ['claim', 'return', 'plan', 'progress', 'add-subtask', 'finish-subtask', 'drop-subtask', 'record-funding', 'hand-to-enforcement', 'complete', 'reassign', 'answer-supervision', 'link', 'unlink']
const rolesFor = {
  'pass-up': ['village_secretary'], settle: ['village_secretary'], 'report-check': near,
  'send-to-village': center, check: center, file: center, refuse: center, redirect: center, merge: center, unmerge: center, 'request-transfer': center, 'accept-transfer': center, 'decline-transfer': center,
  split: ['dispatcher'], dispatch: ['dispatcher', ...leaders], 'take-on': ['department'], recall: ['dispatcher', 'sector_lead'], reassign: ['dispatcher', 'town_leader', 'sector_lead'], 'answer-supervision': ['dispatcher'],
  transfer: ['district_supervisor'], 'raise-level': ['village_secretary', 'dispatcher', ...leaders], 'lower-level': ['dispatcher', ...leaders], supervise: leaders, 'acknowledge-alarm': [...center, ...leaders], urge: [...center, 'village_secretary', ...leaders, 'office'],
  link: [...center, 'sector_lead'], unlink: [...center, 'sector_lead'], verify: near, rate: ['center_operator'], close: center, reopen: [...center, 'town_leader', 'district_supervisor'],
}

export const possible = (entry, by) =>
  allPossible(entry).filter(
    (command) =>
      (['rate', 'reopen', 'urge'].includes(command) && entry.by.actor === by.actor) ||
      rolesFor[command]?.includes(by.role) ||
      (work.includes(command) && by.units?.includes(entry.assignment?.unit)),
  )

const sectorOf = (unit, entry) => organization.posts.find((post) => `post:${post.code}` === unit)?.sector ?? entry.sector
const back = (entry, at) => {
  entry.stage = entry.wasFiled ? 'filed' : 'reported'
  start(entry, entry.wasFiled ? 'dispatch' : 'accept', at)
}
const clocks = ['assess', 'accept', 'check', 'dispatch', 'handle', 'verify', 'rate']
const halt = (entry, at, also = []) => [...clocks, ...also].forEach((clock) => stop(entry, clock, at))

export function act(entry, command, body, by, at = now()) {
  const say = (type, data = {}) => emit(entry, type, by, data, at)
  const given = Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'happenedAt'))
  const other = (id) => cases.find((candidate) => candidate.id === id)
  const end = (stage) => {
    Object.assign(entry, { stage, closedAt: at })
    halt(entry, at, ['hard_limit'])
  }
  const send = (unit, person, type, data) => {
    Object.assign(entry, { stage: 'dispatched', sector: sectorOf(unit, entry), dispatches: entry.dispatches + 1, rating: undefined })
    entry.assignment = { round: entry.dispatches, sector: entry.sector, unit, dispatchedAt: iso(at), ...(person ? { person } : {}) }
    say(type, { round: entry.dispatches, sector: entry.sector, unit, ...data })
    halt(entry, at)
    start(entry, 'handle', at)
    if (!entry.clocks.some((clock) => clock.clock === 'hard_limit')) start(entry, 'hard_limit', at)
  }
  switch (command) {
    case 'send-to-village':
      entry.stage = 'assessing'
      say('case_sent_to_village', given)
      halt(entry, at)
      start(entry, 'assess', at)
      break
    case 'pass-up':
      Object.assign(entry, { stage: 'reported', level: body.level, assessment: { text: body.assessment, level: body.level, households: body.households, costFen: body.costFen } })
      say('case_passed_up', given)
      halt(entry, at)
      start(entry, 'accept', at)
      break
    case 'settle':
      say('case_settled_by_village', given)
      end('closed')
      break
    case 'check':
      Object.assign(entry, { stage: 'checking', checker: body.person })
      say('case_check_ordered', given)
      halt(entry, at)
      start(entry, 'check', at)
      break
    case 'report-check':
      Object.assign(entry, { stage: 'reported', checker: undefined, check: { finding: body.finding, note: body.note } })
      say('case_checked', { photos: [], ...given })
      halt(entry, at)
      start(entry, 'accept', at)
      break
    case 'file':
      Object.assign(entry, { stage: 'filed', wasFiled: true, category: body.category, sector: categoryOf(body.category).sector, urgency: body.urgency, level: body.level ?? 'town' })
      say('case_filed', { category: body.category, sector: entry.sector, urgency: body.urgency, level: entry.level, ...(body.note ? { note: body.note } : {}) })
      halt(entry, at)
      start(entry, 'dispatch', at)
      break
    case 'refuse':
      say('case_refused', given)
      end('refused')
      break
    case 'redirect':
      say('case_redirected', given)
      end('redirected')
      break
    case 'merge':
      entry.mergedInto = body.main
      say('case_merged', given)
      end('merged')
      other(body.main)?.absorbed.push(entry.id)
      if (other(body.main)) emit(other(body.main), 'case_absorbed', by, { case: entry.id, reporter: entry.by.actor, reporterRole: entry.by.role }, at)
      break
    case 'unmerge': {
      const main = other(entry.mergedInto)
      say('case_unmerged', { main: entry.mergedInto, reason: body.reason })
      Object.assign(entry, { mergedInto: undefined, closedAt: undefined })
      back(entry, at)
      if (!main) break
      main.absorbed = main.absorbed.filter((id) => id !== entry.id)
      emit(main, 'case_released', by, { case: entry.id }, at)
      break
    }
    case 'split':
      for (const part of body.parts) {
        const child = report({ text: part.text, category: part.category ?? entry.category, urgency: entry.urgency, area: part.area ?? entry.area, photos: [], parent: entry.id }, by, at)
        act(child, 'file', { category: child.category, urgency: child.urgency, level: entry.level }, by, at)
        entry.children.push(child.id)
      }
      say('case_split', { children: entry.children, ...(body.note ? { note: body.note } : {}) })
      end('split')
      break
    case 'link': {
      const reverse = { caused_by: 'causes', causes: 'caused_by' }[body.link] ?? 'related'
      for (const [one, two, link] of [[entry, body.other, body.link], [other(body.other), entry.id, reverse]].filter(([one]) => one)) {
        one.links = [...one.links.filter((known) => known.case !== two), { case: two, link }]
        emit(one, 'case_linked', by, { case: two, link }, at)
      }
      break
    }
    case 'unlink':
      for (const [one, two] of [[entry, body.other], [other(body.other), entry.id]].filter(([one]) => one)) {
        one.links = one.links.filter((known) => known.case !== two)
        emit(one, 'case_unlinked', by, { case: two }, at)
      }
      break
    case 'dispatch':
      send(body.unit, body.person, 'case_dispatched', { ...(body.person ? { person: body.person } : {}), ...(body.instructions ? { instructions: body.instructions } : {}) })
      break
    case 'take-on':
      send(by.units[0], by.actor, 'case_dispatched', { person: by.actor })
      act(entry, 'claim', {}, by, at)
      break
    case 'hand-to-enforcement':
      send(`post:${body.post}`, undefined, 'case_handed_to_enforcement', { reason: body.reason })
      break
    case 'claim':
      entry.stage = 'handling'
      entry.assignment.claimedBy = by.actor
      say('case_claimed', { unit: entry.assignment.unit })
      break
    case 'reassign':
      if (entry.stage === 'handling') entry.assignment.claimedBy = body.person
      else entry.assignment.person = body.person
      say('case_reassigned', given)
      break
    case 'return':
      entry.returnedBy = [...new Set([...entry.returnedBy, entry.assignment.unit])]
    // falls through
    case 'recall':
      say(command === 'recall' ? 'case_recalled' : 'case_returned', { ...(entry.assignment ? { unit: entry.assignment.unit } : {}), reason: body.reason })
      halt(entry, at)
      Object.assign(entry, { assignment: undefined, checker: undefined, transferTo: undefined })
      back(entry, at)
      break
    case 'plan':
      entry.plan = { text: body.plan, until: body.until }
      say('case_plan_published', given)
      break
    case 'progress':
      say('case_progressed', { before: [], after: [], ...given })
      break
    case 'add-subtask': {
      const number = Math.max(0, ...entry.subtasks.map((task) => task.number)) + 1
      entry.subtasks.push({ number, task: body.task, finished: false, ...(body.person ? { person: body.person } : {}) })
      say('case_subtask_added', { number, ...given })
      break
    }
    case 'finish-subtask':
      entry.subtasks.find((task) => task.number === body.number).finished = true
      say('case_subtask_finished', { photos: [], ...given })
      break
    case 'drop-subtask':
      entry.subtasks = entry.subtasks.filter((task) => task.number !== body.number)
      say('case_subtask_dropped', given)
      break
    case 'record-funding':
      entry.fundingFen += body.amountFen
      say('case_funding_recorded', given)
      break
    case 'complete':
      entry.stage = 'completed'
      say('case_completed', { outcome: body.outcome, photos: body.photos ?? [] })
      stop(entry, 'handle', at)
      start(entry, 'verify', at)
      break
    case 'verify':
      entry.stage = body.passed ? 'verified' : 'handling'
      say(body.passed ? 'case_verified' : 'case_rework_ordered', body.passed ? { photos: body.photos ?? [], ...(body.note ? { note: body.note } : {}) } : { round: entry.dispatches, reason: body.note, photos: body.photos ?? [] })
      stop(entry, 'verify', at)
      start(entry, body.passed ? 'rate' : 'handle', at)
      break
    case 'rate':
      if (entry.stage === 'verified') entry.stage = 'rated'
      entry.rating = given
      say('case_rated', given)
      stop(entry, 'rate', at)
      break
    case 'close':
      say('case_closed', given)
      end('closed')
      break
    case 'reopen':
      Object.assign(entry, { assignment: undefined, rating: undefined, closedAt: undefined })
      say('case_reopened', given)
      back(entry, at)
      break
    case 'urge':
      say('case_urged', given)
      break
    case 'acknowledge-alarm':
      entry.acknowledged = { actor: by.actor, role: by.role, at: iso(at), ...given }
      say('case_alarm_acknowledged', given)
      break
    case 'supervise': {
      const order = { district_supervisor: 'district', town_leader: 'town_leader' }[by.role] ?? 'sector_lead'
      entry.supervision = { order, by: by.actor, at: iso(at), answered: false }
      say('case_supervised', { order, ...given })
      break
    }
    case 'answer-supervision':
      entry.supervision.answered = true
      say('case_supervision_answered', given)
      break
    case 'raise-level':
    case 'lower-level':
      entry.level = body.level
      say(command === 'raise-level' ? 'case_level_raised' : 'case_level_lowered', given)
      break
    case 'request-transfer':
      Object.assign(entry, { stage: 'transferring', transferTo: body.area })
      say('case_transfer_requested', given)
      break
    case 'accept-transfer':
    case 'transfer':
      entry.formerAreas.push(entry.area)
      Object.assign(entry, { area: body.area, transferTo: undefined, wasFiled: false, assignment: undefined })
      say(command === 'transfer' ? 'case_transferred' : 'case_transfer_accepted', given)
      halt(entry, at)
      back(entry, at)
      break
    case 'decline-transfer':
      entry.transferTo = undefined
      say('case_transfer_declined', given)
      back(entry, at)
      break
  }
}

/** Reported and put right at once: the case is closed with its report. */
export function solve(request, outcome, photos, by) {
  const entry = report(request, by)
  emit(entry, 'case_solved_on_spot', by, { outcome, photos })
  halt(entry, now())
  Object.assign(entry, { stage: 'closed', closedAt: now() })
  return entry
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
        inbox.unshift({ id: crypto.randomUUID(), kind: 'escalation', caseId: entry.id, number: entry.number, category: entry.category, area: entry.area, role: 'dispatcher', reason: inbox.length % 3 ? 'holder' : 'acting', clock: clock.clock, level, dueAt: iso(clock.dueAt), sentAt: iso(at), noticed: level === 'responsible' ? 'ordinary' : 'urgent', receipt: { standing: 'unread', messages: [] } })
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
    ...(entry.assignment ? { unit: entry.assignment.unit } : {}),
    ...(entry.assignment?.claimedBy ? { claimedBy: entry.assignment.claimedBy } : {}),
    reportedAt: iso(entry.reportedAt), updatedAt: iso(entry.updatedAt),
    ...(stage ? { clock: stage.clock, dueAt: iso(stage.dueAt) } : {}),
    late: running.some((clock) => clock.dueAt < at),
    ...(level ? { level } : {}),
    ...(hard ? { hardLimitAt: iso(hard.dueAt) } : {}),
    ...(entry.closedAt ? { closedAt: iso(entry.closedAt) } : {}),
    photos: entry.photos.length, onAgenda: false, underReview: false, supervised: Boolean(entry.supervision && !entry.supervision.answered), ...(entry.level ? { matter: entry.level } : {}), ...(entry.mergedInto ? { mergedInto: entry.mergedInto } : {}),
  }
}

export function deadlines(entry, at = now()) {
  return entry.clocks.map((clock) => {
    const next = clock.stoppedAt ? undefined : ladder(clock).find(([, offset]) => clock.dueAt + offset > at)
    const until = clock.stoppedAt ?? at
    const elapsed = Math.min(clock.limit.amount, Math.floor(((until - clock.startedAt) / (clock.limit.unit === 'natural_days' ? day : minute)) * 100) / 100)
    const words = clock.limit.unit === 'natural_days' ? [`${clock.limit.amount} 个自然日`, `${clock.limit.amount} natural days`] : [`${clock.limit.amount} 分钟`, `${clock.limit.amount} minutes`]
    return {
      clock: clock.clock, round: clock.round, state: clock.stoppedAt ? (clock.stoppedAt > clock.dueAt ? 'late' : 'met') : at > clock.dueAt ? 'overdue' : 'running',
      startedAt: iso(clock.startedAt), limit: clock.limit, dueAt: iso(clock.dueAt), ...(clock.stoppedAt ? { stoppedAt: iso(clock.stoppedAt) } : {}), policy: 'default-1',
      ...(clock.level ? { level: clock.level } : {}), ...(next ? { next: { step: next[0].replaceAll('_', '-'), level: next[0], at: iso(clock.dueAt + next[1]) } } : {}),
      allowances: [{ limit: clock.limit, grantedAt: iso(clock.startedAt), elapsed, remaining: clock.limit.amount - elapsed }],
      segments: [
        { kind: 'counting', from: iso(clock.startedAt), to: iso(Math.min(until, clock.dueAt)) },
        ...(until > clock.dueAt ? [{ kind: 'overdue', from: iso(clock.dueAt), to: iso(until) }] : []),
      ],
      reasons: [{ kind: 'started', at: iso(clock.startedAt), limit: clock.limit, words: { zh: `${words[0]}，自 ${iso(clock.startedAt)} 起`, en: `${words[1]} from ${iso(clock.startedAt)}` } }],
      provisional: false, exempted: false,
      why: { zh: `自 ${iso(clock.startedAt + 8 * hour).slice(0, 16).replace('T', ' ')} 起连续计时 ${words[0]},夜间和节假日照常计入。`, en: `Runs for ${words[1]} from its start, nights and holidays included.` },
    }
  })
}

const below = (scope, digits) => organization.areas.map((area) => area.code).filter((area) => area.startsWith(scope) && area.length === scope.length + digits)
const isSomething = (place) => place.open + place.reportedToday + place.closedToday + place.onTime.of + place.satisfied.of > 0

function inHand(entries, at) {
  const open = entries.filter((entry) => openStages.includes(entry.stage)).map((entry) => summary(entry, at))
  const soon = (entry) => entry.dueAt && Date.parse(entry.dueAt) > at && Date.parse(entry.dueAt) < at + day
  return { open: open.length, overdue: open.filter((entry) => entry.late).length, dueSoon: open.filter(soon).length, emergencies: open.filter((entry) => entry.urgency === 'emergency').length }
}

/** Rates of closings and ratings between two instants. The mock knows no clock that ran out before a closing, so what was closed was on time. */
function rates(entries, from, to) {
  const events = (type) => entries.flatMap((entry) => entry.history.filter((event) => event.type === type && Date.parse(event.recordedAt) > from && Date.parse(event.recordedAt) <= to).map((event) => ({ event, entry })))
  const closed = events('case_closed')
  const stars = events('case_rated').map(({ event }) => event.data?.stars ?? 5)
  const took = closed.map(({ event, entry }) => (Date.parse(event.recordedAt) - Date.parse(entry.history[0].recordedAt)) / 1000).sort((a, b) => a - b)
  return { closed: closed.length, rated: stars.length, satisfied: stars.filter((one) => one >= 4).length, took }
}

function figures(entries, at) {
  const { overdue } = inHand(entries, at)
  const [week, before, month] = [rates(entries, at - 7 * day, at), rates(entries, at - 14 * day, at - 7 * day), rates(entries, at - 30 * day, at)]
  const date = (instant) => iso(instant + 8 * hour).slice(0, 10)
  return {
    week: { onTime: { part: week.closed, of: week.closed + overdue }, onTimeBefore: { part: before.closed, of: before.closed } },
    month: {
      from: date(at - 29 * day), to: date(at), onTime: { part: month.closed, of: month.closed + overdue }, local: { part: 0, of: month.closed }, satisfied: { part: month.satisfied, of: month.rated },
      ...(month.closed ? { closingMean: Math.round(month.took.reduce((sum, one) => sum + one, 0) / month.closed), closingNinetieth: Math.round(month.took[Math.floor(0.9 * (month.closed - 1))]) } : {}),
    },
  }
}

function placeFigures(entries, at) {
  const midnight = Math.floor((at + 8 * hour) / day) * day - 8 * hour
  const happened = (type) => entries.filter((entry) => entry.history.some((event) => event.type === type && Date.parse(event.recordedAt) >= midnight)).length
  const { month } = figures(entries, at)
  return { ...inHand(entries, at), reportedToday: happened('case_reported'), closedToday: happened('case_closed'), onTime: month.onTime, satisfied: month.satisfied }
}

const alarmsOf = (emergencies) => ({
  ringing: emergencies.filter((entry) => !entry.acknowledged).length,
  lines: emergencies.map((entry) => ({ case: entry.id, number: entry.number, category: entry.category, sector: entry.sector, area: entry.area, since: entry.history[0].recordedAt, ...(entry.acknowledged ? { acknowledged: entry.acknowledged } : {}) })).sort((a, b) => Number('acknowledged' in a) - Number('acknowledged' in b) || (a.since < b.since ? 1 : -1)).slice(0, 12),
})

export function board(scope, at = now()) {
  const inside = cases.filter((entry) => entry.area.startsWith(scope))
  const midnight = Math.floor((at + 8 * hour) / day) * day - 8 * hour
  const isOpen = (entry) => openStages.includes(entry.stage)
  const happened = (list, ...types) => list.reduce((sum, entry) => sum + entry.history.filter((event) => types.includes(event.type) && Date.parse(event.recordedAt) >= midnight).length, 0)
  const open = inside.filter(isOpen).map((entry) => summary(entry, at))
  return {
    scope, position: positionText(), frame: position, at: iso(at),
    today: { reported: happened(inside, 'case_reported'), filed: happened(inside, 'case_filed'), closed: happened(inside, 'case_closed'), escalated: happened(inside, 'case_escalated') },
    ...inHand(inside, at),
    alarms: alarmsOf(inside.filter((entry) => isOpen(entry) && entry.urgency === 'emergency')),
    sectors: organization.sectors.map(({ code }) => {
      const mine = open.filter((entry) => entry.sector === code)
      const of = (key, value) => mine.filter((entry) => entry[key] === value).length
      const climbed = ['responsible', 'sector_lead', 'town_leader', 'listed_supervision']
      const rank = (entry) => `${entry.late ? 3 - climbed.indexOf(entry.level) : 9}/${entry.dueAt}`
      return {
        sector: code, funnel: Object.fromEntries(funnelStages.map((stage) => [stage, (stage === 'reported' ? beforeFiling : [stage]).reduce((sum, one) => sum + of('stage', one), 0)])), open: mine.length, overdue: mine.filter((entry) => entry.late).length,
        levels: { responsible: of('level', 'responsible'), sectorLead: of('level', 'sector_lead'), townLeader: of('level', 'town_leader'), committee: of('level', 'committee'), listedSupervision: of('level', 'listed_supervision') },
        emergencies: mine.filter((entry) => entry.urgency === 'emergency').length,
        dueSoon: mine.filter((entry) => entry.dueAt && Date.parse(entry.dueAt) > at && Date.parse(entry.dueAt) < at + day).length,
        reportedToday: happened(inside.filter((entry) => entry.sector === code), 'case_reported'), closedToday: happened(inside.filter((entry) => entry.sector === code), 'case_closed'),
        ...figures(inside.filter((entry) => entry.sector === code), at),
        urgent: mine.filter((entry) => entry.dueAt && !['verified', 'rated'].includes(entry.stage)).sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, 5).map(({ id, number, category, urgency, area, stage, clock, dueAt, late, level }) => ({ id, number, category, urgency, area, stage, clock, dueAt, late, ...(level ? { level } : {}) })),
      }
    }),
    ...figures(inside, at), places: below(scope, 3).map((area) => ({ area, ...placeFigures(inside.filter((entry) => entry.area.startsWith(area)), at) })).filter(isSomething),
    grids: organization.areas.filter((area) => area.level === 'grid' && area.code.startsWith(scope)).map(({ code }) => ({ area: code, ...inHand(inside.filter((entry) => entry.area.startsWith(code)), at) })).filter((grid) => grid.open > 0).map(({ area, open, overdue, emergencies }) => ({ area, open, overdue, emergencies })),
    tasks: { open: 0, late: 0, lists: 0, most: [] }, whistles: { open: 0, unrouted: 0, awaited: 0, atWork: 0, toRate: 0 }, agenda: { open: 0, undecided: 0, late: 0, most: [] }, listings: { inForce: 0, late: 0, most: [] },
    feed: feed.filter((item) => item.area.startsWith(scope)).slice(0, 30), parked: 0,
  }
}

const by = (actor) => {
  const person = organization.people.find((candidate) => candidate.id === actor)
  return { actor, role: person?.roles[0].role ?? 'resident', place: person?.roles[0].place ?? town }
}

/** What other than the straight way can come of a case. */
const sideways = {
  'send-to-village': [{ note: '请先研判是否属村级能办。' }, 'center-operator-01'],
  check: [{ person: 'grid-worker-01', note: '请看是否属实，拍照反馈。' }, 'center-operator-01'],
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
        dispatch: { unit: `post:${post}`, instructions: '请尽快到场查看,处置后上传照片。' },
        complete: { outcome: '已到场处置,现场清理完毕,并告知周边住户。' },
        verify: { passed: true, note: '现场已恢复。' },
        rate: { satisfaction: 4 + (index % 2), result: 'fixed', comment: '处理得很快。' },
      }
      const who = { file: 'center-operator-01', dispatch: 'dispatcher-01', claim: handler, complete: handler, verify: 'grid-worker-05', rate: 'resident', close: 'dispatcher-01' }[command]
      act(entry, command, bodies[command] ?? {}, by(who), at)
    }
  }
  cases.sort((a, b) => b.reportedAt - a.reportedAt)
  const fresh = cases.filter((entry) => entry.stage === 'reported')
  fresh.slice(2, 5).forEach((entry) => act(entry, 'send-to-village', ...sideways['send-to-village'].map((value) => (typeof value === 'string' ? by(value) : value))))
  fresh.slice(5, 8).forEach((entry) => act(entry, 'check', sideways.check[0], by(sideways.check[1])))
  if (fresh[1]) act(fresh[1], 'check', sideways.check[0], by('center-operator-01')), act(fresh[1], 'report-check', { finding: 'partly', note: '现场有堵塞，未见外溢。', photos: [] }, by('grid-worker-01'))
  // One case that shows everything that can come of one.
  const rich = cases.find((entry) => entry.stage === 'handling')
  const [main, cause] = cases.filter((entry) => entry.stage === 'filed')
  if (rich && main && cause) {
    const handler = by(rich.assignment.claimedBy)
    rich.assessment = { text: '涉及 39 户，需重建化粪池，超出村级能力。', level: 'town', households: 39, costFen: 10_000_000 }
    act(rich, 'plan', { plan: '三日内更换破损管网 120 米，期间派抽排车应急。', until: iso(start + 3 * day) }, handler)
    act(rich, 'add-subtask', { task: '联系管材供应', person: handler.actor }, handler)
    act(rich, 'add-subtask', { task: '设置围挡和警示标志' }, handler)
    act(rich, 'finish-subtask', { number: 1, note: '管材已到场。' }, handler)
    act(rich, 'record-funding', { amountFen: 20_000_000, from: '镇级财政与村集体自筹' }, handler)
    act(rich, 'progress', { note: '管沟已开挖 60 米。', before: ['sha256:' + '0'.repeat(63) + '3'], after: ['sha256:' + '0'.repeat(63) + '8'] }, handler)
    act(rich, 'supervise', { note: '本周内办结，每日报进展。' }, by('town-leader-01'))
    act(rich, 'link', { other: cause.id, link: 'caused_by' }, by('dispatcher-01'))
    act(rich, 'urge', { note: '居民多次来电。' }, by('center-operator-01'))
    const twin = fresh[0]
    if (twin) act(twin, 'merge', { main: rich.id, note: '同一处外溢。' }, by('dispatcher-01'))
  }
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
    reportedBy: first.actor, photos: sees ? entry.photos : [], attachments: sees ? (entry.attachments ?? []) : [], attachmentsHidden: sees ? 0 : (entry.attachments ?? []).length, ...(sees || entry.photos.length === 0 ? {} : { photosHidden: entry.photos.length }), ...(entry.assignment ? { assignment: entry.assignment } : {}), ...(entry.rating ? { rating: entry.rating } : {}), details: details(entry), possible: possible(entry, caller),
  }
}

const details = ({ level, assessment, checker, check, plan, returnedBy, subtasks, fundingFen, supervision, links, absorbed, mergedInto, children, parent, transferTo, formerAreas, reference }) => ({
  level, assessment, checker, check, plan, returnedBy, subtasks, fundingFen, supervision, links, absorbed, mergedInto, children, parent, transferTo, formerAreas, reference, agendas: [], reviews: [],
})
