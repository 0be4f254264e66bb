import assert from 'node:assert/strict'
import { sizes } from '../support/browser.js'
import { Desk } from '../support/desk.js'
import { dispatcher, handler } from '../support/people.js'
import { Phone } from '../support/phone.js'
import { photograph } from '../support/photograph.js'
import { play } from '../support/stage.js'
import { Wall } from '../support/wall.js'
import { all } from '../support/town-of-all.js'

/** As an input of a date and a time takes it, by the clock of the town, which is the host's to choose. */
const localHoursFromNow = (hours) => new Date(Date.now() + (hours + 24) * 3600_000).toISOString().slice(0, 16)

play(all, 'A polluted river goes from report to closure while the wall follows every step by itself', async () => {
  const words = '檬梓桥河水浑浊，污水管网破损，沿岸臭气扑鼻。'
  const sector = '经济发展'
  const wall = new Wall(await all.visitors.open('/wall/', { viewport: sizes.wall }))
  await wall.shows('今日上报', 0)
  await wall.showsIn(sector, '待受理', 0)
  await wall.mark()

  const phone = new Phone(await all.visitors.open('/worker/', { viewport: sizes.phone, hasTouch: true, isMobile: true }))
  await phone.hold('网格员 01')
  await phone.write({ text: words })
  await phone.submit()
  await phone.card('已收到').waitFor()
  await phone.card(/编号 \S+/).waitFor()

  await wall.shows('今日上报', 1)
  await wall.showsIn(sector, '待受理', 1)
  await wall.showsIn(sector, '在办', 1)
  await wall.feed('上报').filter({ hasText: '河道污染' }).waitFor()

  const operator = new Desk(await all.visitors.open('/desk/', { viewport: sizes.desk }))
  await operator.sit('值班员 01')
  await operator.open(words)
  await operator.choose('立案')
  await operator.commands.getByLabel('说明').fill('情况属实，予以立案。')
  await operator.confirm('立案')
  await operator.done('立案')
  await wall.shows('今日立案', 1)
  await wall.showsIn(sector, '待受理', 0)
  await wall.showsIn(sector, '待派遣', 1)
  await wall.feed('立案').waitFor()

  const dispatcher = new Desk(await all.visitors.open('/desk/', { viewport: sizes.desk }))
  await dispatcher.sit('调度员 01')
  await dispatcher.open(words)
  await dispatcher.commands.getByLabel('派遣单位').selectOption({ label: '村镇建设岗' })
  await dispatcher.commands.getByLabel('办理要求').fill('请牵头修复雨污管网。')
  await dispatcher.confirm('派遣')
  await dispatcher.done('派遣')
  await wall.showsIn(sector, '待派遣', 0)
  await wall.showsIn(sector, '待签收', 1)
  await wall.feed('派遣 · 村镇建设岗').waitFor()

  const handler = new Desk(await all.visitors.open('/desk/', { viewport: sizes.desk }))
  await handler.sit('岗位人员 05')
  await handler.open(words)
  await handler.choose('签收')
  await handler.confirm('签收')
  await handler.done('签收')
  await wall.showsIn(sector, '待签收', 0)
  await wall.showsIn(sector, '处置中', 1)

  await handler.choose('处置完成')
  await handler.commands.getByLabel('处置情况').fill('管网已修复，河道已清淤。')
  await new Phone(handler.page).addPhoto(photograph({ water: [60, 120, 190] }), handler.commands)
  await handler.confirm('处置完成')
  await handler.done('处置完成')
  await wall.showsIn(sector, '处置中', 0)
  await wall.showsIn(sector, '待核实', 1)
  await wall.feed('处置完成').waitFor()

  await phone.page.reload()
  await phone.tab('现场任务').click()
  const task = phone.page.getByRole('article').filter({ hasText: words })
  await task.getByRole('button', { expanded: false }).click()
  await task.getByText('管网已修复，河道已清淤。').waitFor()
  await task.getByRole('button', { name: '核实通过' }).click()
  await task.getByLabel('现场情况').fill('河水清澈，无异味。')
  await phone.addPhoto(photograph({ water: [80, 140, 200] }), task)
  await task.getByRole('button', { name: '提交核实结果' }).click()
  await phone.page.getByText('核实结果已提交').waitFor()
  await wall.showsIn(sector, '待核实', 0)
  await wall.showsIn(sector, '待评价', 1)
  await wall.feed('核实通过').waitFor()

  await phone.tab('我的上报').click()
  const mine = phone.page.getByRole('article').filter({ hasText: words })
  await mine.getByRole('button', { name: /非常满意$/ }).click()
  await mine.getByRole('button', { name: '已解决' }).click()
  await mine.getByLabel('意见建议').fill('河水变清了。')
  await mine.getByRole('button', { name: '提交评价' }).click()
  await phone.page.getByText('感谢您的评价').waitFor()
  await wall.showsIn(sector, '待评价', 0)
  await wall.showsIn(sector, '待结案', 1)

  // What the reporter said belongs to the decision, so the operator sees it first.
  await operator.happened('网格员 01 评价：非常满意，已解决')
  await operator.choose('结案')
  await operator.commands.getByLabel('结案说明').fill('群众满意，予以结案。')
  await operator.confirm('结案')
  await operator.done('结案')
  await wall.shows('今日结案', 1)
  await wall.shows('在办', 0)
  await wall.showsIn(sector, '待结案', 0)
  await wall.showsIn(sector, '在办', 0)
  await wall.feed('结案').waitFor()
  assert.ok(await wall.wasNeverReloaded(), 'the wall changed without a reload')

  for (const step of [
    '网格员 01 上报了这个问题',
    '值班员 01 立案，归入“河道污染”，一般',
    '调度员 01 派遣至 村镇建设岗（第 1 次）',
    '岗位人员 05 签收',
    '岗位人员 05 报告处置完成',
    '网格员 01 现场核实通过',
    '网格员 01 评价：非常满意，已解决',
    '值班员 01 结案',
  ])
    await operator.happened(step)
  for (const said of ['情况属实，予以立案。', '请牵头修复雨污管网。', '管网已修复，河道已清淤。', '河水清澈，无异味。', '河水变清了。', '群众满意，予以结案。']) await operator.happened(said)
  assert.equal((await operator.history.getByRole('listitem').count()), 8, 'what people did, without the records of the clocks')

  await operator.page.waitForFunction(() => [...document.querySelectorAll('.photo img')].filter((image) => image.complete && image.naturalWidth > 0).length === 3)

  const [item] = await all.town.cases()
  assert.equal(item.stage, 'closed')
  assert.deepEqual(all.visitors.complaints, [], 'no page complained in its console')
})

