import { NetworkError, ProblemError, readProblem } from './problem'
import { serverClock, type ServerClock } from './serverClock'
import { sendFile, type Line } from './resumable'
import type { FileReceipt, Role, UploadView } from './types'

export interface Identity {
  actor: string
  role?: Role
}

export interface CommandOptions {
  key: string
  version?: number
  /** Of a body that is a file; else it is JSON. */
  type?: string
}

export type Query = Record<string, string | number | boolean | undefined | null>

export interface Client {
  /** With `kept` the browser may keep the answer, and only asks whether it still holds. */
  get<T>(path: string, query?: Query, kept?: boolean): Promise<T>
  blob(path: string): Promise<Blob>
  post<T>(path: string, body: unknown, options: CommandOptions): Promise<T>
  /** Sends a file piece by piece. Under the same key it goes on where it was, however it ended. */
  upload(file: Blob, key: string, progress?: (share: number) => void, name?: string): Promise<FileReceipt>
  /** The person has seen the log up to here, so that no list may answer from before. */
  seen(position: string): void
}

/** How long a query waits for what the caller has just written or seen; later the read side has it anyway. */
const latestMatters = 30_000
const patience = 20_000

/** Text in base64, by its bytes in UTF-8. */
const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

/** Of two positions of one epoch; another epoch begins anew. */
function isBefore(a: string, b: string): boolean {
  const [epoch, number] = a.split(':')
  const [otherEpoch, otherNumber] = b.split(':')
  return epoch === otherEpoch && Number(number) < Number(otherNumber)
}

export function createClient(identity: () => Identity, clock: () => number = () => Date.now(), server: ServerClock = serverClock): Client {
  let latest: { position: string; at: number } | undefined

  const headers = (): Record<string, string> => {
    const { actor, role } = identity()
    return { 'X-Actor': actor, ...(role && role !== 'resident' ? { 'X-Role': role } : {}) }
  }

  const url = (path: string, query: Query = {}): string => {
    const parameters = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value))
    if (latest && clock() - latest.at < latestMatters && /^\/api\/(cases|board|inbox|tasks|task-lists|whistles|meetings|duty|absences)\b|^\/api\/(organization|statistics(\/cases)?)$/.test(path)) parameters.set('minPosition', latest.position)
    const text = parameters.toString()
    return text ? `${path}?${text}` : path
  }

  const remember = (position: string | null) => {
    if (position && !(latest && isBefore(position, latest.position))) latest = { position, at: clock() }
  }

  async function send(path: string, init: RequestInit): Promise<Response> {
    let response: Response
    try {
      response = await fetch(path, { ...init, signal: AbortSignal.timeout(patience), cache: init.cache ?? 'no-store' })
    } catch (error) {
      throw new NetworkError(String(error))
    }
    server.learn(response.headers.get('Date'), clock())
    if (response.ok) return response
    const problem = readProblem(response.status, await response.text().catch(() => ''))
    // A gateway without its host behind it says nothing about the command's outcome.
    if (problem.code.startsWith('http.') && response.status >= 502 && response.status <= 504) throw new NetworkError(problem.code)
    throw new ProblemError(problem)
  }

  async function read<T>(response: Response): Promise<T> {
    try {
      const text = await response.text()
      return (text ? JSON.parse(text) : undefined) as T
    } catch (error) {
      throw new NetworkError(String(error))
    }
  }

  const tus = (more: Record<string, string> = {}) => ({ ...headers(), 'Tus-Resumable': '1.0.0', ...more })

  const line: Line = {
    async begin(length, name, key) {
      const metadata: Record<string, string> = name ? { 'Upload-Metadata': `filename ${base64(name)}` } : {}
      const response = await send('/api/uploads', { method: 'POST', headers: tus({ 'Upload-Length': String(length), 'Idempotency-Key': key, ...metadata }) })
      const url = response.headers.get('Location')
      if (!url) throw new NetworkError('upload')
      return { url, offset: Number(response.headers.get('Upload-Offset') ?? 0) }
    },
    async offset(url) {
      const response = await send(url, { method: 'HEAD', headers: tus() })
      return Number(response.headers.get('Upload-Offset') ?? 0)
    },
    send(url, offset, piece, progress) {
      // XMLHttpRequest, because fetch does not tell how much of a body was sent.
      return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest()
        request.open('PATCH', url)
        request.timeout = 60_000
        for (const [name, value] of Object.entries(tus({ 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' }))) request.setRequestHeader(name, value)
        request.upload.onprogress = (event) => progress(event.loaded)
        request.onerror = request.ontimeout = request.onabort = () => reject(new NetworkError('upload'))
        request.onload = () => {
          if (request.status >= 200 && request.status < 300) resolve(Number(request.getResponseHeader('Upload-Offset') ?? offset))
          else if (request.status === 0 || (request.status >= 502 && request.status <= 504)) reject(new NetworkError(`http.${request.status}`))
          else reject(new ProblemError(readProblem(request.status, request.responseText)))
        }
        request.send(piece)
      })
    },
    async receipt(url) {
      return (await read<UploadView>(await send(url, { headers: { ...headers(), Accept: 'application/json' } }))).file
    },
  }

  return {
    seen: remember,
    async get<T>(path: string, query?: Query, kept = false) {
      return read<T>(await send(url(path, query), { headers: { ...headers(), Accept: 'application/json' }, ...(kept ? { cache: 'no-cache' } : {}) }))
    },
    async blob(path) {
      const response = await send(path, { headers: headers() })
      return response.blob()
    },
    async post<T>(path: string, body: unknown, { key, version, type }: CommandOptions) {
      const response = await send(path, {
        method: 'POST',
        headers: {
          ...headers(),
          'Content-Type': type ?? 'application/json',
          Accept: 'application/json',
          'Idempotency-Key': key,
          ...(version === undefined ? {} : { 'If-Match': `"${version}"` }),
        },
        body: type ? (body as Blob) : JSON.stringify(body ?? {}),
      })
      remember(response.headers.get('X-Position'))
      return read<T>(response)
    },
    upload: (file, key, progress, name) => sendFile(line, file, key, { name, progress }),
  }
}
