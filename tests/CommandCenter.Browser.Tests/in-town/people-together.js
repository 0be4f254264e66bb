import assert from 'node:assert/strict'
import { sizes } from '../support/browser.js'
import { Desk } from '../support/desk.js'
import { dispatcher, gridWorker, handler, operator, otherDispatcher } from '../support/people.js'
import { Phone } from '../support/phone.js'
import { play } from '../support/stage.js'
import { Wall } from '../support/wall.js'
import { all } from '../support/town-of-all.js'

const deskOf = async (who) => new Desk(await all.visitors.open('/desk/', { who }))

play(all, 'Of two people at one case the second one is told, keeps what was typed, and goes on when the case comes back', async () => {
  const id = await all.town.report({ text: '院坝后面污水沟堵塞。', category: 'sewage' })
  await all.town.file(id, 'sewage')
  const typed = '请先设置警示标志，再疏通。'
  const [first, second] = await Promise.all([deskOf(dispatcher), deskOf(otherDispatcher)])
  await Promise.all([first.openById(id), second.openById(id)])
  const words = second.commands.getByLabel('办理要求')
  await words.fill(typed)

  await first.confirm('派遣')
  await first.done('派遣')
  await second.told('案件已进入“待签收”，不能再派遣')
  assert.equal(await words.inputValue(), typed)
  assert.ok(await second.commands.getByRole('button', { name: '确认派遣' }).isDisabled(), 'what is not possible cannot be sent')

  await all.town.act(id, 'return', 'post-handler-05', { reason: '不属本岗职责。' })
  await second.commands.getByRole('button', { name: '派遣', exact: true, pressed: true }).waitFor()
  assert.equal(await words.inputValue(), typed)
  await second.confirm('派遣')
  await second.told('请填写派遣单位')
  await second.commands.getByLabel('派遣单位').selectOption({ label: '生态环保岗' })
  await second.confirm('派遣')
  await second.done('派遣')
  await second.happened('调度员 02 派遣至 生态环保岗（第 2 次）')
  await second.happened(typed)
})

play(all, 'A page that missed a change is refused by the host, says so, and loses nothing when it reads the case again', async () => {
  const id = await all.town.report({ text: '化粪池满溢，附近几户都闻得到臭味。', category: 'sewage' })
  await all.town.file(id, 'sewage')
  const typed = '请今日内抽排。'
  const desk = await deskOf(otherDispatcher)
  // Whatever this page reads of the case is what it was at first, until it asks by hand.
  let held = true
  const early = new Map()
  await desk.page.route(`**/api/cases/${id}{,/history,/deadlines}{,?*}`, async (route) => {
    const { pathname } = new URL(route.request().url())
    if (!held) return route.continue()
    if (!early.has(pathname)) {
      const response = await route.fetch()
      early.set(pathname, { status: response.status(), headers: response.headers(), body: await response.body() })
    }
    return route.fulfill(early.get(pathname))
  })
  await desk.openById(id)
  await desk.commands.getByLabel('办理要求').fill(typed)

  await all.town.dispatch(id)
  await all.town.act(id, 'return', 'post-handler-05', { reason: '请补充具体位置。' })
  const answer = desk.page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/dispatch'))
  await desk.confirm('派遣')
  assert.equal((await answer).status(), 412)
  await desk.told('其他人员处理了这个案件')
  held = false
  await desk.commands.getByRole('button', { name: '重新加载' }).click()
  await desk.happened('请补充具体位置。')
  assert.equal(await desk.commands.getByLabel('办理要求').inputValue(), typed)
  await desk.commands.getByLabel('派遣单位').selectOption({ label: '生态环保岗' })
  await desk.confirm('派遣')
  await desk.done('派遣')
  await desk.happened(typed)
  assert.equal((await all.town.get(`/api/cases/${id}`)).assignment.round, 2)
})

play(all, 'An answer that was overtaken on its way does not bring an older case back to the desk', async () => {
  const id = await all.town.report({ text: '广场路灯白天常亮。', category: 'street-light' })
  await all.town.file(id, 'street-light')
  const desk = await deskOf(dispatcher)
  await desk.openById(id)
  const stage = (name) => desk.page.locator('.view .line .stage').getByText(name, { exact: true })

  let late
  const isHeld = new Promise((resolve) => {
    void desk.page.route(`**/api/cases/${id}{,?*}`, async (route) => {
      if (late) return route.continue()
      late = { route, response: await route.fetch() }
      resolve()
    })
  })
  await all.town.dispatch(id)
  await isHeld
  await all.town.act(id, 'claim', 'post-handler-05')
  await stage('处置中').waitFor()

  await late.route.fulfill({ response: late.response })
  // What the page would ask for in order to show the late answer is answered before this is.
  await desk.page.evaluate(async (path) => {
    for (const part of ['/history', '/deadlines', '/history', '/deadlines']) await (await fetch(`${path}${part}`, { headers: { 'X-Actor': 'dispatcher-01', 'X-Role': 'dispatcher' } })).text()
  }, `/api/cases/${id}`)
  assert.equal(await stage('处置中').count(), 1)
  await desk.happened('岗位人员 05 签收')
})

