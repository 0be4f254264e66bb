import assert from 'node:assert/strict'
import { dispatcher, townLeader } from '../support/people.js'
import { play } from '../support/stage.js'
import { all } from '../support/town-of-all.js'
import { riverGrid } from '../support/town.js'

play(all, 'What the grid’s list does not hold is not offered to it, until somebody asks for an addition and somebody else approves', async () => {
  await all.town.adopt('grid', ['rubbish', 'drainage', 'fire-hazard', 'river-pollution', 'street-light', 'elderly-care'])
  const id = await all.town.report({ text: '后山有滑坡迹象。', category: 'geological-hazard' })
  await all.town.file(id, 'geological-hazard')

  // The dispatcher sees that it is not for the grid, and asks.
  const desk = await all.visitors.open(`/desk/?case=${id}`, { who: dispatcher })
  const grid = desk.locator(`.commands option[value="grid:${riverGrid}"]`)
  await grid.filter({ hasText: '不在准入清单' }).waitFor({ state: 'attached' })
  assert.ok(await grid.isDisabled())
  await desk.getByRole('link', { name: '准入', exact: true }).click()
  await desk.getByRole('row').filter({ hasText: '地质灾害隐患' }).getByText('不可派').waitFor()
  await desk.getByRole('button', { name: '申请紧急新增', exact: true }).click()
  await desk.getByRole('combobox', { name: /^事项/ }).selectOption('geological-hazard')
  await desk.getByRole('combobox', { name: /^地域/ }).selectOption(riverGrid)
  await desk.getByLabel('截止时间').fill(new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 16).replace('T', ' '))
  await desk.getByLabel('理由').fill('连日暴雨，需逐户排查。')
  await desk.locator('.actions [type=submit]').click()
  await desk.locator('.actions .done').waitFor()
  await desk.getByRole('button', { name: /^待批准/ }).click()
  await desk.locator('.list .item').filter({ hasText: '地质灾害隐患' }).click()
  await desk.getByText('本人申请的须由他人批准。').waitFor()

  // The leader approves what somebody else asked for.
  const leader = await all.visitors.open('/desk/?view=admissions&queue=waiting', { who: townLeader })
  await leader.locator('.list .item').filter({ hasText: '地质灾害隐患' }).click()
  await leader.locator('.sheet').getByText('连日暴雨，需逐户排查。').waitFor()
  await leader.locator('.actions [type=submit]').click()
  await leader.getByRole('button', { name: /^生效中/ }).click()
  await leader.locator('.list .item').filter({ hasText: '地质灾害隐患' }).waitFor()

  // Now it may be given to the grid.
  const again = await all.visitors.open(`/desk/?case=${id}`, { who: dispatcher })
  await again.locator('.commands select').first().selectOption(`grid:${riverGrid}`)
  await again.locator('.commands [type=submit]').click()
  await again.locator('.stage').filter({ hasText: '待签收' }).first().waitFor()
  assert.deepEqual(all.visitors.complaints.filter((complaint) => complaint.includes('view=admissions')), [])
})