play(all, 'A list of tasks goes from the desk to a phone and comes back done, target by target', async () => {
  const desk = new Desk(await all.visitors.open('/desk/', { viewport: sizes.desk }))
  await desk.sit('调度员 01')
  const { page } = desk
  await page.getByRole('link', { name: '任务', exact: true }).click()
  await page.getByRole('button', { name: '拟定清单' }).click()
  await page.getByLabel('清单名称').fill('冬季安全隐患排查')
  await page.getByLabel(/^区域/).selectOption({ label: '檬梓桥社区第一网格' })
  await page.getByLabel(/^下发到/).selectOption({ label: '该区域本身' })
  await page.getByRole('button', { name: '添加对象' }).click()
  await page.getByLabel(/^事项 /).fill('燃气安全入户排查')
  await page.getByLabel('做什么、怎么做').fill('逐户排查燃气灶具和软管。')
  await page.getByLabel(/^事项类别/).selectOption({ label: '火灾隐患' })
  await page.getByLabel('办理时限').fill(localHoursFromNow(48))
  await page.getByLabel(/^办结照片/).selectOption({ label: '至少 1 张' })
  await page.getByLabel('计数单位').fill('户')
  await page.getByLabel('每个对象应完成数量').fill('20')
  await page.getByRole('button', { name: '保存草稿' }).click()
  await page.getByRole('button', { name: '确认下发' }).click()
  await page.getByRole('button', { name: /燃气安全入户排查，檬梓桥社区第一网格，待签收/ }).waitFor()

  const phone = new Phone(await all.visitors.open('/worker/', { viewport: sizes.phone, hasTouch: true, isMobile: true }))
  await phone.hold('网格员 01')
  await phone.tab('清单任务').click()
  const task = phone.page.getByRole('article').filter({ hasText: '燃气安全入户排查' })
  await task.getByRole('button', { expanded: false }).first().click()
  await task.getByText('至少 1 张照片、数量（应完成 20 户）').waitFor()
  await task.getByRole('button', { name: '办结上报', exact: true }).click()
  await task.getByLabel('已完成数量（户）').fill('20')
  await phone.addPhoto(photograph({ water: [180, 60, 60] }), task)
  await task.getByRole('button', { name: '确认办结上报' }).click()
  await phone.page.getByText('已办结上报：燃气安全入户排查').waitFor()

  await page.getByRole('button', { name: /^待核查/ }).click()
  await page.getByRole('region', { name: '待核查' }).getByRole('button').filter({ hasText: '燃气安全入户排查' }).click()
  await page.getByRole('button', { name: '查看照片 1' }).waitFor()
  await page.getByRole('button', { name: '通过', exact: true }).click()
  await page.getByRole('button', { name: '确认核查' }).click()
  await page.getByText('已办理：核查').waitFor()
  await page.getByRole('button', { name: /冬季安全隐患排查 · 第 1 项/ }).click()
  await page.getByRole('button', { name: /燃气安全入户排查，檬梓桥社区第一网格，已办结/ }).waitFor()
})

