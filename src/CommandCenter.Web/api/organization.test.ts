import { describe, expect, it } from 'vitest'
import { seatsOf } from './identity'
import { Directory } from './organization'
import type { Organization } from './types'

const organization: Organization = {
  timeZone: 'Asia/Shanghai',
  areas: [
    { code: '500153003', name: '广顺街道', nameEn: 'Guangshun', level: 'town' },
    { code: '500153003001', name: '檬梓桥社区', nameEn: 'Mengziqiao Community', level: 'village' },
    { code: '500153003001001', name: '檬梓桥社区第一网格', nameEn: 'Mengziqiao Grid 1', level: 'grid' },
    { code: '500153003001001002', name: '桥头小院', nameEn: 'Qiaotou Yard', level: 'yard', households: 24 },
  ],
  sectors: [],
  posts: [
    { code: 'ecology', town: '500153003', sector: 'economy', name: '生态环保岗', nameEn: 'Ecology' },
    { code: 'ecology', town: '500153004', sector: 'economy', name: '生态岗', nameEn: 'Ecology too' },
  ],
  people: [
    {
      id: 'grid-worker-17',
      name: '网格员 17',
      nameEn: 'Grid worker 17',
      roles: [
        { role: 'grid_worker', place: '500153003203001', acting: false },
        { role: 'grid_worker', place: '500153003203002', acting: false },
        { role: 'yard_head', place: '500153003203002001', acting: true },
      ],
    },
  ],
  categories: [],
}

describe('The directory', () => {
  const zh = new Directory(organization, 'zh')
  const en = new Directory(organization, 'en')

  it('names a place from the village down without repeating it', () => {
    expect(zh.path('500153003001001002')).toBe('檬梓桥社区第一网格 · 桥头小院')
    expect(en.path('500153003001001002')).toBe('Mengziqiao Grid 1 · Qiaotou Yard')
    expect(zh.path('500153003')).toBe('广顺街道')
  })

  it('shows what it does not know by its code', () => {
    expect([zh.path('999'), zh.category('new'), zh.post('other'), zh.person('somebody'), zh.area(undefined)]).toEqual(['999', 'new', 'other', 'somebody', ''])
  })

  it('finds the post of the town that the case lies in', () => {
    expect(zh.post('ecology', '500153004001')).toBe('生态岗')
    expect(zh.post('ecology', '500153003001')).toBe('生态环保岗')
  })

  it('knows all seats of a person in the chosen role', () => {
    expect(seatsOf(organization, { actor: 'grid-worker-17', role: 'grid_worker' }).map((seat) => seat.place)).toEqual(['500153003203001', '500153003203002'])
  })
})
