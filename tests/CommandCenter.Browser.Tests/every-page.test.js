import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { wallStories } from './in-demo/wall.js'
import { sizes } from './support/browser.js'
import { administrator, dispatcher, districtLeader, gridWorker, handler, operator, townLeader, yardHead } from './support/people.js'
import { play, playTogether, stage } from './support/stage.js'
import { hoursFromNow, riverGrid } from './support/town.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const languages = ['zh', 'en']

// A town with a past of its own, climbed cases included, that then stands still.
const all = stage({
  prepare: async (host) => {
    await host.end()
    await host.begin()
  },
})

/** Every page in each of its states. */
const pages = {
  landing: { path: '/', ready: '.state.ready' },
  'worker, who are you': { path: '/worker/', viewport: sizes.phone, ready: '.picker' },
  'worker, report': {
    path: '/worker/',
    who: gridWorker,
    viewport: sizes.phone,
    ready: 'form .chips',
    act: async (page) => {
      await page.locator('.sector.economy').click()
      await page.locator('.segments .emergency').click()
      await page.locator('details summary').click()
      await page.locator('button[type=submit]').click()
    },
  },
  'worker, my reports': { path: '/worker/', who: gridWorker, viewport: sizes.phone, ready: '.mine', act: (page) => page.locator('.tabs button').nth(1).click() },
  'worker, to verify': {
    path: '/worker/',
    who: gridWorker,
    viewport: sizes.phone,
    ready: '.verify .choice',
    given: () => completedCase(),
    act: async (page) => {
      await page.locator('.tabs button').nth(2).click()
      await page.locator('.tasks .head').first().click()
      await page.locator('.verify .choice .button').nth(1).click()
    },
  },
  'worker, a task to complete': {
    path: '/worker/',
    who: gridWorker,
    viewport: sizes.phone,
    ready: '.task .actions .wrong',
    given: () => publishedTasks(),
    act: async (page) => {
      await page.locator('.tabs button').nth(3).click()
      await page.locator('.tasks article .head').filter({ hasText: '燃气' }).click()
      await page.locator('.task .actions .chip').nth(2).click()
      await page.locator('.task .actions [type=submit]').click()
    },
  },
  'worker, to whistle': {
    path: '/worker/',
    who: gridWorker,
    viewport: sizes.phone,
    ready: '.blow .wrong',
    act: async (page) => {
      await page.locator('.tabs button').nth(4).click()
      await page.locator('.blow > .button').click()
      await page.locator('.blow .group .chip').first().click()
      await page.locator('.blow [type=submit]').click()
    },
  },
  'worker, called by a whistle': {
    path: '/worker/',
    who: handler,
    viewport: sizes.phone,
    ready: '.hand select',
    given: () => routedWhistle(),
    act: async (page) => {
      await page.locator('.tabs button').nth(1).click()
      await page.locator('.whistles article .head').first().click()
      await page.locator('.point > .plain').first().click()
    },
  },
  'worker, to whistle about a case': {
    path: '/worker/',
    who: gridWorker,
    viewport: sizes.phone,
    ready: '.aboutCase',
    given: () => filedCase(),
    act: async (page) => {
      await page.locator('.tabs button').nth(1).click()
      await page.locator('.mine .head').filter({ hasText: '路灯' }).first().click()
      await page.locator('.mine .more > .button').click()
      await page.locator('.blow .point > .plain').click()
    },
  },
  'worker, a plate that was scanned': { path: '/worker/?spot=bin-40', viewport: sizes.phone, ready: '.spot form .primary', act: (page) => page.locator('.spot summary').click() },
  'worker, a plate that somebody scanned before': { path: '/worker/?spot=bin-41', viewport: sizes.phone, ready: '.spot .hand', given: () => scannedBin() },
  'worker, a plate of nothing': { path: '/worker/?spot=bin-99', viewport: sizes.phone, ready: '.spot .failure' },
  'worker, a meeting and its list line by line': {
    path: '/worker/',
    who: yardHead,
    viewport: sizes.phone,
    ready: '.lines li',
    given: () => heldMeeting(),
    act: async (page) => {
      await page.locator('.tabs button').last().click()
      await page.locator('.meetings article .head').first().click()
      await page.locator('.meetings .actions .chip', { hasText: /清单|[Ll]ist/ }).first().click()
    },
  },
  'worker, a meeting to register': {
    path: '/worker/',
    who: yardHead,
    viewport: sizes.phone,
    ready: '.meetings .card .wrong',
    act: async (page) => {
      await page.locator('.tabs button').last().click()
      await page.locator('.meetings > .button').first().click()
      await page.locator('.meetings form > [type=submit]').click()
    },
  },
  'worker, a meeting opened from a notice': {
    path: '/worker/',
    who: yardHead,
    viewport: sizes.phone,
    ready: '.matter .sheet form',
    given: () => owedMeeting(),
    act: async (page) => {
      await page.locator('.bar .inbox').click()
      await page.locator('.drawer li.feedback_due .button').first().click()
    },
  },
  'worker, a case in hand': {
    path: '/worker/',
    who: handler,
    viewport: sizes.phone,
    ready: '.work .actions .wrong',
    given: () => claimedCase(),
    act: async (page) => {
      await page.locator('.cases article .head').filter({ hasText: '路面' }).first().click()
      await page.locator('.work form > [type=submit]').click()
    },
  },
  'desk, who are you': { path: '/desk/', ready: '.picker' },
  'desk, list': { path: '/desk/?open=true', who: townLeader, ready: '.case' },
  'desk, a case that climbed': { path: async () => `/desk/?case=${await climbedCase()}`, who: operator, ready: '.view .columns' },
  'desk, a case to dispatch': { path: async () => `/desk/?case=${await filedCase()}`, who: dispatcher, ready: '.commands select' },
  'desk, a case to split': {
    path: async () => `/desk/?case=${await photographedCase()}`,
    who: dispatcher,
    ready: '.commands .going img',
    act: async (page) => {
      await page.locator('.commands [aria-controls=more-commands]').click()
      await page.locator('.commands .chip.small').filter({ hasText: /^拆分$/ }).click()
    },
  },
  'desk, a finished case': {
    path: async () => `/desk/?case=${await closedCase()}`,
    who: operator,
    ready: '.case_clock_started',
    act: (page) => page.locator('[aria-labelledby=history] input[type=checkbox]').check(),
  },
  'desk, cases found by words': { path: `/desk/?words=${encodeURIComponent('高桥社区 污水')}`, who: dispatcher, ready: '.cases .case' },
  'desk, who was told of a case': { path: async () => `/desk/?case=${await sewage()}`, who: dispatcher, ready: '.told tr:nth-child(7)', act: (page) => page.locator('.told > .plain').click() },
  'desk, a case that was whistled about': { path: async () => `/desk/?case=${await whistledCase()}`, who: dispatcher, ready: '.whistles .one' },
  'desk, notices': { path: '/desk/', who: dispatcher, ready: '.drawer li', act: async (page) => {
    await page.locator('.inbox').click()
    await page.locator('.drawer input').uncheck()
  } },
  'desk, lists of tasks': { path: '/desk/?view=tasks', who: dispatcher, ready: '.list .item', given: () => publishedTasks() },
  'desk, a list of tasks': { path: async () => `/desk/?view=tasks&id=${await publishedTasks()}`, who: dispatcher, ready: 'tbody tr' },
  'desk, tasks to check together': { path: '/desk/?view=tasks&queue=to_check', who: dispatcher, ready: '.list .choose', given: () => reportedTasks(), act: (page) => page.locator('.checks input').check() },
  'desk, a list to draft': { path: '/desk/?view=tasks&id=new', who: dispatcher, ready: '.sheet .wrong', act: (page) => page.locator('.sheet [type=submit]').click() },
  'desk, scores of areas': { path: '/desk/?view=tasks&queue=scores', who: dispatcher, ready: '.list .item', given: () => closedTasks() },
  'desk, a score list by list': { path: `/desk/?view=tasks&queue=scores&id=${riverGrid}`, who: dispatcher, ready: '.sheet .download', given: () => closedTasks() },
  'desk, a task': { path: async () => `/desk/?view=tasks&id=${await publishedTasks()}-1-${riverGrid}`, who: dispatcher, ready: '.task .facts' },
  'desk, a whistle': { path: async () => `/desk/?view=whistles&queue=open&id=${await routedWhistle()}`, who: dispatcher, ready: '.whistle .call form' },
  'desk, response to whistles': { path: '/desk/?view=whistles&queue=ranking', who: dispatcher, ready: '.sheet .hint', given: () => routedWhistle() },
  'desk, a meeting to add': { path: '/desk/?view=meetings&id=new', who: dispatcher, ready: '.sheet .wrong', act: (page) => page.locator('.sheet [type=submit]').click() },
  'desk, a meeting with its list': { path: async () => `/desk/?view=meetings&id=${await listedMeeting()}`, who: dispatcher, ready: '.import' },
  'desk, a list written line by line': {
    path: async () => `/desk/?view=meetings&id=${await heldMeeting()}`,
    who: operator,
    ready: '.lines li:nth-child(2)',
    act: async (page) => {
      await page.locator('.sheet .actions .chip').nth(1).click()
      await page.locator('.sheet .actions button.add').click()
    },
  },
  'desk, what yards raised': { path: '/desk/?view=meetings&queue=yards', who: dispatcher, ready: '.list .item', given: () => listedMeeting() },
  'desk, what a yard raised and was told': { path: `/desk/?view=meetings&queue=yards&id=${riverGrid}001`, who: dispatcher, ready: '.sheet li.told', given: () => toldMeeting() },
  'desk, matters of the committee': { path: '/desk/?view=agenda&queue=all', who: townLeader, ready: '.list .item' },
  'desk, a matter of the committee': { path: '/desk/?view=agenda&queue=all&id=500153003-1', who: townLeader, ready: '.sheet .reports li' },
  'desk, the meetings of the committee': { path: '/desk/?view=agenda&id=500153003', who: townLeader, ready: '.sheet tbody tr' },
  'desk, cases listed for supervision': { path: '/desk/?view=listings', who: districtLeader, ready: '.list .item', given: () => listedCase() },
  'desk, a listed case': { path: async () => `/desk/?view=listings&id=${await listedCase()}`, who: districtLeader, ready: '.sheet .entries li:nth-child(2)' },
  'desk, matters by tier': { path: '/desk/?view=admissions', who: dispatcher, ready: '.sheet tbody tr:nth-child(3)', given: () => adopted(), act: (page) => page.locator('.actions .chip').first().click() },
  'desk, an admission list': { path: '/desk/?view=admissions&id=500153003-grid', who: dispatcher, ready: '.sheet .matters li', given: () => adopted() },
  'desk, an urgent addition': { path: '/desk/?view=admissions&queue=waiting', who: townLeader, ready: '.sheet .facts', given: () => adopted(), act: (page) => page.locator('.list .item').first().click() },
  'desk, a day to choose': {
    path: '/desk/?view=admissions',
    who: dispatcher,
    ready: '.sheet-of-days .day',
    given: () => adopted(),
    act: async (page) => {
      await page.locator('.actions .chip').first().click()
      await page.locator('.when > .button').click()
    },
  },
  'desk, plates to print': { path: '/desk/?view=spots', who: dispatcher, ready: '.plate:nth-child(3) svg', given: () => scannedBin() },
  'desk, the cases of a spot': { path: '/desk/?spot=bin-41&open=true', who: dispatcher, ready: '.cases .case', given: () => scannedBin() },
  'desk, reviews': { path: '/desk/?view=reviews', who: townLeader, ready: '.queues' },
  'desk, a review to prepare': { path: '/desk/?view=reviews&queue=reviews&id=new', who: townLeader, ready: '.sheet .wrong', act: (page) => page.locator('.sheet [type=submit]').click() },
  'desk, stays on the spot': { path: '/desk/?view=reviews&queue=guidances', who: townLeader, ready: '.list .item', given: () => recordedStay() },
  'desk, a stay on the spot': { path: async () => `/desk/?view=reviews&queue=guidances&id=${await recordedStay()}`, who: townLeader, ready: '.sheet form' },
  'desk, a case that is listed': { path: async () => `/desk/?case=${await listedCase()}`, who: townLeader, ready: '.view a.watched' },
  'desk, people and their seats': { path: '/desk/?view=organization', who: administrator, ready: '.list .item' },
  'desk, somebody to appoint': {
    path: '/desk/?view=organization&queue=people&id=grid-worker-01',
    who: administrator,
    ready: '.sheet form .wrong',
    act: async (page) => {
      await page.locator('.sheet form select').first().selectOption('yard_staff')
      await page.locator('.sheet form > [type=submit]').click()
    },
  },
  'desk, a grid to draw anew': { path: `/desk/?view=organization&queue=places&id=${riverGrid}`, who: administrator, ready: '.sheet form textarea', act: (page) => page.locator('.sheet .actions .chip').nth(1).click() },
  'desk, a post to close': { path: '/desk/?view=organization&queue=units&id=post:ecology@500153003', who: administrator, ready: '.sheet form select', act: (page) => page.locator('.sheet .actions .chip').nth(1).click() },
  'desk, versions of the policy': { path: '/desk/?view=policy', who: administrator, ready: '.list .item' },
  'desk, a version of the policy': { path: '/desk/?view=policy&queue=versions&id=1', who: administrator, ready: '.sheet tbody tr' },
  'desk, a year of the calendar': { path: '/desk/?view=policy&queue=calendar&id=2027', who: administrator, ready: '.sheet tbody tr' },
  'desk, a policy to import': {
    path: '/desk/?view=policy&queue=import',
    who: administrator,
    ready: '.errors li',
    act: async (page) => {
      await page.locator('.form textarea').fill('{"version": "next", "rules": [\n{"clock": "handle"}]}')
      await page.locator('.form .row button').first().click()
    },
  },
  'desk, a week of duty': { path: '/desk/?view=duty', who: dispatcher, ready: '.sheet tbody tr' },
  'desk, nothing to hand over': { path: '/desk/?view=duty&queue=hand_over', who: dispatcher, ready: '.sheet .empty, .sheet form' },
  'desk, who is absent and who stands in': { path: '/desk/?view=duty&queue=absences', who: townLeader, ready: '.sheet form' },
  'desk, statistics by place': { path: '/desk/?view=statistics', who: townLeader, ready: '.groups tbody tr:nth-child(2)', act: (page) => page.locator('.groups .mark').first().focus() },
  'desk, statistics of the whole': { path: '/desk/?view=statistics&by=none&set=closing', who: townLeader, ready: '.totals tbody tr' },
  'desk, statistics of people by figures of one’s own': { path: '/desk/?view=statistics&by=person&set=own&figures=handled,handling_mean,on_time_handling_rate&figure=handled&order=descending', who: townLeader, ready: '.chooser + .answer .groups tbody tr:nth-child(2)' },
  'desk, the cases of a figure': { path: '/desk/?view=statistics&cases=closing_rate', who: townLeader, ready: '.cases .chip' },
  'desk, nothing undelivered': { path: '/desk/', who: administrator, ready: '.sheet .facts' },
  'desk, dead letters': {
    path: '/desk/?view=operations',
    who: administrator,
    ready: '.sheet .token',
    act: async (page) => {
      const letter = (id, key, reason) => ({ id, token: `0199-${id}`, kind: 'notice', key, attempts: 12, reason, recordedAt: '2026-01-05T01:00:00.000000Z', deadAt: '2026-01-05T03:00:00.000000Z' })
      await page.route('**/api/operations/outbox', (route) => route.fulfill({ json: { pending: 2, dead: 2, oldestPendingAt: '2026-01-05T01:00:00.000000Z', deadLetters: [letter(7, 'dispatcher-01/sms', 'sms answered 410.'), letter(8, 'post-handler-05/chat', 'chat did not answer within 10 s.')] } }))
      await page.reload()
      await page.locator('.list .item').first().click()
    },
  },
  wall: { path: '/wall/', viewport: sizes.wall, ready: '.columns .urgent a' },
}

