import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

// The shell first: the same engine without windows takes half the time of the whole browser.
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const macOs = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** CHROMIUM if it is set, else what the machine has. */
function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), macOs].find(isProgram)
  if (!found) throw new Error('No Chromium: install it (Debian: apt-get install chromium-headless-shell fonts-noto-cjk), or name it by CHROMIUM.')
  return found
}

// Chromium must ask nobody but the host; without these it calls home at every start.
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--disable-gpu', '--no-first-run', '--no-default-browser-check']

export function launch() {
  const root = process.getuid?.() === 0
  return chromium.launch({ executablePath: findChromium(), args: [...quiet, ...(root ? ['--no-sandbox'] : [])], handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false })
}

export const sizes = { phone: { width: 390, height: 844 }, desk: { width: 1440, height: 900 }, wall: { width: 1920, height: 1080 } }

/** People who look at the pages of one host, each with a browser profile of their own. */
export class Visitors {
  static async at(url) {
    const visitors = new Visitors()
    visitors.url = url
    visitors.browser = await launch()
    return visitors
  }

  /** A new page in a new profile. What it complains about is collected in `complaints`. */
  async open(path, { viewport = sizes.desk, who, language, complaints = this.complaints, ...more } = {}) {
    const context = await this.browser.newContext({ baseURL: this.url, viewport, reducedMotion: 'reduce', ...more })
    context.setDefaultTimeout(60_000)
    const page = await context.newPage()
    this.listen(page, complaints)
    const remembered = { ...(who && { [`command-center.${path.split('/')[1]}.identity`]: JSON.stringify(who) }), ...(language && { 'command-center.language': language }) }
    await context.addInitScript((entries) => {
      for (const [name, value] of Object.entries(entries)) if (localStorage.getItem(name) === null) localStorage.setItem(name, value)
    }, remembered)
    await page.goto(path)
    return page
  }

  /** Errors that the browser's console showed on any page. */
  complaints = []

  listen(page, complaints) {
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()} ${message.location().url}`)
    })
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.stack}`))
  }

  close() {
    return this.browser.close()
  }

  /** Nobody looks any more; the browser stays. */
  async closeAll() {
    await Promise.all(this.browser.contexts().map((context) => context.close()))
  }

  /** What is on the screens now. */
  pictures() {
    const pages = this.browser.contexts().flatMap((context) => context.pages())
    return Promise.all(pages.map(async (page) => ({ url: page.url(), picture: await page.screenshot({ timeout: 10_000 }) })))
  }
}
