import { describe, expect, it } from 'vitest'
import { ageOf, countdown, localDate, startOfDay } from './countdown'

const now = Date.parse('2026-11-21T04:00:00Z')
const due = (milliseconds: number) => new Date(now + milliseconds).toISOString()
const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

describe('A countdown', () => {
  it.each([
    [3 * day + 5 * hour, { late: false, unit: 'days', days: 3, hours: 5 }],
    [5 * hour + 12 * minute, { late: false, unit: 'hours', hours: 5, minutes: 12 }],
    [12 * minute + 5 * second, { late: false, unit: 'minutes', minutes: 12, seconds: 5 }],
    [500, { late: false, unit: 'minutes', minutes: 0, seconds: 1 }],
    [0, { late: false, unit: 'minutes', minutes: 0, seconds: 0 }],
    [-1, { late: true, unit: 'minutes', minutes: 0, seconds: 0 }],
    [-90 * minute, { late: true, unit: 'hours', hours: 1, minutes: 30 }],
    [-2 * day, { late: true, unit: 'days', days: 2, hours: 0 }],
  ])('shows %i ms as the two units that matter', (left, expected) => {
    expect(countdown(due(left), now)).toEqual(expected)
  })
})

describe('An age', () => {
  it.each([
    [16_000, { unit: 'seconds', amount: 16 }],
    [150_000, { unit: 'minutes', amount: 2 }],
    [3 * hour, { unit: 'hours', amount: 3 }],
  ])('of %i ms is one number', (age, expected) => {
    expect(ageOf(age)).toEqual(expected)
  })
})

describe('The day of the district', () => {
  it('begins at its own midnight, whatever zone the browser is in', () => {
    expect(new Date(startOfDay(now, 'Asia/Shanghai')).toISOString()).toBe('2026-11-20T16:00:00.000Z')
    expect(new Date(startOfDay(Date.parse('2026-11-21T15:59:59.999Z'), 'Asia/Shanghai')).toISOString()).toBe('2026-11-20T16:00:00.000Z')
    expect(localDate(Date.parse('2026-11-21T15:59:59Z'), 'Asia/Shanghai')).toBe('2026-11-21')
    expect(localDate(Date.parse('2026-11-21T16:00:00Z'), 'Asia/Shanghai')).toBe('2026-11-22')
    expect(new Date(startOfDay(Date.parse('2026-11-21T16:00:00Z'), 'Asia/Shanghai')).toISOString()).toBe('2026-11-21T16:00:00.000Z')
  })
})