/** What the demonstration town is not sure to have just now. */
const made = new Map()
function once(name, make) {
  return () => made.get(name) ?? made.set(name, make()).get(name)
}

const filedCase = once('filed', async () => {
  const id = await all.town.report({ text: '村口三盏路灯连续几晚不亮。', category: 'street-light' })
  await all.town.file(id, 'street-light')
  return id
})

const scannedBin = once('scanned', () => all.town.scan('bin-41'))

const adopted = once('adopted', async () => {
  await all.town.adopt('village', ['rubbish', 'drainage', 'fire-hazard', 'dispute-mediation', 'elderly-care', 'street-light'])
  await all.town.adopt('grid', ['rubbish', 'fire-hazard', 'drainage', 'elderly-care'])
  await all.town.askForAddition('geological-hazard', hoursFromNow(72))
})

const listedCase = once('listed', async () => {
  const id = await all.town.report({ text: '河堤护栏缺口多次修补未果。', category: 'drainage' })
  await all.town.file(id, 'drainage')
  return all.town.list(id, '河堤护栏缺口，限期修复', '施工队本周进场，先设临时围挡。')
})

const recordedStay = once('stay', () => all.town.stay({ found: '堆放点无人管护。', agreed: '三日内清运并设专人管护。' }))

const completedCase = once('completed', async () => {
  const id = await all.town.report({ text: '排水沟被泥沙堵住。', category: 'drainage', photos: [await all.town.upload('grid-worker-01')] })
  await all.town.file(id, 'drainage')
  await all.town.dispatch(id)
  await all.town.act(id, 'claim', 'post-handler-05')
  await all.town.act(id, 'complete', 'post-handler-05', { outcome: '已清淤疏通。' })
  return id
})

