import { computed, inject, provide, shallowRef, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue'
import type { Client } from './client'
import type { Area, Category, Organization, Post, Sector } from './types'

export type Named = { name: string; nameEn: string }

/** Look-ups in the organization, with the words of one language. Unknown codes show as themselves. */
export class Directory {
  private readonly areas: Map<string, Area>
  private readonly categories: Map<string, Category>
  private readonly posts: Map<string, Post>
  private readonly people: Map<string, Named>
  private readonly sectorNames: Map<string, Named>

  constructor(
    readonly organization: Organization,
    private readonly locale: 'zh' | 'en',
  ) {
    this.areas = new Map(organization.areas.map((area) => [area.code, area]))
    this.categories = new Map(organization.categories.map((category) => [category.code, category]))
    this.posts = new Map(organization.posts.map((post) => [`${post.town}/${post.code}`, post]))
    this.people = new Map(organization.people.map((person) => [person.id, person]))
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
    const path: Area[] = []
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
    const category = code ? this.categories.get(code) : undefined
    return category ? this.words(category) : (code ?? '')
  }

  categoryOf(code: string): Category | undefined {
    return this.categories.get(code)
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
      organization.value = await client.get<Organization>('/api/organization')
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

/** Inside a page that shows its content only once the organization is there. */
export function useDirectory(): ComputedRef<Directory> {
  const town = inject(key)
  if (!town) throw new Error('provideOrganization was not called above')
  return computed(() => {
    if (!town.directory.value) throw new Error('the organization is not loaded')
    return town.directory.value
  })
}
