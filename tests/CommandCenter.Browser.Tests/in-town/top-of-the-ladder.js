import assert from 'node:assert/strict'
import { administrator, districtLeader, townLeader } from '../support/people.js'
import { play } from '../support/stage.js'
import { all } from '../support/town-of-all.js'

const minutes = (count) => Date.now() + count * 60_000

play(all, 'A listed case is stayed at as planned, looked back on once it is closed, and a stricter policy is planned for it', async () => {
  // An instant as the district's clock shows it and as a form takes it.
  const { timeZone } = await all.town.get('/api/organization')
  const local = (at) => new Date(at).toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  // Given a case that the district has listed for supervision.
  const id = await all.town.report({ text: '河堤塌陷，多次修补仍垮。', category: 'damaged-road' })
  await all.town.file(id, 'damaged-road')
  await all.town.dispatch(id)
  await all.town.act(id, 'claim', 'post-handler-05')
  await all.town.list(id, '河堤塌陷限期修复', '施工队已进场')

  // The district's leader plans a stay from the plate, for the town's leader.
  const district = await all.visitors.open(`/desk/?view=listings&id=${id}`, { who: districtLeader })
  await district.locator('.sheet .plate').filter({ hasText: '河堤塌陷限期修复' }).waitFor()
  const stays = district.locator('section[aria-labelledby=stays]')
  await stays.getByRole('button', { name: '计划蹲点', exact: true }).click()
  await stays.getByLabel('计划到达').fill(local(minutes(30)))
  await stays.getByLabel('计划离开').fill(local(minutes(300)))
  await stays.getByRole('button', { name: /镇街主要领导/ }).first().click()
  await stays.getByLabel('现场要解决的问题').fill('现场商定根治方案和责任单位。')
  await stays.getByRole('button', { name: '确认计划蹲点' }).click()
  await stays.getByRole('listitem').filter({ hasText: '现场商定根治方案和责任单位。' }).filter({ hasText: '已计划' }).waitFor()

  // Who is to go is told, comes, and writes down what was found and agreed.
  const leader = await all.visitors.open('/desk/?view=reviews&queue=guidances', { who: townLeader })
  await leader.getByRole('button', { name: /^通知/ }).click()
  await leader.getByRole('complementary', { name: '通知' }).getByText('安排您蹲点，请按时到达').first().waitFor()
  await leader.getByRole('button', { name: /^通知/ }).click()
  await leader.locator('.list .item').filter({ hasText: '现场商定根治方案和责任单位。' }).click()
  const sheet = leader.locator('.sheet')
  await sheet.getByRole('button', { name: '确认登记到达' }).click()
  await sheet.locator('.titles .stage').filter({ hasText: '蹲点中' }).waitFor()
  await sheet.getByLabel('发现的问题').fill('基础被掏空，表层修补无用。')
  await sheet.getByLabel('商定事项').fill('一月内打桩加固，水利所负责。')
  await sheet.getByRole('button', { name: '确认完成蹲点记录' }).click()
  await sheet.locator('.titles .stage').filter({ hasText: '待落实' }).waitFor()
  await sheet.getByText('基础被掏空，表层修补无用。').waitFor()
  await sheet.getByText('现场商定根治方案和责任单位。').waitFor()

  // Once the case is closed, the town prepares a review of the day, names who is to come, and holds it when it begins.
  await all.town.act(id, 'complete', 'post-handler-05', { outcome: '已打桩加固。' })
  await all.town.act(id, 'verify', 'grid-worker-01', { passed: true, photos: [await all.town.upload('grid-worker-01')] })
  await all.town.act(id, 'rate', 'center-operator-01', { satisfaction: 5, result: 'fixed', comment: '电话回访上报人，表示满意。' })
  await all.town.act(id, 'close', 'dispatcher-01', { summary: '已根治。' })
  const { number } = await all.town.get(`/api/cases/${id}`)
  const begins = Math.ceil((Date.now() + 15_000) / 60_000) * 60_000
  await leader.goto('/desk/?view=reviews&queue=reviews&id=new')
  await leader.getByLabel('起始日期').fill(local(Date.now()).slice(0, 10))
  await leader.getByLabel('截止日期').fill(local(Date.now()).slice(0, 10))
  await leader.getByLabel('会议时间').fill(local(begins))
  await sheet.getByRole('group', { name: /^参会人员/ }).getByRole('button', { name: /岗位人员 05/ }).click()
  await sheet.getByRole('button', { name: '确认准备复盘会' }).click()
  await sheet.getByRole('button').filter({ hasText: number }).first().waitFor()
  const review = new URL(leader.url()).searchParams.get('id')
  const looked = await all.town.get(`/api/reviews/${review}`, 'town-leader-01')
  for (const one of looked.cases) {
    if (one.caseId !== id) await all.town.review(review, 'leave-out', { item: one.number, reason: '另行复盘。' })
  }
  if (looked.cases.length > 1) await leader.reload()
  await sheet.getByRole('combobox', { name: /^案件/ }).selectOption(String(looked.cases.find((one) => one.caseId === id).number))
  await sheet.getByLabel('教训').fill('只修表层，没有查明原因。')
  await sheet.getByRole('textbox', { name: /^措施 1 (必填|选填)/ }).fill('立案时先查明原因。')
  await sheet.getByLabel('措施 1 责任人').selectOption('post-handler-05')
  await sheet.getByLabel('措施 1 时限').fill(local(minutes(7 * 24 * 60)))
  await sheet.getByRole('button', { name: '确认记录教训和措施' }).click()
  await sheet.getByText('立案时先查明原因。').first().waitFor()
  await leader.waitForFunction((at) => Date.now() > at, begins + 1000, { timeout: 120_000, polling: 500 })
  await sheet.getByRole('button', { name: '结束复盘', exact: true }).click()
  await sheet.getByLabel('复盘小结').fill('一件复盘，一项措施。')
  await sheet.getByRole('button', { name: '确认结束复盘' }).click()
  await sheet.locator('.titles .stage').filter({ hasText: '落实中' }).waitFor()

  // What was learned becomes a version of the policy that counts from a later day.
  const policy = await all.town.get('/api/policy/export')
  policy.version = 'stricter-plates'
  policy.supervision = { ...policy.supervision, general: { amount: 8, unit: 'natural_days' } }
  const desk = await all.visitors.open('/desk/?view=policy&queue=import', { who: administrator })
  const choose = (contents) => desk.locator('.sheet input[type=file]').setInputFiles({ name: 'policy.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(contents, null, 1)) })
  await choose({ ...policy, supervision: { ...policy.supervision, steps: [...policy.supervision.steps].reverse() } })
  await desk.getByRole('button', { name: '检查并预览' }).click()
  await desk.getByRole('alert').getByText('步骤没有按时间先后排列').waitFor()
  await choose(policy)
  await desk.locator('.sheet .when input').fill(local(minutes(60 * 24 * 60)).slice(0, 10))
  await desk.getByRole('button', { name: '检查并预览' }).click()
  await desk.getByText('检查通过，将有以下变化').waitFor()
  await desk.getByRole('button', { name: '导入', exact: true }).last().click()
  await desk.getByRole('status').filter({ hasText: '已导入' }).waitFor()
  await desk.goto('/desk/?view=policy&queue=versions')
  await desk.locator('.list .item').filter({ hasText: 'stricter-plates' }).getByText('待生效').waitFor()
  assert.equal((await all.town.get('/api/policy')).next.version, 'stricter-plates')
})
