import assert from 'node:assert/strict'
import { sizes } from '../support/browser.js'
import { Desk } from '../support/desk.js'
import { Phone } from '../support/phone.js'
import { play } from '../support/stage.js'
import { all } from '../support/town-of-all.js'

play(all, 'A full bin that a passer-by scans is with the driver of the one lorry at once, and whoever scans it next is told so', async () => {
  const driver = new Desk(await all.visitors.open('/desk/', { viewport: sizes.desk }))
  await driver.sit('岗位人员 07')

  // Nobody says who they are: the plate opens on the bin, and one tap reports it.
  const passer = new Phone(await all.visitors.open('/worker/?spot=bin-17', { viewport: sizes.phone, hasTouch: true, isMobile: true }))
  await passer.page.getByRole('heading', { name: '17号垃圾箱' }).waitFor()
  await passer.page.getByText('生态环保岗（岗位工作人员）').waitFor()
  await passer.page.getByRole('button', { name: '一键上报：已满，请清运' }).click()
  await passer.card('已收到').waitFor()

  await driver.queue('待签收')
  await driver.open('17号垃圾箱：已满，请清运')
  await driver.happened('系统 派遣至 生态环保岗，指定 岗位人员 07（第 1 次）（按点位 bin-17 的规定）')
  assert.equal(await driver.page.getByRole('definition').filter({ hasText: '17号垃圾箱 (bin-17)' }).count(), 1)

  const second = new Phone(await all.visitors.open('/worker/?spot=bin-17', { viewport: sizes.phone, hasTouch: true, isMobile: true }))
  await second.page.getByText('已有人上报，正在办理').waitFor()
  assert.equal(await second.page.getByRole('button', { name: /^一键上报/ }).count(), 0)
  await second.page.getByText('情况有变，补充照片或说明').click()
  await second.page.getByLabel('问题描述').fill('箱盖也坏了')
  await second.page.getByRole('button', { name: '补充上报' }).click()
  await second.card('已并入').waitFor()

  // One case to fetch, and the driver was sent once.
  const { items } = await all.town.get('/api/cases?scope=500153003201&spot=bin-17', 'post-handler-07')
  assert.deepEqual(items.map((item) => item.stage).sort(), ['dispatched', 'merged'])
  await driver.choose('签收')
  await driver.confirm('签收')
  await driver.done('签收')
  await driver.choose('处置完成')
  await driver.commands.getByLabel('处置情况').fill('已清空，一车运走。')
  await driver.confirm('处置完成')
  await driver.done('处置完成')
  // Emptied: the plate takes a tap again.
  await passer.page.reload()
  await passer.page.getByRole('button', { name: '一键上报：已满，请清运' }).waitFor()
})