const photographedCase = once('photographed', async () => {
  const id = await all.town.report({ text: '路口护栏缺损，旁边堆有垃圾。', category: 'street-light', photos: [await all.town.upload('grid-worker-01'), await all.town.upload('grid-worker-01')] })
  await all.town.file(id, 'street-light')
  return id
})

const claimedCase = once('claimed', async () => {
  const id = await all.town.report({ text: '村道路面破损，雨天积水。', category: 'street-light', photos: [await all.town.upload('grid-worker-01')] })
  await all.town.file(id, 'street-light')
  await all.town.dispatch(id)
  await all.town.act(id, 'claim', 'post-handler-05')
  return id
})

const heldMeeting = once('held', () => all.town.hold())

const owedMeeting = once('owed', async () => {
  const id = await all.town.meet([{ kind: 'village', text: '小院晾衣架松动。', category: 'rubbish' }])
  await all.town.oweLine(id, 1)
  return id
})

const reportedTasks = once('reported tasks', async () => {
  const id = await all.town.publishTasks({ title: '秋季沟渠清理', items: [{ title: '沟渠清理', text: '逐段清理。', matter: 'drainage', dueAt: hoursFromNow(24) }, { title: '路灯检查', text: '逐盏检查。', matter: 'street-light', dueAt: hoursFromNow(24) }], targets: [{ area: riverGrid }] })
  await all.town.reportTask(`${id}-1-${riverGrid}`)
  await all.town.reportTask(`${id}-2-${riverGrid}`)
})

