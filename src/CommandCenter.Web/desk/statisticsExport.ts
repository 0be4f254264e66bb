import type { FigureView, StatisticsGroup, StatisticsView } from '../api/types'
import { differenceOf, shownNumber, valueOf, type Comparison, type TimeUnit } from './statistics'

/** What stands on the page as a table, in the words of its reader. */
export interface ExportedTable {
  view: StatisticsView
  groups: StatisticsGroup[]
  figures: FigureView[]
  units: Record<string, TimeUnit>
  compare: Comparison
  recorded: { before: boolean; yearBefore: boolean }
}

export interface ExportWords {
  /** Of the first column. */
  group: string
  total: string
  figure: (figure: FigureView) => string
  unit: (figure: FigureView, unit: TimeUnit) => string
  nameOf: (key: string) => string
  before: string
  yearBefore: string
  basis: (figure: string) => string
  withUnit: (figure: string, unit: string) => string
}

const none = '—'

/** One row a group with the whole first, as on the page; numbers are numbers, shares are in per cent, differences have their sign. */
export function rowsOf(table: ExportedTable, words: ExportWords): (string | number)[][] {
  const others = ([['before', words.before, 'before'], ['yearBefore', words.yearBefore, 'year']] as const).filter(([, , name]) => table.compare === 'both' || table.compare === name)
  const head = table.figures.flatMap((figure) => {
    const unit = table.units[figure.code] ?? 'hours'
    const name = words.withUnit(words.figure(figure), words.unit(figure, unit))
    return [name, ...(figure.kind === 'count' ? [] : [words.basis(words.figure(figure))]), ...others.map(([, label]) => `${words.figure(figure)} ${label}`)]
  })
  const cells = (figures: StatisticsGroup['figures']) =>
    table.figures.flatMap((figure): (string | number)[] => {
      const unit = table.units[figure.code] ?? 'hours'
      const held = valueOf(figures, figure.code)
      return [
        held.value === undefined ? none : shownNumber(figure.kind, held.value, unit),
        ...(figure.kind === 'count' ? [] : [held.of ?? 0]),
        ...others.map(([name]) => {
          const difference = differenceOf(figure.kind, held.value, held[name], unit, table.recorded[name])
          return 'missing' in difference ? none : difference.sign === 'down' ? -difference.amount : difference.amount
        }),
      ]
    })
  return [
    [words.group, ...head],
    [words.total, ...cells(table.view.total)],
    ...table.groups.map((group) => [words.nameOf(group.key), ...cells(group.figures)]),
  ]
}
