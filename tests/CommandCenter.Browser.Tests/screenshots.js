// Takes the README's pictures of the demonstration town: npm run screenshots
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sizes, Visitors } from './support/browser.js'
import { Desk } from './support/desk.js'
import { Host } from './support/host.js'
import { gridWorker, handler } from './support/people.js'
import { Phone } from './support/phone.js'
import { Town } from './support/town.js'

const repository = new URL('../../', import.meta.url)
const folder = fileURLToPath(new URL('ops/screenshots/', repository))
const scene = (name) => readFileSync(new URL(`src/CommandCenter.Host/Demo/scenarios/${name}`, repository))
const words = '巡查发现檬梓桥河雨污混流，污水管网破损，河水浑浊、臭气扑鼻，沿岸居民反映强烈。'

async function take(page, name) {
  await page.evaluate(() => document.fonts.ready)
  const picture = await page.screenshot({ animations: 'disabled' })
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}${name}.png`, picture)
  console.log(`${name}.png: ${Math.round(statSync(`${folder}${name}.png`).size / 1000)} kB`)
}

const host = await Host.start({ demo: true })
const visitors = await Visitors.at(host.url)
try {
  const town = new Town(host.url)
  const phone = new Phone(await visitors.open('/worker/', { viewport: sizes.phone, who: gridWorker }))
  await phone.tab('上报').waitFor()
  await phone.addPhoto(scene('river-before.png'))
  await phone.addPhoto(scene('pipe-broken.png'))
  await phone.write({ text: words, photo: false })
  await phone.page.evaluate(() => scrollTo(0, 0))
  await phone.page.getByText('草稿已保存在本机').waitFor()
  await take(phone.page, 'worker')

  const photos = [await town.upload('grid-worker-01', scene('river-before.png')), await town.upload('grid-worker-01', scene('pipe-broken.png'))]
  const id = await town.report({ text: words, photos, urgency: 'urgent' })
  await town.file(id, 'river-pollution', 'urgent')
  await town.dispatch(id)
  await town.act(id, 'claim', 'post-handler-05')

  const wall = await visitors.open('/wall/', { viewport: sizes.wall })
  await wall.locator('.link.live').waitFor()
  await wall.locator('.columns .urgent a').first().waitFor()
  await take(wall, 'wall')

  const desk = new Desk(await visitors.open(`/desk/?open=true&case=${id}`, { who: handler }))
  await desk.commands.getByLabel('处置情况').fill('破损管道全部更换，污水已接入收集管网，河道清淤一次。')
  await new Phone(desk.page).addPhoto(scene('river-after.png'), desk.commands)
  await desk.page.waitForFunction(() => document.querySelectorAll('.view .photo img').length >= 2)
  await desk.page.locator('.cases .case').nth(3).waitFor()
  await desk.page.evaluate(() => document.activeElement?.blur())
  await take(desk.page, 'desk')
} finally {
  await visitors.close()
  await host.stop()
}
