import { effectScope, nextTick, ref } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import type { Client } from '../api/client'
import type { BorderFeature } from '../api/types'
import { aroundOf, linesIn, outlinesOf } from './outline'
import { shortName, stemOf } from './rates'
import { useBorders } from './useBorders'

const ring = (west: number, south: number, east: number, north: number): number[][] => [[west, south], [east, south], [east, north], [west, north], [west, south]]
const feature = (code: string, ...polygons: number[][][][]): BorderFeature => ({ type: 'Feature', properties: { code, name: code, nameEn: code }, geometry: { type: 'MultiPolygon', coordinates: polygons } })
const numbers = (path: string) => path.match(/-?[\d.]+/g)!.map(Number)

describe('The drawn map', () => {
  it('has the north above and is as wide as the land is, not as the degrees are', () => {
    const [one] = outlinesOf([feature('a', [ring(100, 60, 101, 61)])], 400, 400, 0)
    const xs = numbers(one!.path).filter((_, index) => index % 2 === 0)
    const ys = numbers(one!.path).filter((_, index) => index % 2 === 1)
    expect(Math.max(...ys) - Math.min(...ys)).toBeCloseTo(400, 0)
    expect(Math.max(...xs) - Math.min(...xs)).toBeCloseTo(400 * Math.cos((60.5 * Math.PI) / 180), 0)
    expect(ys.slice(0, 2)).toEqual([400, 400])
  })

  it('keeps all areas inside its margin, neighbours on one line, and holes open', () => {
    const [west, east] = outlinesOf([feature('a', [ring(100, 0, 101, 1), ring(100.4, 0.4, 100.6, 0.6)]), feature('b', [ring(101, 0, 102, 1)])], 200, 200, 10)
    expect(west!.path.match(/M/g)).toHaveLength(2)
    for (const path of [west!.path, east!.path]) for (const number of numbers(path)) expect(number).toSatisfy((at: number) => at >= 10 && at <= 190)
    expect(numbers(west!.path)[2]).toBe(numbers(east!.path)[0])
  })

  it('writes where there is room: beside a hole, and in the largest of several parts', () => {
    const [around, parts] = outlinesOf([feature('a', [ring(0, 0, 1, 1), ring(0.05, 0.3, 0.95, 0.95)]), feature('b', [ring(2, 0, 2.1, 0.1)], [ring(2.5, 0, 3, 1)])], 300, 100, 0)
    expect(around!.y).toBeGreaterThan(70)
    expect(parts!.x).toBeGreaterThan(250)
    expect(parts!.room).toBeGreaterThan(10)
  })

  it('has no shapes of nothing', () => {
    expect(outlinesOf([], 100, 100, 0)).toEqual([])
  })

  it('says as much as fits, the number last of all, and never in letters too small to read', () => {
    const ways = [['檬梓桥社区', '第一网格'], ['第一网格'], []]
    expect(linesIn(60, ways, '12').map((line) => line.text)).toEqual(['檬梓桥社区', '第一网格', '12'])
    expect(linesIn(27, ways, '12').map((line) => line.text)).toEqual(['第一网格', '12'])
    expect(linesIn(13, ways, '12').map((line) => line.text)).toEqual(['12'])
    expect(linesIn(5, ways, '12')).toEqual([])
    expect(linesIn(60, ways, undefined).map((line) => line.text)).toEqual(['檬梓桥社区', '第一网格'])
    for (const room of [60, 40, 27, 20, 13]) for (const line of linesIn(room, ways, '12')) expect(line.size).toBeGreaterThanOrEqual(14)
  })

  it('draws the line around a village without those between its grids', () => {
    expect(aroundOf(['M0.0,0.0L1.0,0.0L1.0,1.0L0.0,1.0Z', 'M1.0,0.0L2.0,0.0L2.0,1.0L1.0,1.0Z']).match(/M/g)).toHaveLength(6)
    expect(aroundOf(['M0.0,0.0L1.0,0.0L1.0,1.0L0.0,1.0Z', 'M1.0,0.0L2.0,0.0L2.0,1.0L1.0,1.0Z'])).not.toContain('M1.0,0.0L1.0,1.0')
  })

  it('leaves out of a name what the name around it says already', () => {
    expect(shortName('檬梓桥社区第一网格', '檬梓桥社区')).toBe('第一网格')
    expect(shortName('Mengziqiao Grid 1', 'Mengziqiao Community')).toBe('Grid 1')
    expect(shortName('River Grid', 'Riverside')).toBe('River Grid')
    expect(shortName('一网格', '檬梓桥社区')).toBe('一网格')
    expect(shortName('广顺', '广顺')).toBe('广顺')
    expect(['檬梓桥社区', '沿河村', '村', 'Mengziqiao Community', 'Yanhe Village'].map(stemOf)).toEqual(['檬梓桥', '沿河', '村', 'Mengziqiao', 'Yanhe'])
  })
})

describe('The borders', () => {
  it('are those of the scope that is shown, come again after a failure and every hour, and leave no timer behind', async () => {
    vi.useFakeTimers()
    const asked: { scope: string; answer: (code: string) => void; fail: () => void }[] = []
    const client = { get: (_: string, query: { scope: string }) => new Promise((answer, reject) => asked.push({ scope: query.scope, answer: (code) => answer({ features: [feature(code)] }), fail: () => reject(new Error('down')) })) } as unknown as Client
    const at = ref('a')
    const scope = effectScope()
    const borders = scope.run(() => useBorders(client, at))!
    const codes = () => borders.value.map((one) => one.properties.code)

    asked[0]!.fail()
    await vi.advanceTimersByTimeAsync(20_000)
    asked[1]!.answer('in a')
    await vi.advanceTimersByTimeAsync(1)
    expect(codes()).toEqual(['in a'])
    await vi.advanceTimersByTimeAsync(3600_000)
    expect(asked).toHaveLength(3)

    // The answer for the scope before comes too late to be shown for this one.
    at.value = 'b'
    await nextTick()
    expect(codes()).toEqual([])
    asked[2]!.answer('in a')
    asked[3]!.answer('in b')
    await vi.advanceTimersByTimeAsync(1)
    expect(codes()).toEqual(['in b'])
    at.value = 'a'
    await nextTick()
    expect(codes()).toEqual(['in a'])

    scope.stop()
    await vi.advanceTimersByTimeAsync(1)
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })
})
