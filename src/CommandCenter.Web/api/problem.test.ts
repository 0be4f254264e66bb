import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { createWords } from '../i18n'
import FailureNotice from '../parts/FailureNotice.vue'
import { describeFailure, mayRetry, NetworkError, ProblemError, readProblem } from './problem'
import type { Problem } from './types'

const problem = (change: Partial<Problem>): Problem => ({ type: '/problems/case.not_filed', title: 'x', status: 409, code: 'case.not_filed', message: { zh: '案件尚未立案，请先立案。', en: 'The case is not filed yet; file it first.' }, ...change })
const show = (error: unknown, language: 'zh' | 'en', reading = false) => mount(FailureNotice, { props: { error, reading }, global: { plugins: [createWords(language)] } }).text()

describe('A refusal', () => {
  it('speaks the language of the interface and says what is possible instead', () => {
    const error = new ProblemError(problem({ possible: ['file', 'refuse'] }))
    expect(show(error, 'zh')).toContain('案件尚未立案，请先立案。')
    expect(show(error, 'zh')).toContain('现在可以：立案、不予立案')
    expect(show(error, 'en')).toContain('The case is not filed yet; file it first.')
    expect(show(error, 'en')).toContain('Possible now: file, refuse')
  })

  it('shows a possible command that this page does not know by its own name', () => {
    expect(show(new ProblemError(problem({ possible: ['hand-over'] })), 'zh')).toContain('hand-over')
  })

  it('of a stale version asks for a reload, and is not retried by itself', () => {
    const error = new ProblemError(problem({ status: 412, code: 'case.version_stale', current: 7 }))
    expect(describeFailure(error, 'zh').kind).toBe('changed')
    expect(show(error, 'zh')).toContain('已填写的内容会保留')
    expect(mayRetry(error)).toBe(false)
  })
})

describe('A failure', () => {
  it('of the network promises that trying again does not send twice', () => {
    expect(show(new NetworkError('x'), 'zh')).toContain('重试不会重复提交')
    expect(show(new NetworkError('x'), 'zh', true)).not.toContain('提交')
    expect(mayRetry(new NetworkError('x'))).toBe(true)
  })

  it('of a busy or broken host may be tried again', () => {
    expect(describeFailure(new ProblemError(problem({ status: 503 })), 'zh').kind).toBe('busy')
    expect(describeFailure(new ProblemError(problem({ status: 500 })), 'zh').kind).toBe('unexpected')
    expect(mayRetry(new ProblemError(problem({ status: 500 })))).toBe(true)
    expect(mayRetry(new ProblemError(problem({ status: 422 })))).toBe(false)
  })

  it('of our own making shows no internals', () => {
    expect(show(new TypeError('x is undefined'), 'en')).not.toContain('undefined')
  })
})

describe('An answer that is no problem document', () => {
  it('still becomes one', () => {
    expect(readProblem(502, '<html>bad gateway</html>')).toMatchObject({ status: 502, code: 'http.502' })
    expect(readProblem(422, JSON.stringify({ code: 'place.outside_district', message: { zh: '区外', en: 'outside' } }))).toMatchObject({ status: 422, code: 'place.outside_district' })
  })
})
