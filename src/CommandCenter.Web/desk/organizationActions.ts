import type { Directory } from '../api/organization'
import { sectors, type Area, type Person, type Role, type Seat } from '../api/types'
import type { Action, ActionField, OptionGroup, Values } from '../parts/actions'

export const organizationCommands = ['register', 'appoint', 'relieve', 'move', 'dismiss', 'rename', 'close-unit', 'redraw'] as const
type Word = (key: string, named?: Record<string, unknown>) => string

/** The tiers of the places at which a role is held. */
const tiers: Partial<Record<Role, readonly Area['level'][]>> = {
  grid_worker: ['grid'],
  yard_head: ['yard'],
  yard_staff: ['yard'],
  village_secretary: ['village'],
  center_operator: ['town'],
  dispatcher: ['town'],
  post_handler: ['town'],
  sector_lead: ['town'],
  town_leader: ['town'],
  office: ['district', 'town'],
  administrator: ['district', 'town'],
  district_supervisor: ['district'],
  district_leader: ['district'],
  district_secretary: ['district'],
  department: ['district'],
}
export const seatRoles = Object.keys(tiers) as Role[]
export const yardPosts = ['publicity-officer', 'errand-officer', 'information-officer'] as const

/** Two seats are one where they differ only in how they are held. */
export const sameSeat = (a: Seat, b: Seat): boolean => a.role === b.role && a.place === b.place && a.post === b.post && a.department === b.department && (a.role !== 'sector_lead' || a.sector === b.sector)

/** A seat in words: what it is, and where. */
export function seatWords(seat: Seat, directory: Directory, word: Word): string {
  const post = seat.role === 'yard_staff' && seat.post ? word(`organization.yardPost.${seat.post}`) : seat.post ? directory.post(seat.post, seat.place) : seat.department ? directory.unit(`department:${seat.department}`) : seat.role === 'sector_lead' ? directory.sector(seat.sector) : ''
  const what = post ? word('common.people', { name: word(`role.${seat.role}`), detail: post }) : word(`role.${seat.role}`)
  return `${what} · ${directory.path(seat.place)}`
}

/** Who else holds a seat: they go on alone where one leaves it. */
export const othersIn = (seat: Seat, person: string, directory: Directory): Person[] => directory.organization.people.filter((one) => one.id !== person && one.roles.some((held) => sameSeat(held, seat)))

/** Where somebody may keep the organization: all of the district, or one town. */
export const areasOf = (directory: Directory, within: string, levels: readonly Area['level'][]): OptionGroup[] =>
  levels
    .flatMap((level): OptionGroup[] => {
      const areas = directory.organization.areas.filter((area) => area.level === level && area.code.startsWith(within))
      const optionOf = ({ code }: Area) => ({ value: code, words: directory.path(code) })
      // Of grids and yards there are many, so that they stand under their villages.
      const villages = level === 'grid' || level === 'yard' ? [...new Set(areas.map((area) => area.code.slice(0, 12)))] : []
      return villages.length > 0 ? villages.map((village) => ({ label: directory.area(village), list: areas.filter((area) => area.code.startsWith(village)).map(optionOf) })) : [{ list: areas.map(optionOf) }]
    })
    .filter((group) => group.list.length > 0)

const day = (word: Word): ActionField => ({ name: 'on', kind: 'day', label: word('organization.form.on'), hint: word('organization.form.onHint') })
const isRole = (...roles: Role[]) => (values: Values) => roles.includes(values.role as Role)
const placeFields = ['grid', 'yard', 'village', 'town', 'office'] as const