const closedCase = once('closed', async () => (await all.town.get('/api/cases?stage=closed&limit=1')).items[0].id)

const climbedCase = once('climbed', async () => (await all.town.get('/api/cases?level=responsible&limit=1')).items[0].id)

const publishedTasks = once('tasks', () =>
  all.town.publishTasks({
    title: '冬季安全隐患排查',
    items: [
      { title: '燃气安全入户排查', text: '逐户排查燃气灶具、软管和报警器。', matter: 'fire-hazard', dueAt: hoursFromNow(72), evidence: { text: true, photos: 2 }, quantity: { unit: '户', expected: 20 } },
      { title: '独居老人走访', text: '了解取暖和用药情况。', matter: 'elderly-care', dueAt: hoursFromNow(2) },
    ],
    targets: [{ area: riverGrid.slice(0, 12), each: 'grid' }],
  }),
)

const sewage = once('sewage', async () => (await all.town.get(`/api/cases?words=${encodeURIComponent('涂湾')}`)).items[0].id)

const whistledCase = once('whistled', async () => {
  const caseId = await filedCase()
  await all.town.whistle({ text: '路灯线路涉及多家单位，请到场会商。', units: ['department:water-bureau', 'post:village-construction'], caseId })
  return caseId
})

const closedTasks = once('closed tasks', async () => {
  const id = await all.town.publishTasks({ title: '汛前排查', items: [{ title: '沟渠清淤', text: '逐段清淤。', matter: 'drainage', dueAt: hoursFromNow(24) }], targets: [{ area: riverGrid }] })
  await all.town.completeTask(`${id}-1-${riverGrid}`)
  await all.town.closeTasks(id)
  return id
})

