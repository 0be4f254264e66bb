import type { LastChange, Problem } from './types'

/** The host understood and said no. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  constructor(readonly problem: Problem) {
    super(problem.code)
  }
}

/** No answer: the outcome is unknown, and only the same idempotency key may be tried again. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
}

export type Failure =
  | { kind: 'refused'; message: string; code: string; field?: string; possible: string[]; lines?: Problem['lines']; last?: LastChange }
  | { kind: 'changed'; message: string; code: string; last?: LastChange }
  | { kind: 'busy' }
  | { kind: 'network' }
  | { kind: 'unexpected' }

/** What to tell a person, in the language of the interface. */
export function describeFailure(error: unknown, locale: 'zh' | 'en'): Failure {
  if (error instanceof NetworkError) return { kind: 'network' }
  if (!(error instanceof ProblemError)) return { kind: 'unexpected' }
  const { problem } = error
  const message = problem.message?.[locale] || problem.title || problem.code
  const last = problem.last ? { last: problem.last } : {}
  if (problem.status === 412) return { kind: 'changed', message, code: problem.code, ...last }
  if (problem.status === 503 || problem.status === 429) return { kind: 'busy' }
  if (problem.status >= 500) return { kind: 'unexpected' }
  return { kind: 'refused', message, code: problem.code, possible: problem.possible ?? [], ...(problem.field ? { field: problem.field } : {}), ...(problem.lines?.length ? { lines: problem.lines } : {}), ...last }
}

/** Whether the same request may succeed later without a change. */
export function mayRetry(error: unknown): boolean {
  return error instanceof NetworkError || (error instanceof ProblemError && (error.problem.status >= 500 || error.problem.status === 429))
}

/** Reads a refusal; a proxy's HTML page becomes a problem too, so that the pages know one shape. */
export function readProblem(status: number, text: string): Problem {
  try {
    const parsed = JSON.parse(text) as Partial<Problem>
    if (typeof parsed.code === 'string' || parsed.message)
      return { type: 'about:blank', title: '', code: '', message: { zh: '', en: '' }, ...parsed, status: parsed.status ?? status }
  } catch {
    // Not JSON: fall through.
  }
  return { type: 'about:blank', title: '', status, code: `http.${status}`, message: { zh: '', en: '' } }
}