/** What makes a seat, asked for by its role. */
function seatFields(directory: Directory, within: string, word: Word): ActionField[] {
  const isDistrict = within.length === 6
  const roles = seatRoles.filter((role) => isDistrict || tiers[role]?.some((level) => level !== 'district'))
  const ofTier = (...levels: Area['level'][]) => seatRoles.filter((role) => role !== 'post_handler' && JSON.stringify(tiers[role]) === JSON.stringify(levels))
  const place = (name: (typeof placeFields)[number], ...levels: Area['level'][]): ActionField => ({ name, kind: 'one', label: word('organization.form.place'), need: true, shown: isRole(...ofTier(...levels)), groups: areasOf(directory, within, levels) })
  const towns = directory.towns.filter((town) => town.code.startsWith(within) || within.startsWith(town.code))
  return [
    { name: 'role', kind: 'one', label: word('organization.form.role'), need: true, groups: [{ list: roles.map((role) => ({ value: role, words: word(`role.${role}`) })) }] },
    { name: 'postOf', kind: 'one', label: word('organization.form.post'), need: true, shown: isRole('post_handler'), groups: towns.map((town) => ({ label: directory.area(town.code), list: directory.postsOf(town.code).map((post) => ({ value: `${town.code}/${post.code}`, words: directory.words(post) })) })) },
    { name: 'staff', kind: 'one', label: word('organization.form.post'), need: true, shown: isRole('yard_staff'), groups: [{ list: yardPosts.map((post) => ({ value: post, words: word(`organization.yardPost.${post}`) })) }] },
    { name: 'department', kind: 'one', label: word('role.department'), need: true, shown: isRole('department'), groups: [{ list: (directory.organization.departments ?? []).map((one) => ({ value: one.code, words: directory.words(one) })) }] },
    { name: 'sector', kind: 'one', label: word('organization.form.sector'), need: (values) => values.role === 'sector_lead', shown: isRole('sector_lead', 'district_leader'), groups: [{ list: sectors.map((sector) => ({ value: sector, words: word(`sector.${sector}`) })) }] },
    place('grid', 'grid'),
    place('yard', 'yard'),
    place('village', 'village'),
    place('town', 'town'),
    place('office', 'district', 'town'),
    { name: 'acting', kind: 'yes_no', label: word('organization.form.acting'), yes: word('organization.form.actingYes'), no: word('organization.form.actingNo') },
  ]
}

/** The seat that was filled in, and whatever else was. */
function seatOf(body: Record<string, unknown>, district: string): { seat: Record<string, unknown>; rest: Record<string, unknown> } {
  const { role, postOf, staff, department, sector, acting, grid, yard, village, town, office, ...rest } = body
  const [postTown, post] = typeof postOf === 'string' ? postOf.split('/') : []
  return {
    seat: {
      role,
      place: grid ?? yard ?? village ?? town ?? office ?? postTown ?? district,
      ...(post ?? staff ? { post: post ?? staff } : {}),
      ...(department ? { department } : {}),
      ...(sector ? { sector } : {}),
      ...(acting === true ? { acting: true } : {}),
    },
    rest,
  }
}

/** To register somebody new. */
export const registerAction = (word: Word): Action => ({
  name: 'register',
  words: word('organizationCommand.register'),
  hint: word('organization.registerHint'),
  fields: [
    { name: 'person', kind: 'line', label: word('organization.form.id'), hint: word('organization.form.idHint'), need: true, limit: 50 },
    { name: 'name', kind: 'line', label: word('organization.form.name'), need: true, limit: 50 },
    { name: 'nameEn', kind: 'line', label: word('organization.form.nameEn'), need: true, limit: 50 },
    day(word),
  ],
})

