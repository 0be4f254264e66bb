import assert from 'node:assert/strict'
import { sizes } from './support/browser.js'
import { Desk } from './support/desk.js'
import { Phone } from './support/phone.js'
import { photograph } from './support/photograph.js'
import { play, stage } from './support/stage.js'
import { Wall } from './support/wall.js'

const all = stage()

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