play(all, 'A post returns a case with its reason, the dispatcher finds it in the inbox, and a read notice stays read', async () => {
  const id = await all.town.report({ text: '灌溉渠垮塌，下游田进不了水。', category: 'irrigation' })
  await all.town.file(id, 'irrigation')
  const center = await deskOf(dispatcher)
  await center.page.getByRole('button', { name: /^通知/ }).click()
  await center.inbox.waitFor()

  const { number } = await all.town.get(`/api/cases/${id}`)
  await all.town.dispatch(id)
  const post = await deskOf(handler)
  await post.openById(id)
  await post.choose('退回')
  await post.confirm('退回')
  await post.told('请填写退回原因')
  await post.commands.getByLabel('退回原因').fill('农田水利请派遣至产业发展岗。')
  await post.confirm('退回')
  await post.happened('岗位人员 05 退回指挥中心')

  const notice = center.inbox.getByRole('listitem').filter({ hasText: '岗位退回，请重新派遣' }).filter({ hasText: number })
  await notice.waitFor()
  await notice.getByRole('button', { name: '标为已读' }).click()
  await notice.waitFor({ state: 'detached' })
  await center.inbox.getByRole('checkbox', { name: '只看未读' }).uncheck()
  await notice.waitFor()
  assert.equal(await notice.getByRole('button', { name: '标为已读' }).count(), 0)
  await notice.getByRole('button', { name: '打开案件' }).click()
  await center.happened('农田水利请派遣至产业发展岗。')

  await center.page.reload()
  await center.page.getByRole('button', { name: /^通知/ }).click()
  await center.inbox.getByRole('list').or(center.inbox.getByText('没有通知')).first().waitFor()
  assert.equal(await notice.count(), 0, 'among the unread it does not come back')
})

play(all, 'A report that is none of the town\'s business is refused with a reason that everybody can read', async () => {
  const id = await all.town.report({ text: '邻县河道有异味。' })
  const desk = await deskOf(operator)
  await desk.openById(id)
  await desk.choose('不予立案')
  await desk.confirm('不予立案')
  await desk.told('请填写不予立案的原因')
  await desk.commands.getByRole('button', { name: '不属受理范围' }).click()
  await desk.commands.getByLabel('说明').fill('河段属邻县管辖，已转告。')
  await desk.confirm('不予立案')
  await desk.happened('值班员 01 不予立案：不属受理范围')
  await desk.happened('河段属邻县管辖，已转告。')
  await desk.commands.getByText('案件已办结。').waitFor()
})

play(all, 'An emergency reported on a phone stands on the wall with a red mark at once', async () => {
  const wall = new Wall(await all.visitors.open('/wall/', { viewport: sizes.wall }))
  const safety = wall.column('平安法治')
  await safety.waitFor()
  const mark = safety.getByRole('img', { name: '特急' })
  assert.equal(await mark.count(), 0)

  const phone = new Phone(await all.visitors.open('/worker/', { viewport: sizes.phone, who: gridWorker }))
  await phone.write({ text: '屋后山坡出现新裂缝，有石块滚落。', sector: '平安法治', category: '地质灾害隐患', urgency: '特急', photo: false })
  await phone.page.getByText('危及生命请先拨打 110、119、120。').waitFor()
  await phone.submit()
  await phone.card('已收到').waitFor()

  await mark.waitFor()
  await safety.getByText('特急 1').waitFor()
  assert.equal(await mark.textContent(), '!')
  // It flashes between red on white and white on red: in both there is strong red.
  const colours = await mark.evaluate((element) => [getComputedStyle(element).color, getComputedStyle(element).backgroundColor])
  assert.ok(colours.some((colour) => /^rgb\((2[0-5]\d), \d{1,2}, \d{1,2}\)$/.test(colour)), `red among ${colours}`)
})

play(all, 'No page complained in its console meanwhile', () => {
  const expected = /the server responded with a status of 412/
  assert.deepEqual(all.visitors.complaints.filter((complaint) => !expected.test(complaint)), [])
})
