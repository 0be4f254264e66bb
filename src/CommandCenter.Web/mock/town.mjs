import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = process.env.TOWN_FOLDER ?? fileURLToPath(new URL('../../CommandCenter.Host/Organization/demo-district/', import.meta.url))

function table(name) {
  const lines = readFileSync(`${folder}/${name}.csv`, 'utf8').trim().split(/\r?\n/)
  const cells = (line) => [...line.matchAll(/("([^"]|"")*"|[^,]*)(,|$)/g)].map((match) => match[1].replace(/^"|"$/g, '').replaceAll('""', '"'))
  const [head, ...rows] = lines.map(cells)
  return rows.map((row) => Object.fromEntries(head.map((column, index) => [column, row[index]]).filter(([column, value]) => column && value)))
}

const roles = table('roles')

export const organization = {
  timeZone: table('district')[0].time_zone,
  areas: table('areas').map(({ code, name, name_en, level, households }) => ({ code, name, nameEn: name_en, level, ...(households ? { households: Number(households) } : {}) })),
  sectors: [
    { code: 'party_building', name: '党的建设', nameEn: 'Party building' },
    { code: 'economy', name: '经济发展', nameEn: 'Economic development' },
    { code: 'livelihood', name: '民生服务', nameEn: 'Livelihood services' },
    { code: 'safety_and_law', name: '平安法治', nameEn: 'Safety and law' },
  ],
  posts: table('posts').map(({ code, town, sector, name, name_en, enforcement }) => ({ code, town, sector, name, nameEn: name_en, enforcement: enforcement === 'true' })),
  people: table('people').map(({ id, name, name_en }) => ({
    id,
    name,
    nameEn: name_en,
    roles: roles.filter((row) => row.person === id).map(({ role, place, sector, post, department, acting }) => ({ role, place, acting: acting === 'true', ...(sector ? { sector } : {}), ...(post ? { post } : {}), ...(department ? { department } : {}) })),
  })),
  categories: table('categories').map(({ code, name, name_en, sector, default_post, photo_needed, rating_needed, standard, standard_en }) => ({
    code, name, nameEn: name_en, sector, defaultPost: default_post,
    ...(standard || photo_needed || rating_needed ? { closing: { zh: standard ?? '', en: standard_en ?? '', photoNeeded: photo_needed === 'true', ratingNeeded: rating_needed === 'true' } } : {}),
  })),
  departments: table('departments').map(({ code, name, name_en, remit }) => ({ code, name, nameEn: name_en, remit: remit?.split(' ') ?? [] })),
  oneMatters: table('one-matters').map(({ code, name, name_en, departments, sectors }) => ({ code, name, nameEn: name_en, departments: departments.split(' '), sectors: sectors?.split(' ') ?? [] })),
}
