import { computed, inject, provide, shallowRef, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue'
import type { Client } from './client'
import type { Area, Category, Organization, Person, Post, Seat, Sector } from './types'

export type Named = { name: string; nameEn: string }

const unitParts = (unit: string | undefined): [string, string] => {
  const colon = unit?.indexOf(':') ?? -1
  return unit && colon > 0 ? [unit.slice(0, colon), unit.slice(colon + 1)] : ['', '']
}

/** The unit that a seat is one of, if work is sent to seats of its kind. */
export function unitOf(seat: Seat): string | undefined {
  switch (seat.role) {
    case 'post_handler':
      return seat.post && `post:${seat.post}`
    case 'department':
      return seat.department && `department:${seat.department}`
    case 'village_secretary':
      return `village:${seat.place}`
    case 'grid_worker':
      return `grid:${seat.place}`
    default:
      return undefined
  }
}

/** Look-ups in the organization, with the words of one language. Unknown codes show as themselves. */
export class Directory {
  private readonly areas: Map<string, Pick<Area, 'code' | 'name' | 'nameEn'>>
  private readonly categories: Map<string, Category>
  private readonly posts: Map<string, Named>
  private readonly formerCategories: Map<string, Named>
  private readonly people: Map<string, Named>
  private readonly sectorNames: Map<string, Named>

  constructor(
    readonly organization: Organization,
    private readonly locale: 'zh' | 'en',
  ) {
    // What ended goes on to be named, and is overruled by what is there.
    const former = organization.former
    this.areas = new Map([...(former?.areas ?? []), ...organization.areas].map((area) => [area.code, area]))
    this.categories = new Map(organization.categories.map((category) => [category.code, category]))
    this.formerCategories = new Map(former?.categories.map((category) => [category.code, category]))
    this.posts = new Map<string, Named>([...(former?.posts ?? []), ...organization.posts].map((post) => [`${post.town}/${post.code}`, post]))
    this.people = new Map<string, Named>([...(former?.people.map((person): [string, Named] => [person.code, person]) ?? []), ...organization.people.map((person): [string, Named] => [person.id, person])])
    this.sectorNames = new Map(organization.sectors.map((sector) => [sector.code, sector]))
  }

  get timeZone(): string {
    return this.organization.timeZone
  }

  words(named: Named): string {
    return (this.locale === 'zh' ? named.name : named.nameEn || named.name).trim()
  }

  area(code: string | undefined): string {
    const area = code ? this.areas.get(code) : undefined
    return area ? this.words(area) : (code ?? '')
  }

  /** From the village down, without a level whose name the next one repeats. */
  path(code: string | undefined): string {
    if (!code) return ''
    const path: Named[] = []
    for (const length of [12, 15, 18]) {
      const area = code.length >= length ? this.areas.get(code.slice(0, length)) : undefined
      if (!area) break
      const parent = path.at(-1)
      if (parent && area.name.startsWith(parent.name)) path.pop()
      path.push(area)
    }
    return path.length > 0 ? path.map((area) => this.words(area)).join(' · ') : this.area(code)
  }

  areasWithin(parent: string, level: Area['level']): Area[] {
    return this.organization.areas.filter((area) => area.level === level && area.code.startsWith(parent))
  }

  get towns(): Area[] {
    return this.organization.areas.filter((area) => area.level === 'town')
  }

  category(code: string | undefined): string {
    const category = code ? (this.categories.get(code) ?? this.formerCategories.get(code)) : undefined
    return category ? this.words(category) : (code ?? '')
  }

  categoryOf(code: string): Category | undefined {
    return this.categories.get(code)
  }

  /** The closing standard of a category, in words; empty where nothing special is asked for. */
  closing(code: string): string {
    const closing = this.categories.get(code)?.closing
    return closing ? (this.locale === 'zh' ? closing.zh : closing.en || closing.zh) : ''
  }

  sector(code: Sector | undefined): string {
    const sector = code ? this.sectorNames.get(code) : undefined
    return sector ? this.words(sector) : (code ?? '')
  }

  post(code: string | undefined, area?: string): string {
    if (!code) return ''
    const post = (area ? this.posts.get(`${area.slice(0, 9)}/${code}`) : undefined) ?? this.organization.posts.find((candidate) => candidate.code === code)
    return post ? this.words(post) : code
  }

  postsOf(area: string): Post[] {
    return this.organization.posts.filter((post) => post.town === area.slice(0, 9))
  }

  /** A unit as the API writes it: `post:…`, `department:…`, `village:…`, `grid:…`; posts are named within the town of an area. */
  unit(unit: string | undefined, area?: string): string {
    const [kind, code] = unitParts(unit)
    switch (kind) {
      case 'post':
        return this.post(code, area)
      case 'department':
        return this.department(code)
      case 'village':
      case 'grid':
        return this.path(code)
      default:
        return unit ?? ''
    }
  }

  /** By its own name, else by that of whoever sits for it. */
  private department(code: string): string {
    const department = this.organization.departments?.find((candidate) => candidate.code === code) ?? this.organization.former?.departments.find((candidate) => candidate.code === code)
    if (department) return this.words(department)
    const holder = this.organization.people.find((person) => person.roles.some((seat) => seat.role === 'department' && seat.department === code))
    return holder ? this.words(holder) : code
  }

  /** A template that calls several departments at once. */
  oneMatter(code: string | undefined): string {
    const matter = code ? this.organization.oneMatters?.find((candidate) => candidate.code === code) : undefined
    return matter ? this.words(matter) : (code ?? '')
  }

  /** Those that are competent for a category first. */
  departmentsFor(category: string): string[] {
    const competent = (remit: string[]) => Number(remit.includes(category))
    return this.organization.departments?.toSorted((a, b) => competent(b.remit) - competent(a.remit)).map((department) => department.code) ?? [...new Set(this.organization.people.flatMap((person) => person.roles.flatMap((seat) => (seat.role === 'department' && seat.department ? [seat.department] : []))))]
  }

  /** Who belongs to a unit of a town. */
  peopleOf(unit: string | undefined, area: string): Person[] {
    const [kind, code] = unitParts(unit)
    return this.organization.people.filter((person) =>
      person.roles.some((seat) => {
        switch (kind) {
          case 'post':
            return seat.role === 'post_handler' && seat.post === code && seat.place === area.slice(0, 9)
          case 'department':
            return seat.role === 'department' && seat.department === code
          case 'village':
            return seat.role === 'village_secretary' && seat.place === code
          case 'grid':
            return seat.role === 'grid_worker' && seat.place === code
          default:
            return false
        }
      }),
    )
  }

  /** Who is near a place and can look there, the nearest first. */
  peopleNear(area: string): Person[] {
    const near = (person: Person) => Math.max(0, ...person.roles.filter((seat) => ['grid_worker', 'yard_head', 'village_secretary'].includes(seat.role) && area.startsWith(seat.place)).map((seat) => seat.place.length))
    return this.organization.people.filter((person) => near(person) > 0).sort((a, b) => near(b) - near(a))
  }

  person(id: string | undefined): string {
    const person = id ? this.people.get(id) : undefined
    return person ? this.words(person) : (id ?? '')
  }
}

interface Town {
  organization: ShallowRef<Organization | undefined>
  failure: ShallowRef<unknown>
  directory: ComputedRef<Directory | undefined>
  load: () => Promise<void>
}

const key: InjectionKey<Town> = Symbol('organization')

/** Loads the organization once for a page and gives it to everything inside. */
export function provideOrganization(client: Client, locale: () => 'zh' | 'en'): Town {
  const organization = shallowRef<Organization>()
  const failure = shallowRef<unknown>()
  const directory = computed(() => (organization.value ? new Directory(organization.value, locale()) : undefined))
  let retry: ReturnType<typeof setTimeout> | undefined
  const load = async () => {
    clearTimeout(retry)
    try {
      organization.value = await client.get<Organization>('/api/organization', undefined, true)
      failure.value = undefined
    } catch (error) {
      failure.value = error
      retry = setTimeout(() => void load(), 5_000)
    }
  }
  const town: Town = { organization, failure, directory, load }
  provide(key, town)
  void load()
  return town
}

/** To read the organization again after it was changed, and why it could not be. */
export function useReload(): { failure: ShallowRef<unknown>; reload: () => Promise<void> } {
  const town = inject(key)
  if (!town) throw new Error('provideOrganization was not called above')
  return { failure: town.failure, reload: town.load }
}

/** The district's time zone; the device's own while the organization is not there, as when it could not be loaded. */
export function useTimeZone(): () => string {
  const town = inject(key, undefined)
  return () => town?.directory.value?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** Where the organization may be missing, as in a notice that it could not be loaded. */
export function useDirectoryIfLoaded(): ComputedRef<Directory | undefined> {
  const town = inject(key, undefined)
  return computed(() => town?.directory.value)
}

/** Inside a page that shows its content only once the organization is there. */
export function useDirectory(): ComputedRef<Directory> {
  const town = inject(key)
  if (!town) throw new Error('provideOrganization was not called above')
  return computed(() => {
    if (!town.directory.value) throw new Error('the organization is not loaded')
    return town.directory.value
  })
}
