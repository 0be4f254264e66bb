import assert from 'node:assert/strict'
import { play } from '../support/stage.js'
import { all } from '../support/town-of-all.js'
import { townCode } from '../support/town.js'

const first = { actor: 'center-operator-01', role: 'center_operator' }
const second = { actor: 'center-operator-02', role: 'center_operator' }
const third = { actor: 'center-operator-03', role: 'center_operator' }
const minutesAfter = (now, minutes) => new Date(now + minutes * 60_000).toISOString().replace('Z', '000Z')
const deskOf = (who) => all.visitors.open('/desk/?view=duty', { who })
const onDuty = (page, name) => page.locator('section.list').getByRole('listitem').filter({ hasText: name })

play(all, 'Somebody on duty hands over with a note and what is urgent, the next accepts, and a shift that was left without a word is taken over', async () => {
  const words = '河堤出现管涌，正在抢险。'
  const id = await all.town.report({ text: words, urgency: 'emergency' })
  const { number } = (await all.town.cases()).find((item) => item.id === id)
  // Two shifts in whose last hour it is one after the other, and one that goes on from there.
  const now = Date.now()
  await all.town.planDuty([
    { person: first.actor, from: minutesAfter(now, -300), to: minutesAfter(now, 30), role: 'operator' },
    { person: second.actor, from: minutesAfter(now, 30), to: minutesAfter(now, 50), role: 'operator' },
    { person: third.actor, from: minutesAfter(now, 50), to: minutesAfter(now, 600), role: 'operator' },
  ])

  const giver = await deskOf(first)
  await onDuty(giver, '值班员 01').filter({ hasText: '在岗' }).waitFor()
  const row = (page, name) => page.getByRole('row').filter({ hasText: name })
  await row(giver, '值班员 02').waitFor()

  await giver.getByRole('button', { name: /^交接班/ }).click()
  await giver.getByRole('link', { name: number }).waitFor()
  const send = giver.getByRole('button', { name: '交班', exact: true })
  assert.ok(await send.isDisabled(), 'nobody hands over without a word')
  await giver.getByLabel('交班事项').fill('管涌处已调沙袋，每半小时报一次水位。')
  await send.click()
  await giver.getByText('已交班，待 值班员 02 确认').waitFor()

  const taker = await deskOf(second)
  await taker.getByRole('button', { name: /^交接班/ }).click()
  await taker.getByRole('heading', { name: '值班员 01 交班给您' }).waitFor()
  await taker.getByText('管涌处已调沙袋，每半小时报一次水位。').waitFor()
  await taker.getByRole('link', { name: number }).waitFor()
  await taker.getByRole('button', { name: '确认接班' }).click()
  await onDuty(taker, '值班员 02').filter({ hasText: '在岗' }).waitFor()
  await onDuty(taker, '值班员 01').waitFor({ state: 'detached' })

  const last = await deskOf(third)
  await last.getByRole('button', { name: /^交接班/ }).click()
  await last.getByRole('heading', { name: '值班员 02 的班次尚未交班' }).waitFor()
  await last.getByLabel('原因').fill('当班人去现场，电话确认后接班。')
  await last.getByRole('button', { name: '直接接班' }).click()
  await onDuty(last, '值班员 03').filter({ hasText: '在岗' }).waitFor()
  await last.getByRole('button', { name: /^值班表/ }).click()
  await row(last, '值班员 01').filter({ hasText: /值班员 02 于 .* 接班/ }).waitFor()
  await row(last, '值班员 02').filter({ hasText: /值班员 03 于 .* 未经交班直接接班/ }).waitFor()

  const { shifts } = await all.town.get(`/api/duty/${townCode}`, 'dispatcher-01')
  assert.deepEqual(shifts.map((shift) => shift.relief?.handedOver), [true, false, undefined])
  // The stories before left other urgent matters open in the same town.
  assert.ok(shifts[0].handOver.open.some((matter) => matter.case === id))
  assert.deepEqual(all.visitors.complaints.filter((complaint) => complaint.includes('view=duty')), [])
})
