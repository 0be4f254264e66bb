import { describe, expect, it } from 'vitest'
import { seatsOf } from './identity'
import { Directory, unitOf } from './organization'
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
    { code: 'ecology', town: '500153003', sector: 'economy', name: '生态环保岗', nameEn: 'Ecology', enforcement: false },
    { code: 'ecology', town: '500153004', sector: 'economy', name: '生态岗', nameEn: 'Ecology too', enforcement: false },
  ],
  people: [
    { id: 'secretary-06', name: '书记 06', nameEn: 'Secretary 06', roles: [{ role: 'village_secretary', place: '500153003203', acting: false }] },
    { id: 'handler-01', name: '岗位人员 01', nameEn: 'Handler 01', roles: [{ role: 'post_handler', place: '500153003', post: 'ecology', acting: false }] },
    { id: 'handler-02', name: '岗位人员 02', nameEn: 'Handler 02', roles: [{ role: 'post_handler', place: '500153004', post: 'ecology', acting: false }] },
    { id: 'department-02', name: '区级部门 02', nameEn: 'Department 02', roles: [{ role: 'department', place: '500153', department: 'housing', acting: false }] },
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
  departments: [{ code: 'water', name: '水利局', nameEn: 'Water', remit: [] }],
  former: {
    areas: [{ code: '500153003001009', name: '檬梓桥社区第九网格', nameEn: 'Mengziqiao Grid 9', endedOn: '2026-03-02' }],
    posts: [{ code: 'transport', name: '交通岗', nameEn: 'Transport', endedOn: '2026-03-02', town: '500153003' }],
    people: [{ code: 'grid-worker-99', name: '网格员 99', nameEn: 'Grid worker 99', endedOn: '2026-03-02' }],
    categories: [{ code: 'ferry', name: '渡口', nameEn: 'Ferry', endedOn: '2026-03-02' }],
    departments: [{ code: 'transport-bureau', name: '交通局', nameEn: 'Transport bureau', endedOn: '2026-03-02' }],
  },
  oneMatters: [],
}

describe('The directory', () => {
  const zh = new Directory(organization, 'zh')
  const en = new Directory(organization, 'en')

  it('goes on to name what ended, and offers it to nobody', () => {
    expect(zh.path('500153003001009')).toBe('檬梓桥社区第九网格')
    expect(zh.unit('post:transport', '500153003001001')).toBe('交通岗')
    expect(zh.unit('department:transport-bureau')).toBe('交通局')
    expect(en.person('grid-worker-99')).toBe('Grid worker 99')
    expect(en.category('ferry')).toBe('Ferry')
    expect(zh.postsOf('500153003').map((post) => post.code)).toEqual(['ecology'])
    expect(zh.areasWithin('500153003001', 'grid').map((area) => area.code)).toEqual(['500153003001001'])
  })

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

  it('names a unit of each kind, a post in the town of the case', () => {
    expect(zh.unit('post:ecology', '500153003001001')).toBe('生态环保岗')
    expect(zh.unit('post:ecology', '500153004001001')).toBe('生态岗')
    expect(zh.unit('village:500153003001')).toBe('檬梓桥社区')
    expect(zh.unit('grid:500153003001001')).toBe('檬梓桥社区第一网格')
    expect(zh.unit('department:water')).toBe('水利局')
    expect(zh.unit('department:housing')).toBe('区级部门 02')
    expect([zh.unit('post:unknown'), zh.unit('something'), zh.unit(undefined)]).toEqual(['unknown', 'something', ''])
  })

  it('knows who belongs to a unit, and nobody of another town', () => {
    const ids = (unit: string, area = '500153003001001') => zh.peopleOf(unit, area).map((person) => person.id)
    expect(ids('post:ecology')).toEqual(['handler-01'])
    expect(ids('post:ecology', '500153004001001')).toEqual(['handler-02'])
    expect(ids('department:housing')).toEqual(['department-02'])
    expect(ids('grid:500153003203001')).toEqual(['grid-worker-17'])
    expect(ids('')).toEqual([])
  })

  it('knows who is near, the nearest first', () => {
    expect(zh.peopleNear('500153003203002001').map((person) => person.id)).toEqual(['grid-worker-17', 'secretary-06'])
  })

  it('knows the unit that a seat is one of', () => {
    expect((['post_handler', 'village_secretary', 'dispatcher'] as const).map((role) => unitOf({ role, place: '500153003203', post: 'ecology', acting: false }))).toEqual(['post:ecology', 'village:500153003203', undefined])
  })

  it('knows all seats of a person in the chosen role', () => {
    expect(seatsOf(organization, { actor: 'grid-worker-17', role: 'grid_worker' }).map((seat) => seat.place)).toEqual(['500153003203001', '500153003203002'])
  })
})
