import { mkdirSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Visitors } from './browser.js'
import { Host } from './host.js'
import { Town } from './town.js'

const results = fileURLToPath(new URL('../TestResults/', import.meta.url))

/** A host, a browser and a way to act in the town for the tests of one file; gone when they end, however they end. */
export function stage({ prepare } = {}) {
  const all = {}
  before(async () => {
    all.host = await Host.start({ demo: prepare !== undefined })
    await prepare?.(all.host)
    all.visitors = await Visitors.at(all.host.url)
    all.town = new Town(all.host.url)
  })
  after(async () => {
    await all.visitors?.close()
    await all.host?.stop()
  })
  return all
}

/** A test that leaves pictures of all open pages in TestResults when it fails. Its pages are closed with it: each would go on counting seconds and asking the host. */
export function play(all, name, body) {
  test(name, { timeout: 600_000 }, async () => {
    await pictured(all, name, body)
    await all.visitors.closeAll()
  })
}

/** Several at a time of tests that close what they opened themselves, so that neither the host nor the browser waits for the other. */
export function playTogether(all, title, bodies) {
  describe(title, { concurrency: 4 }, () => {
    for (const [name, body] of Object.entries(bodies)) test(name, { timeout: 600_000 }, () => pictured(all, name, body))
  })
}

async function pictured(all, name, body) {
  try {
    await body()
  } catch (error) {
    const pages = (await all.visitors?.pictures().catch(() => [])) ?? []
    mkdirSync(results, { recursive: true })
    for (const [index, { url, picture }] of pages.entries()) {
      writeFileSync(`${results}${name.replace(/\W+/g, '-')}-${index + 1}.png`, picture)
      console.log(`Picture ${index + 1} of TestResults: ${url}`)
    }
    throw error
  }
}