const toldMeeting = once('told', async () => {
  const id = await all.town.meet([{ kind: 'town', text: '两户为排水沟争执。', category: 'dispute-mediation' }, { kind: 'village', text: '小院垃圾桶破损。', category: 'rubbish' }])
  await all.town.settleLine(id, 2)
  return id
})

const routedWhistle = once('whistle', async () => {
  const id = await all.town.whistle({ text: '桥头路面塌陷，疑似水管漏水。', units: ['department:water-bureau', 'post:village-construction'] })
  await all.town.actOnCall(id, 2, 'route', 'dispatcher-01')
  return id
})

const listedMeeting = once('meeting', () => all.town.meet([{ kind: 'town', text: '小院门口路灯不亮。', category: 'street-light' }, { kind: 'village', text: '排水沟堵塞。', category: 'drainage' }]))

async function visit(name) {
  const { path, given, who, viewport, ready, act } = pages[name]
  await given?.()
  const page = await all.visitors.open(typeof path === 'string' ? path : await path(), { viewport, who })
  await page.locator(ready.startsWith('.state') || !act ? ready : 'body').first().waitFor()
  await act?.(page)
  await page.locator(ready).first().waitFor()
  return page
}

/** Everything that a person sees or hears: texts, and words in attributes. */
const wordsOn = (page) =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const words = []
    while (walker.nextNode()) words.push(walker.currentNode.textContent)
    for (const element of document.querySelectorAll('*')) for (const name of ['aria-label', 'placeholder', 'title', 'alt']) words.push(element.getAttribute(name) ?? '')
    return [document.title, ...words].map((text) => text.trim()).filter(Boolean)
  })