play(all, 'A grid whistles, the called post reports in from the spot with its result, and the grid rates it', async () => {
  const words = '桥头路面塌陷，疑似水管漏水。'
  const grid = new Phone(await all.visitors.open('/worker/', { viewport: sizes.phone, hasTouch: true, isMobile: true }))
  await grid.hold('网格员 01')
  await grid.tab('吹哨').click()
  await grid.page.getByRole('button', { name: '吹哨，请部门和岗位到场' }).click()
  await grid.page.getByLabel('什么事').fill(words)
  await grid.page.getByRole('button', { name: '村镇建设岗', exact: true }).click()
  await grid.page.getByRole('button', { name: '确认吹哨' }).click()
  await grid.page.getByText('等待指挥中心流转').waitFor()

  const center = new Desk(await all.visitors.open('/desk/?view=whistles', { viewport: sizes.desk, who: dispatcher }))
  await center.page.getByRole('region', { name: '待流转' }).getByRole('button').filter({ hasText: words }).click()
  await center.page.getByRole('button', { name: '确认流转' }).click()
  await center.page.getByText('调度员 01 流转至 村镇建设岗').waitFor()

  const post = await all.visitors.open('/worker/', { viewport: sizes.phone, who: handler, geolocation: { latitude: 29.35, longitude: 105.5, accuracy: 15 }, permissions: ['geolocation'] })
  await post.getByRole('button', { name: /^吹哨/ }).click()
  const call = post.getByRole('article').filter({ hasText: words })
  await call.getByRole('button', { expanded: false }).first().click()
  await call.getByRole('button', { name: '使用我的位置' }).click()
  await call.getByText(/精度约 15 米/).waitFor()
  await call.getByRole('button', { name: '确认到场报到' }).click()
  await call.getByText('村镇建设岗 岗位人员 05 到场报到').waitFor()
  await call.getByRole('button', { name: '报告结果', exact: true }).click()
  await call.getByLabel('处置结果').fill('漏水管道已更换，路面已回填。')
  await call.getByRole('button', { name: '确认报告结果' }).click()
  await call.getByText('村镇建设岗 岗位人员 05 报告结果').waitFor()

  await grid.page.reload()
  await grid.tab('吹哨').click()
  const mine = grid.page.getByRole('article').filter({ hasText: words })
  await mine.getByRole('button', { expanded: false }).first().click()
  await mine.getByText('漏水管道已更换，路面已回填。').waitFor()
  await mine.getByRole('button', { name: /非常满意$/ }).click()
  await mine.getByRole('button', { name: '已解决' }).click()
  await mine.getByRole('button', { name: '提交评价' }).click()
  await grid.page.getByText('已办理：评价').waitFor()
})
