import { spawn } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const hostFolder = fileURLToPath(new URL('../../../src/CommandCenter.Host/', import.meta.url))
const patience = 300_000

/** What must not outlive this process, however it ends. */
const running = new Set()
const folders = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, async () => {
    const insist = setTimeout(() => process.exit(130), 20_000)
    for (const child of running) child.kill('SIGTERM')
    await Promise.all([...running].map((child) => child.ended))
    clearTimeout(insist)
    process.exit(130)
  })

/** The host that was built last, with its pages beside it. */
export function builtHost() {
  const built = ['Release', 'Debug'].map((kind) => join(hostFolder, 'bin', kind, 'net10.0', 'CommandCenter.Host.dll')).filter((path) => existsSync(path))
  if (built.length === 0) throw new Error('The host is not built: run `dotnet build` in the repository first.')
  const [dll] = built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
  if (!existsSync(join(dirname(dll), 'wwwroot', 'wall', 'index.html')))
    throw new Error('The pages are not built: run `npm ci && npm run build` in src/CommandCenter.Web, then `dotnet build`, which lays them beside the host.')
  return dll
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

/** The demonstration town in a time zone where it is about two in the afternoon, so that no figure of today turns to zero in a test. */
function townAtDaytime(folder) {
  const organization = join(folder, 'organization')
  cpSync(join(hostFolder, 'Organization', 'demo-district'), organization, { recursive: true })
  const east = ((14 - new Date().getUTCHours() + 36) % 24) - 12
  // In the names of these zones the sign is turned round: GMT-8 is east.
  writeFileSync(join(organization, 'district.csv'), readFileSync(join(organization, 'district.csv'), 'utf8').replace('Asia/Shanghai', `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`))
  return organization
}

/** The real host on a port and a private PostgreSQL of its own. */
export class Host {
  #child
  #output = ''
  #killed = false

  static async start({ demo = false } = {}) {
    const host = new Host()
    host.folder = mkdtempSync(join(tmpdir(), 'command-center-browser-'))
    folders.add(host.folder)
    // PostgreSQL runs as another user when the tests run as root, and must be able to pass through.
    chmodSync(host.folder, 0o711)
    host.port = await freePort()
    host.url = `http://127.0.0.1:${host.port}`
    host.organization = townAtDaytime(host.folder)
    try {
      await host.begin({ demo })
    } catch (error) {
      await host.stop()
      throw error
    }
    return host
  }

  /** Starts on the same port and data as before. */
  async begin({ demo = false } = {}) {
    this.#output = ''
    this.#killed = false
    const child = spawn('dotnet', [builtHost(), '--urls', this.url, ...(demo ? ['--demo'] : [])], {
      env: {
        ...process.env,
        CommandCenter__DataFolder: join(this.folder, 'data'),
        // The recent days are enough for pages.
        CommandCenter__DemoDays: '0',
        CommandCenter__Organization: this.organization,
        ConnectionStrings__CommandCenter: '',
        Logging__LogLevel__Default: 'Warning',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    running.add(child)
    child.ended = new Promise((resolve) => child.once('close', resolve))
    void child.ended.then(() => running.delete(child))
    await new Promise((resolve, reject) => {
      const tooLong = setTimeout(() => reject(new Error(`The host did not start:\n${this.#output}`)), patience)
      const settle = (act) => (value) => {
        clearTimeout(tooLong)
        act(value)
      }
      const read = (text) => {
        this.#output += text
        if (this.#output.includes(`Town command center: ${this.url}`)) settle(resolve)()
      }
      child.stdout.setEncoding('utf8').on('data', read)
      child.stderr.setEncoding('utf8').on('data', read)
      child.once('error', settle(reject))
      child.once('exit', () => settle(reject)(new Error(`The host ended instead of starting:\n${this.#output}`)))
    })
    for (const end = Date.now() + patience; ; ) {
      const ready = await fetch(`${this.url}/health/ready`).catch(() => undefined)
      if (ready?.ok) return
      if (Date.now() > end) throw new Error(`The host did not become ready:\n${this.#output}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  /** As when the machine's power fails; PostgreSQL may survive it. */
  async kill() {
    this.#killed = true
    this.#child.kill('SIGKILL')
    await this.#child.ended
  }

  /** Asks the host to end, waits until it has, and sees to it that its PostgreSQL is gone too. */
  async end() {
    const child = this.#child
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      const insist = setTimeout(() => child.kill('SIGKILL'), 60_000)
      await child.ended
      clearTimeout(insist)
    }
    const left = postmasters(this.folder)
    for (const id of left) process.kill(id, 'SIGQUIT')
    return left
  }

  async stop() {
    const left = await this.end()
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    folders.delete(this.folder)
    if (left.length > 0 && !this.#killed) throw new Error(`The host left its PostgreSQL running: ${left.join(', ')}\n${this.#output}`)
  }
}

/** Servers that still run on data in the folder. */
function postmasters(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('postmaster.pid'))
    .map((name) => Number(readFileSync(join(folder, name), 'utf8').split('\n', 1)[0]))
    .filter((id) => {
      try {
        return process.kill(id, 0)
      } catch {
        return false
      }
    })
}
