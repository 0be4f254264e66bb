import { computed } from 'vue'
import { useWords } from '.'
import type { Limit } from '../api/types'
import { ageOf, countdown, type Countdown } from '../live/countdown'

/** Times, limits and lists in the words of the interface, in the district's time zone. */
export function useFormats(timeZone: () => string) {
  const { t, locale } = useWords()
  const tag = computed(() => (locale.value === 'zh' ? 'zh-CN' : 'en-GB'))
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag.value, { timeZone: timeZone(), hourCycle: 'h23', ...options })
  const minute = computed(() => format({ month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }))
  const minuteOfYear = computed(() => format({ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }))
  const monthDay = computed(() => format({ month: '2-digit', day: '2-digit' }))
  const year = computed(() => format({ year: 'numeric' }))
  const clock = computed(() => format({ hour: '2-digit', minute: '2-digit' }))
  const seconds = computed(() => format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }))
  const date = computed(() => format({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' }))

  const span = (value: Countdown): string => {
    switch (value.unit) {
      case 'days':
        return t('time.left.days', { days: value.days, hours: value.hours })
      case 'hours':
        return t('time.left.hours', { hours: value.hours, minutes: String(value.minutes).padStart(2, '0') })
      case 'minutes':
        return t('time.left.minutes', { minutes: String(value.minutes).padStart(2, '0'), seconds: String(value.seconds).padStart(2, '0') })
    }
  }

  const inHours = ({ unit, amount }: Limit) => unit === 'urgent_minutes' && amount >= 60 && amount % 60 === 0

  return {
    /** With its year only when that is not the present one. */
    minute: (at: string, now = Date.now()) => (year.value.format(Date.parse(at)) === year.value.format(now) ? minute : minuteOfYear).value.format(Date.parse(at)),
    monthDay: (at: string) => monthDay.value.format(Date.parse(at)),
    time: (at: string | number) => clock.value.format(typeof at === 'number' ? at : Date.parse(at)),
    seconds: (at: number) => seconds.value.format(at),
    date: (at: number) => date.value.format(at),
    left: (dueAt: string, now: number) => {
      const value = countdown(dueAt, now)
      return value.late ? t('time.late', { time: span(value) }) : t('time.remaining', { time: span(value) })
    },
    span: (dueAt: string, now: number) => span(countdown(dueAt, now)),
    /** How long something took, in seconds. */
    lasted: (seconds: number) => span(countdown(new Date(seconds * 1000).toISOString(), 0)),
    age: (milliseconds: number) => {
      const value = ageOf(milliseconds)
      return t(`time.age.${value.unit}`, { n: value.amount })
    },
    limit: (limit: Limit, plain = false) => (inHours(limit) && !plain ? t('limit.urgent_hours', { n: limit.amount / 60 }) : t(`limit.${limit.unit}`, { n: limit.amount })),
    /** A part of a limit, counted as the limit is told; rounded down. */
    part: (limit: Limit, amount: number) => {
      const n = inHours(limit) ? amount / 60 : amount
      const rounded = /minutes$/.test(limit.unit) && !inHours(limit) ? Math.floor(n) : Math.floor(n * 10) / 10
      return inHours(limit) ? t('limit.urgent_hours', { n: rounded }) : t(`limit.${limit.unit}`, { n: rounded })
    },
    /** Fen as yuan; the cents only where there are some. */
    money: (fen: number) => new Intl.NumberFormat(tag.value, { style: 'currency', currency: 'CNY', currencyDisplay: 'narrowSymbol', minimumFractionDigits: fen % 100 === 0 ? 0 : 2 }).format(fen / 100),
    list: (items: string[]) => items.join(t('common.separator')),
  }
}