/** What may be done with somebody. @param within The place whose organization the caller keeps. */
export function personActions(person: Person, directory: Directory, within: string, word: Word): Action[] {
  const district = within.slice(0, 6)
  const held = person.roles.filter((seat) => !seat.for)
  const seats = [{ list: held.map((seat, index) => ({ value: String(index), words: seatWords(seat, directory, word) })) }]
  const start = held.length === 1 ? '0' : ''
  // Told apart by where they stand, and sent as they are held.
  const asHeld = (index: unknown) => held[Number(index)]
  return [
    {
      name: 'appoint', words: word('organizationCommand.appoint'), body: { person: person.id },
      fields: [...seatFields(directory, within, word), { name: 'until', kind: 'day', label: word('organization.form.until'), hint: word('organization.form.untilHint') }, day(word)],
      shape: (body) => {
        const { seat, rest } = seatOf(body, district)
        return { ...rest, seat }
      },
    },
    {
      name: 'move', words: word('organizationCommand.move'), body: { person: person.id }, aside: true,
      fields: [{ name: 'from', kind: 'one', label: word('organization.form.from'), need: true, groups: seats, start }, ...seatFields(directory, within, word), day(word)],
      shape: (body) => {
        const { seat, rest } = seatOf(body, district)
        return { ...rest, from: asHeld(rest.from), to: seat }
      },
    },
    {
      name: 'relieve', words: word('organizationCommand.relieve'), body: { person: person.id }, hint: word('organization.relieveHint'), aside: true,
      fields: [{ name: 'seat', kind: 'one', label: word('organization.form.seat'), need: true, groups: seats, start }, day(word)],
      shape: (body) => ({ ...body, seat: asHeld(body.seat) }),
    },
    { name: 'register', words: word('organization.renamePerson'), body: { person: person.id }, aside: true, fields: [{ name: 'name', kind: 'line', label: word('organization.form.name'), need: true, limit: 50, start: person.name }, { name: 'nameEn', kind: 'line', label: word('organization.form.nameEn'), need: true, limit: 50, start: person.nameEn }, day(word)] },
    { name: 'dismiss', words: word('organizationCommand.dismiss'), body: { person: person.id }, hint: word('organization.dismissHint'), aside: true, fields: [day(word)] },
  ]
}

const names = (word: Word, { name, nameEn }: { name: string; nameEn: string }): ActionField[] => [
  { name: 'name', kind: 'line', label: word('organization.form.name'), need: true, limit: 50, start: name },
  { name: 'nameEn', kind: 'line', label: word('organization.form.nameEn'), need: true, limit: 50, start: nameEn },
]

/** The rings of what was pasted: a MultiPolygon's coordinates, a geometry, or a feature; of what cannot be read none, which the host refuses. */
export function polygonsOf(text: string): unknown[] {
  try {
    const read = JSON.parse(text) as { type?: string; geometry?: unknown; coordinates?: unknown } | unknown[]
    if (Array.isArray(read)) return read
    const geometry = (read.geometry ?? read) as { type?: string; coordinates?: unknown[] }
    return geometry.type === 'Polygon' ? [geometry.coordinates ?? []] : (geometry.coordinates ?? [])
  } catch {
    return []
  }
}

/** What may be done with an area. */
export const areaActions = (area: Area, word: Word): Action[] => [
  { name: 'rename', words: word('organizationCommand.rename'), body: { area: area.code }, fields: [...names(word, area), day(word)] },
  {
    name: 'redraw', words: word('organizationCommand.redraw'), body: { grid: area.code }, hint: word('organization.redrawHint'), aside: true,
    fields: [
      { name: 'polygons', kind: 'text', label: word('organization.form.border'), need: true, limit: 60_000 },
      { name: 'system', kind: 'one', label: word('point.system'), start: 'wgs84', need: true, groups: [{ list: (['wgs84', 'gcj02', 'bd09'] as const).map((value) => ({ value, words: word(`point.of.${value}`) })) }] },
      day(word),
    ],
    shape: (body) => ({ ...body, polygons: polygonsOf(String(body.polygons ?? '')) }),
  },
]

/** What may be done with a post of a town, or with a department. */
export function unitActions(unit: string, named: { name: string; nameEn: string }, town: string | undefined, others: OptionGroup['list'], word: Word): Action[] {
  const body = { unit, ...(town ? { town } : {}) }
  return [
    { name: 'rename', words: word('organizationCommand.rename'), body, fields: [...names(word, named), day(word)] },
    { name: 'close-unit', words: word('organizationCommand.close-unit'), body, hint: word('organization.closeHint'), aside: true, fields: [{ name: 'successor', kind: 'one', label: word('organization.form.successor'), hint: word('organization.form.successorHint'), groups: [{ list: others }], none: word('common.none') }, day(word)] },
  ]
}
