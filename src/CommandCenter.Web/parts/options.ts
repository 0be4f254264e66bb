import type { Directory } from '../api/organization'
import { sectors, type Sector } from '../api/types'
import type { OptionGroup } from './actions'

/** The villages inside a place, or the one it is in, each with its grids and yards as far as they are inside. */
export function areaOptions(directory: Directory, within: string): OptionGroup[] {
  const villages = within.length > 12 ? [within.slice(0, 12)] : directory.areasWithin(within, 'village').map((area) => area.code)
  return villages.map((village) => ({
    label: directory.area(village),
    list: (['village', 'grid', 'yard'] as const)
      .flatMap((level) => directory.areasWithin(village, level))
      .filter((area) => area.code.startsWith(within))
      .map((area) => ({ value: area.code, words: directory.path(area.code) })),
  }))
}

/** Who can be called to a place: the district's departments and the posts of its town. */
export function unitOptions(directory: Directory, area: string, words: { departments: string; posts: (sector: Sector) => string }): OptionGroup[] {
  const departments = { label: words.departments, list: (directory.organization.departments ?? []).map((one) => ({ value: `department:${one.code}`, words: directory.words(one) })) }
  const posts = sectors.map((sector) => ({ label: words.posts(sector), list: directory.postsOf(area).filter((post) => post.sector === sector).map((post) => ({ value: `post:${post.code}`, words: directory.words(post) })) }))
  return [departments, ...posts].filter((group) => group.list.length > 0)
}
