import type { BorderFeature } from '../api/types'

type Point = readonly [number, number]
type Rings = readonly (readonly Point[])[]

/** An area as it is drawn. */
export interface Outline {
  area: string
  /** The `d` of an SVG path. */
  path: string
  /** Where its words have the most room: the middle of the largest lying ellipse, twice as wide as high, and half its height. */
  x: number
  y: number
  room: number
}

/** Words are wider than high, and so is the room that is looked for. */
const flat = 2
const half = Math.PI / 180

/** Fits the areas into a rectangle: degrees, a degree of longitude narrowed by the cosine of the latitude, north above. */
export function outlinesOf(features: readonly BorderFeature[], width: number, height: number, margin: number): Outline[] {
  const all = features.flatMap((feature) => feature.geometry.coordinates.flatMap((rings) => rings[0] ?? []))
  if (all.length === 0) return []
  const edge = (pick: typeof Math.min, at: 0 | 1) => all.reduce((most, point) => pick(most, point[at]!), all[0]![at]!)
  const [west, east, south, north] = [edge(Math.min, 0), edge(Math.max, 0), edge(Math.min, 1), edge(Math.max, 1)]
  const narrowing = Math.cos(((south + north) / 2) * half)
  const scale = Math.min((width - 2 * margin) / ((east - west) * narrowing), (height - 2 * margin) / (north - south))
  const [left, top] = [(width - (east - west) * narrowing * scale) / 2, (height - (north - south) * scale) / 2]
  const place = ([longitude, latitude]: readonly number[]): Point => [left + (longitude! - west) * narrowing * scale, top + (north - latitude!) * scale]
  return features.map((feature) => {
    const polygons = feature.geometry.coordinates.map((rings) => rings.map((ring) => ring.map(place)))
    return { area: feature.properties.code, path: polygons.map(pathOf).join(''), ...roomIn(polygons) }
  })
}

const pathOf = (rings: Rings): string => rings.map((ring) => `M${ring.slice(0, -1).map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}Z`).join('')

function roomIn(polygons: readonly Rings[]): { x: number; y: number; room: number } {
  return polygons.map(widest).reduce((best, one) => (one.room > best.room ? one : best), { x: 0, y: 0, room: -Infinity })
}

type Square = { x: number; y: number; side: number; room: number; most: number }

/** The point farthest from every side, to half a unit: squares that cannot hold a better one are passed over (after Mapbox's polylabel). */
function widest(rings: Rings): { x: number; y: number; room: number } {
  const squeezed = rings.map((ring) => ring.map(([x, y]): Point => [x / flat, y]))
  const xs = squeezed[0]!.map(([x]) => x)
  const ys = squeezed[0]!.map(([, y]) => y)
  const [west, south, east, north] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
  const at = (x: number, y: number, side: number): Square => {
    const room = distance(squeezed, x, y)
    return { x, y, side, room, most: room + side * Math.SQRT2 }
  }
  const side = Math.min(east - west, north - south) / 2
  let best = at((west + east) / 2, (south + north) / 2, 0)
  if (!(side > 0)) return { x: best.x * flat, y: best.y, room: 0 }
  const open: Square[] = []
  for (let x = west; x < east; x += 2 * side) for (let y = south; y < north; y += 2 * side) open.push(at(x + side, y + side, side))
  while (open.length > 0) {
    const square = open.splice(open.reduce((most, one, index) => (one.most > open[most]!.most ? index : most), 0), 1)[0]!
    if (square.room > best.room) best = square
    if (square.most - best.room <= 0.5) break
    const quarter = square.side / 2
    for (const [dx, dy] of [[-1, -1], [1, -1], [-1, 1], [1, 1]] as const) open.push(at(square.x + dx * quarter, square.y + dy * quarter, quarter))
  }
  return { x: best.x * flat, y: best.y, room: best.room }
}

/** To the nearest side; below nought outside. */
function distance(rings: Rings, x: number, y: number): number {
  let inside = false
  let least = Infinity
  for (const ring of rings)
    for (let i = 0; i + 1 < ring.length; i++) {
      const [[ax, ay], [bx, by]] = [ring[i]!, ring[i + 1]!]
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
      const [dx, dy] = [bx - ax, by - ay]
      const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
      least = Math.min(least, Math.hypot(x - ax - along * dx, y - ay - along * dy))
    }
  return inside ? least : -least
}

/** A line of words in the room of an area. */
export interface WordLine {
  text: string
  size: number
  /** From the middle of the room, downwards. */
  down: number
  isCount: boolean
}

/** Letters of a name, and digits of a number: as large as they may be, and smaller than which nobody reads them. */
const letters = { most: 18, least: 14 }
const digits = { most: 28, least: 16 }
const leading = 1.08

/** How wide a line may be that lies so far above or below the middle of the room. */
const widthAt = (room: number, away: number): number => (away >= room ? 0 : 2 * flat * Math.sqrt(room * room - away * away))

/** About how wide words are, in their own size: a Chinese character is a square, a letter little more than half of one. */
const lengthOf = (words: string): number => [...words].reduce((sum, character) => sum + (character > '\u2e7f' ? 1 : 0.58), 0)

/** The first of some ways of saying it that has room, in letters as large as may be: lines of names and a number beneath; none rather than one that nobody can read. */
export function linesIn(room: number, ways: readonly (readonly string[])[], count: string | undefined): WordLine[] {
  for (const way of ways)
    for (let share = 1; share >= 0.5; share -= 0.125) {
      const size = (of: typeof letters) => Math.max(of.least, of.most * share)
      const lines = [...way.map((text) => ({ text, size: size(letters), isCount: false })), ...(count === undefined ? [] : [{ text: count, size: size(digits), isCount: true }])]
      const height = lines.reduce((sum, line) => sum + line.size * leading, 0)
      let top = -height / 2
      const placed = lines.map((line) => {
        const down = top + (line.size * leading) / 2
        top += line.size * leading
        return { ...line, down }
      })
      if (placed.every((line) => lengthOf(line.text) * line.size <= widthAt(room, Math.abs(line.down) + line.size * 0.36))) return placed
    }
  return []
}

/** The sides that only one of some areas has: the line around all of them, as the `d` of an SVG path. What neighbours share they share to the last digit. */
export function aroundOf(paths: readonly string[]): string {
  const sides = new Map<string, number>()
  for (const ring of paths.flatMap((path) => path.split('M').filter(Boolean))) {
    const points = ring.replace('Z', '').split('L')
    for (const [index, point] of points.entries()) {
      const side = [point, points[(index + 1) % points.length]!].sort().join('L')
      sides.set(side, (sides.get(side) ?? 0) + 1)
    }
  }
  return [...sides].filter(([, times]) => times === 1).map(([side]) => `M${side}`).join('')
}
