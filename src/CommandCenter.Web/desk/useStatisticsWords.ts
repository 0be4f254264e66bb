import { computed } from 'vue'
import { useDirectory } from '../api/organization'
import type { CaseSource, FigureView, Grouping, Sector } from '../api/types'
import { useWords } from '../i18n'
import { digitsOf, shownNumber, type Difference, type Period, type PeriodKind, type TimeUnit } from './statistics'

/** Figures, groups and periods in the words of the interface. */
export function useStatisticsWords() {
  const { t, te, locale } = useWords()
  const directory = useDirectory()
  const tag = computed(() => (locale.value === 'zh' ? 'zh-CN' : 'en-GB'))
  const whole = computed(() => new Intl.NumberFormat(tag.value))
  const tenths = computed(() => new Intl.NumberFormat(tag.value, { minimumFractionDigits: 1, maximumFractionDigits: 1 }))
  const formatOfDay = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag.value, { timeZone: 'UTC', ...options })
  const day = computed(() => formatOfDay({ year: 'numeric', month: 'long', day: 'numeric' }))
  const weekday = computed(() => formatOfDay({ weekday: 'short' }))
  const month = computed(() => formatOfDay({ year: 'numeric', month: 'long' }))
  const year = computed(() => formatOfDay({ year: 'numeric' }))

  const number = (value: number, digits = 0): string => (digits > 0 ? tenths : whole).value.format(value)
  const value = (figure: FigureView, of: number, unit: TimeUnit): string => {
    const text = number(shownNumber(figure.kind, of, unit), digitsOf(figure.kind))
    return figure.kind === 'share' ? t('statistics.share', { value: text }) : text
  }
  const figure = (of: FigureView): string => (locale.value === 'zh' ? of.name : capital(of.nameEn))
  const unit = (of: FigureView, time: TimeUnit): string => t(`statistics.unit.${of.kind === 'count' || of.kind === 'share' ? of.kind : time}`)

  return {
    number,
    value,
    figure,
    unit,
    formula: (of: FigureView): string => (locale.value === 'zh' ? of.formula : of.formulaEn),
    /** The name and the formula in the language that is not the reader's. */
    other: (of: FigureView) => (locale.value === 'zh' ? { name: capital(of.nameEn), formula: of.formulaEn } : { name: of.name, formula: of.formula }),
    /** The size of a difference, without its sign. */
    amount: (of: FigureView, difference: Exclude<Difference, { missing: unknown }>): string => {
      const text = number(difference.amount, digitsOf(of.kind))
      return of.kind === 'share' ? t('statistics.points', { value: text }) : text
    },
    ratio: (part: number): string => t('statistics.share', { value: number(part * 100, 1) }),
    group: (by: Grouping, key: string, scope: string): string => {
      switch (by) {
        case 'place':
          return key === scope ? t('statistics.itself', { name: directory.value.area(key) }) : directory.value.area(key)
        case 'sector':
          return te(`sector.${key}`) ? t(`sector.${key as Sector}`) : directory.value.sector(key as Sector)
        case 'category':
          return directory.value.category(key)
        case 'source':
          return te(`source.${key}`) ? t(`source.${key as CaseSource}`) : key
        case 'unit':
          return directory.value.unit(key, scope)
        case 'person':
        case 'reporter':
          return key === 'resident' ? t('statistics.resident') : directory.value.person(key)
      }
    },
    period: (kind: PeriodKind, { from, to }: Period): string => {
      switch (kind) {
        case 'day':
          return t('statistics.dayOf', { date: day.value.format(Date.parse(from)), weekday: weekday.value.format(Date.parse(from)) })
        case 'month':
          return month.value.format(Date.parse(from))
        case 'quarter':
          return t('statistics.quarter', { year: from.slice(0, 4), n: Math.ceil(Number(from.slice(5, 7)) / 3) })
        case 'year':
          return year.value.format(Date.parse(from))
        default:
          return t('statistics.range', { from, to })
      }
    },
    range: ({ from, to }: Period): string => (from === to ? from : t('statistics.range', { from, to })),
  }
}

/** The host writes names as they stand within a sentence. */
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
