import assert from 'node:assert/strict'
import { sizes } from '../support/browser.js'
import { gridWorker } from '../support/people.js'
import { Phone } from '../support/phone.js'
import { play } from '../support/stage.js'
import { hoursFromNow, riverGrid } from '../support/town.js'
import { Wall } from '../support/wall.js'
import { all } from '../support/town-of-all.js'

play(all, 'A report written without signal outlives a restart of the phone and arrives once, even when the answer to it is lost', async () => {
  const words = '桥头小院门口井盖松动，老人差点摔倒。'
  const lines = []
  const page = await all.visitors.open('/worker/', { viewport: sizes.phone, who: gridWorker, complaints: lines })
  const context = page.context()
  const phone = new Phone(page)
  await phone.tab('上报').waitFor()
  const before = await all.town.cases()

  await context.setOffline(true)
  await phone.write({ text: words, category: '井盖缺损' })
  await phone.submit()
  await phone.card('等待信号').filter({ hasText: words }).waitFor()
  await page.close()

  // The pages come through again, the report does not yet: a signal that is back only half.
  let arrived = 0
  let line = 'dead'
  await context.route('**/api/uploads**', (route) => (line === 'dead' ? route.abort('internetdisconnected') : route.continue()))
  await context.route(/\/api\/cases$/, async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    if (line === 'dead') return route.abort('internetdisconnected')
    const response = await route.fetch()
    arrived++
    if (arrived === 1) return route.abort('connectionreset')
    return route.fulfill({ response })
  })
  await context.setOffline(false)
  const restarted = await context.newPage()
  all.visitors.listen(restarted, lines)
  await restarted.goto('/worker/')
  const again = new Phone(restarted)
  await again.card('等待信号').filter({ hasText: words }).waitFor()
  assert.deepEqual(await all.town.cases(), before, 'nothing arrived yet')

  line = 'alive'
  await context.setOffline(true)
  await context.setOffline(false)
  await again.card('已收到').waitFor()
  assert.equal(arrived, 2, 'the phone sent it again, because it never heard the first answer')
  const reported = (await all.town.cases()).filter((item) => !before.some((known) => known.id === item.id))
  assert.deepEqual(reported.map((item) => [item.text, item.photos]), [[words, 1]])

  await again.tab('我的上报').click()
  await restarted.getByRole('article').filter({ hasText: words }).filter({ hasText: '待受理' }).waitFor()
  await restarted.reload()
  await again.tab('上报').waitFor()
  assert.equal(await restarted.locator('.submission').count(), 0, 'what has arrived is not kept for sending')
  assert.deepEqual(lines.filter((complaint) => !complaint.includes('net::ERR_')), [])
})

play(all, 'A task that was done without signal outlives a restart of the phone and is done once, even when the answer to it is lost', async () => {
  const list = await all.town.publishTasks({ title: '冬季排查', items: [{ title: '独居老人走访', text: '了解取暖情况。', matter: 'elderly-care', dueAt: hoursFromNow(24) }], targets: [{ area: riverGrid }] })
  const task = `${list}-1-${riverGrid}`
  const lines = []
  const page = await all.visitors.open('/worker/', { viewport: sizes.phone, who: gridWorker, complaints: lines })
  const context = page.context()
  await page.locator('.tabs button').nth(3).click()
  await page.locator('.tasks article .head').filter({ hasText: '独居老人走访' }).click()
  await page.getByRole('button', { name: '办结上报', exact: true }).click()
  await page.locator('.task textarea').fill('已走访，取暖正常。')

  let arrived = 0
  await context.route(`**/api/tasks/${task}/complete`, async (route) => {
    const response = await route.fetch()
    arrived++
    if (arrived === 1) return route.abort('connectionreset')
    return route.fulfill({ response })
  })
  await page.locator('.task [type=submit]').click()
  await page.locator('.way.waiting').waitFor()
  await page.close()
  assert.equal((await all.town.get(`/api/tasks/${task}`)).stage, 'completed', 'the host has it already')

  const restarted = await context.newPage()
  all.visitors.listen(restarted, lines)
  await restarted.goto('/worker/')
  await restarted.locator('.tabs button').nth(3).click()
  await restarted.locator('.unsent .received').filter({ hasText: '办结上报' }).filter({ hasText: '独居老人走访' }).waitFor()
  assert.equal(arrived, 2, 'the phone sent it again, because it never heard the first answer')
  const { history } = await all.town.get(`/api/tasks/${task}`)
  assert.equal(history.filter((event) => event.type === 'task_completed').length, 1)
  await restarted.reload()
  await restarted.locator('.tabs button').nth(3).click()
  await restarted.getByText('没有待办任务').waitFor()
  assert.equal(await restarted.locator('.unsent').count(), 0, 'what has arrived is not kept for sending')
  assert.deepEqual(lines.filter((complaint) => !complaint.includes('net::ERR_')), [])
})

play(all, 'A wall whose host is gone dims what it shows, says how old it is in large type, and comes back by itself', async () => {
  const before = await all.town.cases()
  await all.town.report({ text: '河面漂浮大量水葫芦。' })
  const page = await all.visitors.open('/wall/', { viewport: sizes.wall })
  const wall = new Wall(page)
  await wall.shows('今日上报', before.length + 1)
  await wall.mark()
  const lightness = (low, high) =>
    page.waitForFunction(([from, to]) => {
      const opacity = Number(getComputedStyle(document.querySelector('main.data')).opacity)
      return opacity >= from && opacity <= to
    }, [low, high])
  await lightness(1, 1)

  await all.host.kill()
  const old = page.getByRole('alert').filter({ hasText: '数据已过时' })
  await old.waitFor()
  const age = old.getByText(/^\d+ 秒前的数据$/)
  await age.waitFor()
  assert.ok((await age.evaluate((element) => parseFloat(getComputedStyle(element).fontSize))) >= 64, 'the age can be read from across the room')
  await lightness(0, 0.7)
  assert.equal(await page.locator('.figures strong').first().textContent(), String(before.length + 1), 'the last known numbers stay on the wall')
  await page.getByRole('status').filter({ hasText: '连接中断' }).waitFor()

  await all.host.begin()
  await page.getByRole('status').filter({ hasText: '实时' }).waitFor()
  await old.waitFor({ state: 'detached' })
  await lightness(1, 1)
  await wall.shows('今日上报', before.length + 1)

  await all.town.report({ text: '排口有灰黑色污水流出。' })
  await wall.shows('今日上报', before.length + 2)
  assert.ok(await wall.wasNeverReloaded(), 'nobody had to touch the wall')
})
