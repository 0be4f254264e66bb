import type { Area, PlaceFigures } from '../api/types'

/** So many of so many; of none there is no rate. */
export interface Share {
  part: number
  of: number
}

export const rateOf = ({ part, of }: Share): number | undefined => (of === 0 ? undefined : part / of)

/** In per cent with one digit, as it is shown: what is compared are the numbers that people see. */
export const percentOf = (share: Share): number | undefined => (share.of === 0 ? undefined : Math.round((share.part * 1000) / share.of) / 10)

export type Change = { sign: 'up' | 'down' | 'level'; points: number }

/** In percentage points; undefined where one of the two has no rate. */
export function changeOf(now: Share, before: Share): Change | undefined {
  const [present, past] = [percentOf(now), percentOf(before)]
  if (present === undefined || past === undefined) return undefined
  const points = Math.round((present - past) * 10) / 10
  return { sign: points > 0 ? 'up' : points < 0 ? 'down' : 'level', points: Math.abs(points) }
}

/** Of fewer closings due a rate says more about chance than about a place. */
export const minimumSample = 5

export interface Ranking {
  /** Equal rates have equal ranks, and the next one is left out. */
  ranked: (PlaceFigures & { rank: number })[]
  /** Those with too small a sample, by code. */
  below: PlaceFigures[]
}

/** By the on-time rate of the month, the best first; of equals the one that had more to close. */
export function rank(places: readonly PlaceFigures[], least = minimumSample): Ranking {
  const rate = (place: PlaceFigures) => place.onTime.part / place.onTime.of
  const enough = places.filter((place) => place.onTime.of >= least).sort((a, b) => rate(b) - rate(a) || b.onTime.of - a.onTime.of || (a.area < b.area ? -1 : 1))
  return {
    ranked: enough.map((place) => ({ ...place, rank: 1 + enough.filter((other) => rate(other) > rate(place)).length })),
    below: places.filter((place) => place.onTime.of < least),
  }
}

/** The best and the last of a ranking, in as many lines; undefined where some are left out between. */
export function bothEnds<T>(list: readonly T[], lines: number): (T | undefined)[] {
  if (list.length <= lines) return [...list]
  const above = Math.ceil((lines - 1) / 2)
  return [...list.slice(0, above), undefined, ...list.slice(list.length - (lines - 1 - above))]
}

export interface MapGroup {
  area: string
  grids: string[]
}

/** The grids of a scope by the areas that a map groups them by: the first tier below the scope that tells them apart. */
export function groupsOf(areas: readonly Pick<Area, 'code' | 'level'>[], scope: string): MapGroup[] {
  const grids = areas.filter((area) => area.level === 'grid' && area.code.startsWith(scope)).map((area) => area.code)
  for (const digits of [9, 12]) {
    if (digits <= scope.length) continue
    const groups = [...new Set(grids.map((grid) => grid.slice(0, digits)))]
    if (groups.length > 1 || digits === 12) return groups.sort().map((area) => ({ area, grids: grids.filter((grid) => grid.startsWith(area)).sort() }))
  }
  return grids.length > 0 ? [{ area: scope, grids: grids.sort() }] : []
}

/** Of the map's panel on the wall, in rem: what tiles, their gaps and the names of groups have to fit into. */
const panel = { width: 30.25, height: 16.25, gap: 0.25, between: 0.75, name: 1.625, flat: 0.92 }
/** Between two tiles; small ones stand closer. */
const gapOf = (tile: number) => Math.min(panel.gap, tile * 0.12)
export const tileSizes = [3.5, 3, 2.5, 2, 1.5, 1.125, 0.875, 0.625, 0.5, 0.375] as const

/**
 * The largest tiles with which every grid is on the wall, and in how many columns of groups; none is ever left out.
 * @param room - how high, in rem
 */
export function layoutOf(groups: readonly Pick<MapGroup, 'grids'>[], room = panel.height): { tile: number; columns: number } {
  for (const tile of tileSizes)
    for (let columns = 1; columns <= Math.min(6, Math.max(1, groups.length)); columns++) {
      const across = Math.floor(((panel.width - (columns - 1) * panel.between) / columns + gapOf(tile)) / (tile + gapOf(tile)))
      if (across < 1) continue
      const heights = groups.map((group) => panel.name + Math.ceil(group.grids.length / across) * (tile * panel.flat + gapOf(tile)))
      let height = 0
      for (let first = 0; first < heights.length; first += columns) height += Math.max(...heights.slice(first, first + columns)) + panel.gap
      if (height <= room) return { tile, columns }
    }
  return { tile: tileSizes.at(-1)!, columns: 6 }
}

/** Of the drawn map, in sixteenths of a rem. */
export const mapSize = { width: 484, height: 272, margin: 5 } as const

/** An area of the drawn map with what is said of it. */
export interface MapArea {
  area: string
  name: string
  /** Its name without what the group's name says already. */
  short: string
  /** The village that it lies in, where the map shows several. */
  group?: { area: string; name: string }
  count: number
  heat: 0 | 1 | 2 | 3 | 4
  emergencies: number
  /** Where its cases are; none where nothing is in hand. */
  href?: string
  words: string
}

/** A name without what it has in common with the name of the area around it: of 檬梓桥社区第一网格 in 檬梓桥社区 the grid is left, of Mengziqiao Grid 1 in Mengziqiao Community too. */
export function shortName(name: string, around: string): string {
  let common = 0
  while (common < name.length && name[common] === around[common]) common++
  // A word of letters is not cut in two.
  if (/[a-z]/i.test(name[common] ?? '') || /[a-z]/i.test(around[common] ?? '')) common = name.lastIndexOf(' ', common - 1) + 1
  return name.slice(common).trim() || name
}

/** A name as maps write it where there is little room: without the word for what kind of area it is. */
export const stemOf = (name: string): string => name.replace(/^(.{2,}?)(社区|街道|村|镇|乡| Community| Subdistrict| Village| Town)$/, '$1')

/** How warm a tile is, 0 (nothing) to 4: by the share of the hottest, so that a town of few cases has a picture too. */
export const heatOf = (count: number, hottest: number): 0 | 1 | 2 | 3 | 4 => (count <= 0 ? 0 : (Math.min(4, Math.ceil((count / Math.max(hottest, 4)) * 4)) as 1 | 2 | 3 | 4))