async function checkWords(page, language) {
  assert.equal(await page.evaluate(() => document.documentElement.lang.slice(0, 2)), language)
  const words = await wordsOn(page)
  assert.deepEqual(words.filter((text) => /^[a-z]+(\.[a-zA-Z_]+)+$/.test(text)), [], 'keys in the place of words')
  assert.deepEqual(words.filter((text) => /undefined|NaN|\[object|\{[a-z]+\}/.test(text)), [], 'broken words')
}

async function checkWidths(page) {
  const tooWide = []
  for (const width of [390, 768, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 })
    // A page that is one of several at a time learns of its new size when its turn comes.
    await page.waitForFunction((wanted) => innerWidth === wanted, width)
    const actual = await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(document.scrollingElement.scrollWidth)))))
    if (actual > width) tooWide.push(`at ${width}: ${actual}`)
  }
  assert.deepEqual(tooWide, [], 'wider than the screen')
}

async function checkAxe(page) {
  await page.evaluate(axe)
  const violations = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations))
  assert.deepEqual(
    violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`).join(' | ')}`),
    [],
  )
}

async function check(name) {
  const page = await visit(name)
  await checkAxe(page)
  for (const language of languages) {
    // The page keeps its state, and whatever covers the switch.
    await page.locator(`button[lang^=${language}]`).first().dispatchEvent('click')
    await checkWords(page, language)
    await checkWidths(page)
  }
  await page.context().close()
}

