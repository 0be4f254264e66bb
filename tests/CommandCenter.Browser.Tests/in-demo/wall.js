import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { sizes } from '../support/browser.js'
import { play } from '../support/stage.js'
import { townCode } from '../support/town.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What the wall shows beyond the present, and what it counts, in a town with a past that stands still. */
export function wallStories(all) {
  const open = (query = '') => all.visitors.open(`/wall/?lang=zh&theme=night${query}`, { viewport: sizes.wall })
  const openCases = (page) => page.getByRole('main').getByRole('region', { name: '今日', exact: true }).locator('a').filter({ hasText: '在办' }).locator('strong')
  const numberOf = async (locator) => Number(await locator.textContent())

  play(all, 'The wall goes back to any moment of the past by its slider, says so over the whole wall, and comes back to now', async () => {
    const page = await open()
    await openCases(page).waitFor()
    const now = await numberOf(openCases(page))
    const asked = []
    page.on('request', (request) => request.url().includes('asOf=') && asked.push(new URL(request.url()).searchParams.get('asOf')))
    const shown = async () => {
      const at = asked.at(-1)
      const { open: wanted } = await all.town.get(`/api/board?scope=${townCode}&asOf=${at}`)
      await page.waitForFunction(([selector, number]) => document.querySelector(selector)?.textContent === String(number), ['.figures a:nth-child(5) strong', wanted])
      return { at, wanted }
    }

    await page.getByRole('button', { name: '回看' }).click()
    const banner = page.getByRole('region', { name: '历史画面' })
    await banner.getByText('24 小时前').waitFor()
    await page.waitForFunction(() => document.querySelector('.reach')?.inert)
    const dayBack = await shown()
    assert.ok(Math.abs(Date.now() - Date.parse(dayBack.at) - 24 * 3600_000) < 120_000, `a day back: ${dayBack.at}`)

    const slider = banner.getByRole('slider', { name: '回看时刻' })
    // A slow machine may ask on the way too; what counts is where the slider rests.
    const rests = new Date(Date.parse(dayBack.at) + 3600_000).toISOString()
    const answered = page.waitForResponse((response) => new URL(response.url()).searchParams.get('asOf') === rests)
    for (let step = 0; step < 12; step++) await slider.press('ArrowRight')
    await answered
    const hourLater = await shown()
    assert.equal(hourLater.at, rests, 'twelve steps of five minutes')

    await banner.getByRole('button', { name: '回到现在' }).click()
    await banner.waitFor({ state: 'detached' })
    await page.waitForFunction((number) => document.querySelector('.figures a:nth-child(5) strong')?.textContent === String(number), now)
    assert.equal(await page.locator('.reach').evaluate((reach) => reach.inert), false)
    assert.notEqual(dayBack.wanted, now, 'the day before had another number in hand, or this test would see nothing')
  })

  play(all, 'A village and a grid on the wall have as many cases in hand as their lists', async () => {
    const page = await open()
    const countedBy = async (href) => {
      const query = new URL(href, all.host.url).searchParams
      const { items, next } = await all.town.get(`/api/cases?${query}&limit=200`)
      assert.equal(next, undefined)
      return items.length
    }
    await page.getByRole('button', { name: '全部与公式' }).click()
    const rows = page.getByRole('dialog').locator('tbody tr')
    await rows.first().waitFor()
    let cases = 0
    for (const link of await rows.locator('td:nth-child(5) a, td:nth-child(6) a').all()) {
      const count = await numberOf(link)
      assert.equal(count, await countedBy(await link.getAttribute('href')), await link.getAttribute('aria-label'))
      cases += count
    }
    assert.ok(cases > 0, 'something is in hand')
    await page.getByRole('dialog').getByRole('button', { name: '关闭' }).click()

    await page.getByRole('group', { name: '按什么着色' }).getByRole('button', { name: '在办' }).click()
    // On the map the number stands in the link's words; as a tile it is the tile's own.
    for (const area of (await page.locator('.area-map a').all()).slice(0, 3)) {
      const words = await area.getAttribute('aria-label')
      assert.equal(Number(/在办 (\d+)/.exec(words)[1]), await countedBy(await area.getAttribute('href')), words)
    }
    await page.getByRole('group', { name: '地图样式' }).getByRole('button', { name: '方格' }).click()
    for (const tile of (await page.locator('.tiles a').all()).slice(0, 4)) assert.equal(await numberOf(tile.locator('.count')), await countedBy(await tile.getAttribute('href')), await tile.getAttribute('aria-label'))
  })

  play(all, 'By day and by night, in both languages, axe finds nothing on the wall, on its tables and on its past', async () => {
    const found = []
    for (const theme of ['day', 'night'])
      for (const language of ['zh', 'en']) {
        const page = await all.visitors.open(`/wall/?lang=${language}&theme=${theme}`, { viewport: sizes.wall })
        await page.locator('.columns .urgent a').first().waitFor()
        await page.evaluate(axe)
        const look = async (state) => {
          const violations = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations))
          found.push(...violations.map(({ id, nodes }) => `${theme} ${language} ${state} ${id}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.any[0]?.message ?? ''}`).join(' | ')}`))
        }
        await look('now')
        await page.locator('.ranking header button.more').click()
        await page.locator('dialog tbody tr').first().waitFor()
        await look('ranking')
        await page.keyboard.press('Escape')
        await page.locator('.controls .single').first().click()
        await page.locator('.past .banner').waitFor()
        await page.waitForFunction(() => document.querySelector('.reach')?.inert)
        await look('past')
        await page.context().close()
      }
    assert.deepEqual(found, [])
  })
}
