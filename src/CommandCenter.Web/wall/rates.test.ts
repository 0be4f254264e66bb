import { describe, expect, it } from 'vitest'
import { placeOf } from '../live/boardFixture'
import { bothEnds, changeOf, groupsOf, heatOf, layoutOf, percentOf, rank } from './rates'

describe('A rate', () => {
  it('of nothing does not exist', () => {
    expect(percentOf({ part: 0, of: 0 })).toBeUndefined()
    expect(changeOf({ part: 0, of: 0 }, { part: 1, of: 2 })).toBeUndefined()
    expect(changeOf({ part: 1, of: 2 }, { part: 0, of: 0 })).toBeUndefined()
  })

  it('differs by what is shown, not by what is rounded away', () => {
    expect(changeOf({ part: 2, of: 3 }, { part: 1, of: 2 })).toEqual({ sign: 'up', points: 16.7 })
    expect(changeOf({ part: 1, of: 2 }, { part: 2, of: 3 })).toEqual({ sign: 'down', points: 16.7 })
    expect(changeOf({ part: 2000, of: 3000 }, { part: 2001, of: 3001 })).toEqual({ sign: 'level', points: 0 })
  })
})

describe('The ranking', () => {
  const places = [placeOf('1', { onTime: { part: 4, of: 5 } }), placeOf('2', { onTime: { part: 8, of: 10 } }), placeOf('3', { onTime: { part: 4, of: 4 } }), placeOf('4', { onTime: { part: 1, of: 6 } }), placeOf('5', { onTime: { part: 0, of: 0 }, open: 3 })]

  it('has equal rates on equal ranks, the larger sample first', () => {
    expect(rank(places).ranked.map((place) => [place.area, place.rank])).toEqual([['2', 1], ['1', 1], ['4', 3]])
  })

  it('names those below the minimum sample apart, however good they look', () => {
    expect(rank(places).below.map((place) => place.area)).toEqual(['3', '5'])
  })

  it('shows both ends where it is too long, and says that some are between', () => {
    expect(bothEnds([1, 2, 3, 4, 5, 6, 7, 8], 5)).toEqual([1, 2, undefined, 7, 8])
    expect(bothEnds([1, 2], 5)).toEqual([1, 2])
  })
})

describe('The map', () => {
  const area = (code: string) => ({ code, level: ({ 6: 'district', 9: 'town', 12: 'village', 15: 'grid' } as const)[code.length as 6] })
  const one = ['500153', '500153003', '500153003001', '500153003001001', '500153003001002', '500153003002', '500153003002001'].map(area)

  it('groups the grids of a town by village', () => {
    expect(groupsOf(one, '500153003')).toEqual([
      { area: '500153003001', grids: ['500153003001001', '500153003001002'] },
      { area: '500153003002', grids: ['500153003002001'] },
    ])
  })

  it('groups those of a district by town once there are several, and by village before', () => {
    expect(groupsOf(one, '500153').map((group) => group.area)).toEqual(['500153003001', '500153003002'])
    expect(groupsOf([...one, ...['500153004', '500153004001', '500153004001001'].map(area)], '500153').map((group) => group.area)).toEqual(['500153003', '500153004'])
  })

  it('of a village is one group, and of a grid none', () => {
    expect(groupsOf(one, '500153003001')).toEqual([{ area: '500153003001', grids: ['500153003001001', '500153003001002'] }])
    expect(groupsOf(one, '500153009')).toEqual([])
  })

  it('has the largest tiles that leave no grid out, however unequal the groups', () => {
    const group = (count: number) => ({ grids: Array.from({ length: count }, (_, n) => String(n)) })
    expect(layoutOf([4, 3, 3, 3, 3, 2].map(group))).toEqual({ tile: 3.5, columns: 2 })
    expect(layoutOf([18, 3].map(group)).tile).toBeGreaterThanOrEqual(2.5)
    const district = layoutOf(Array.from({ length: 21 }, () => group(24)))
    expect(district.tile).toBeLessThan(1.5)
    expect(district.tile).toBeGreaterThan(0.375)
    expect(layoutOf([])).toEqual({ tile: 3.5, columns: 1 })
  })

  it('shows one case as little, and the hottest grid as hottest', () => {
    expect([0, 1, 2, 8].map((count) => heatOf(count, 8))).toEqual([0, 1, 1, 4])
    expect(heatOf(1, 1)).toBe(1)
  })
})