playTogether(all, 'On every page axe finds nothing serious, words are words in both languages, and nothing is wider than a screen from a phone to a wall', Object.fromEntries(Object.keys(pages).map((name) => [name, () => check(name)])))

play(all, 'A wall of the largest figures and the longest words is no wider than a phone', async () => {
  const kinds = ['case_reported', 'case_dispatched', 'case_returned', 'case_escalated', 'case_closed']
  const tooWide = []
  for (const language of languages) {
    const context = await all.visitors.browser.newContext({ baseURL: all.visitors.url, viewport: { width: 390, height: 844 } })
    await context.addInitScript((value) => localStorage.setItem('command-center.language', value), language)
    const page = await context.newPage()
    // The first board is what a screen of this town could come to; the line that would correct it stays cut.
    await page.route('**/hubs/**', (route) => route.abort())
    await page.route('**/api/board?*', async (route) => {
      const response = await route.fetch()
      const board = await response.json()
      // The longest name of a day that English has.
      board.at = '2026-09-30T15:59:59Z'
      board.parked = 1_000
      board.open = board.overdue = 99_999
      for (const key of Object.keys(board.today)) if (typeof board.today[key] === 'number') board.today[key] = 99_999
      for (const panel of board.sectors) {
        panel.open = panel.overdue = panel.dueSoon = panel.emergencies = panel.reportedToday = panel.closedToday = 99_999
        for (const figures of [panel.funnel, panel.levels]) for (const key of Object.keys(figures)) figures[key] = 99_999
        panel.urgent = board.sectors.flatMap((other) => other.urgent).map((item) => ({ ...item, urgency: 'emergency', dueAt: '2020-02-29T15:59:59Z' }))
      }
      board.feed = kinds.flatMap((type) => board.feed.map((item, n) => ({ ...item, type, position: `${type}${n}`, ...(type === 'case_escalated' && { level: 'listed_supervision' }) })))
      await route.fulfill({ response, json: board })
    })
    await page.goto('/wall/')
    await page.locator('.columns .urgent a').first().waitFor()
    for (const width of [390, 768, 1440, 1920]) {
      await page.setViewportSize({ width, height: 1080 })
      const actual = await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(document.scrollingElement.scrollWidth))))
      if (actual <= width) continue
      const widest = await page.evaluate((limit) => [...document.querySelectorAll('.screen *')].filter((e) => e.getBoundingClientRect().right > limit).map((e) => `${e.parentElement.className}>${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 40)}`).slice(-5), width)
      tooWide.push(`${language} at ${width}: ${actual}: ${widest.join(' | ')}`)
    }
    await context.close()
  }
  assert.deepEqual(tooWide, [])
})

play(all, 'Every number on the wall opens a list of exactly that many cases', async () => {
  const wall = await visit('wall')
  const links = wall.locator('main.data a[aria-label$="，打开案件列表"]')
  const numberOf = async (link) => Number(/ (\d+)，打开案件列表$/.exec(await link.getAttribute('aria-label'))[1])
  // An emergency adds a link to its column while it lasts.
  const [count, alarms] = await links.evaluateAll((all) => [all.length, all.filter((link) => link.classList.contains('alarm')).length])
  assert.equal(count, 7 + 4 * (3 + 7 + 2 + 5) + alarms)

  let nonZero = 0
  let next = 0
  // Several desks share the links, so that none waits for the host alone.
  const read = async (desk) => {
    while (next < count) {
      const link = links.nth(next++)
      let number, listed
      // Clocks go on while lists are read: a number that moved meanwhile is read again.
      do {
        number = await numberOf(link)
        await desk.goto(await link.getAttribute('href'), { waitUntil: 'commit' })
        await desk.locator('.total').filter({ hasText: /\d/ }).waitFor()
        const more = desk.getByRole('button', { name: '加载更多' })
        while (await more.isVisible()) {
          const shown = await desk.locator('.cases > li').count()
          await more.click()
          await desk.locator('.cases > li').nth(shown).waitFor()
        }
        listed = await desk.locator('.cases > li').count()
      } while (number !== (await numberOf(link)))
      assert.equal(listed, number, `${await link.getAttribute('aria-label')}: ${await link.getAttribute('href')}`)
      if (number > 0) nonZero++
    }
  }
  await Promise.all(Array.from({ length: 3 }, async () => read(await all.visitors.open('/desk/', { who: townLeader }))))
  assert.ok(nonZero > 20, `a busy town: ${nonZero} numbers are not zero`)
})

play(all, 'Every figure of the statistics opens exactly the cases that the host counted, and axe finds nothing in either language', async () => {
  const { items: catalogue } = await all.town.get('/api/statistics/figures', townLeader.actor)
  const read = () => all.town.get('/api/statistics?by=place', townLeader.actor)
  const page = await all.visitors.open('/desk/?view=statistics', { who: townLeader })
  const rows = page.locator('.groups tbody tr')
  const chips = page.locator('.cases .chip')
  let opened = 0

  /** How many cases stand under a figure: of a share those that stand below. */
  const listed = async (figure) => {
    let sum = 0
    const parts = await chips.count()
    if (parts === 0) return countRows(page)
    for (let part = 0; part < parts; part++) {
      await chips.nth(part).click()
      const count = await countRows(page)
      if (figure.kind !== 'share' || (await chips.nth(part).textContent()).includes('分母')) sum += count
    }
    return sum
  }

  for (const set of ['intake', 'handling', 'closing']) {
    await page.goto(`/desk/?view=statistics&by=place&compare=none&set=${set}`)
    await rows.nth(1).waitFor()
    const columns = await page.locator('.groups thead .sort').allTextContents()
    // The whole and the first of the groups.
    for (const line of [0, 1])
      for (const [column, name] of columns.entries()) {
        const figure = catalogue.find((one) => one.name === name)
        const expected = async () => {
          const view = await read()
          const value = (line === 0 ? view.total : view.items[line - 1].figures).find((one) => one.code === figure.code)
          return figure.kind === 'count' ? value.value : value.of
        }
        const before = await expected()
        const link = rows.nth(line).locator('td').nth(column).locator('.open')
        if (before > 0) await link.click()
        else continue
        await page.locator('.cases h1').waitFor()
        const count = await listed(figure)
        // Clocks go on meanwhile: what was open may have become late.
        if (count !== before) assert.equal(count, await expected(), `${name} of line ${line}`)
        opened++
        await page.locator('.cases .return').click()
        await rows.nth(1).waitFor()
        assert.ok(await link.evaluate((element) => element === document.activeElement), 'one comes back to where one was')
      }
  }
  assert.ok(opened > 15, `a busy town: ${opened} figures were opened`)

  for (const language of languages) {
    await page.locator(`button[lang^=${language}]`).first().dispatchEvent('click')
    await page.locator('select[name=compare]').selectOption('both')
    await page.locator('.groups .mark').first().focus()
    await checkAxe(page)
    await page.locator('.groups .open').first().click()
    await page.locator('.cases tbody tr').first().waitFor()
    await checkAxe(page)
    await page.locator('.cases .return').click()
    await rows.nth(1).waitFor()
  }
})

/** All rows of the list that is open, page by page. */
async function countRows(page) {
  await page.locator('.cases tbody tr, .cases .empty').first().waitFor()
  const more = page.locator('.cases .more')
  while (await more.isVisible()) {
    const shown = await page.locator('.cases tbody tr').count()
    await more.click()
    await page.locator('.cases tbody tr').nth(shown).waitFor()
  }
  return page.locator('.cases tbody tr').count()
}

play(all, 'No page complained in its console meanwhile', () => {
  // A browser writes a refusal down as an error; the file with mistakes and the plate of nothing were there in order to be refused.
  const expected = /view=policy&queue=import: .* 422 .*\/api\/policy\/import\?dryRun=true$|spot=bin-99: .* 404 .*\/api\/spots\/bin-99$/
  assert.deepEqual(all.visitors.complaints.filter((complaint) => !expected.test(complaint)), [])
})

wallStories(all)
