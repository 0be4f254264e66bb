import { ref, watch, type Ref } from 'vue'
import type { Identity } from './client'
import type { Organization, Role, Seat } from './types'

export const resident: Identity = { actor: 'resident', role: 'resident' }

/** Who sits at this device, remembered per page: the desk and a phone view in one browser may be two people. */
export function useIdentity(page: string): Ref<Identity | undefined> {
  const name = `command-center.${page}.identity`
  const identity = ref<Identity | undefined>(load(name))
  watch(identity, (value) => save(name, value))
  return identity
}

function load(name: string): Identity | undefined {
  try {
    const value = JSON.parse(localStorage.getItem(name) ?? 'null') as Identity | null
    return value && typeof value.actor === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

function save(name: string, identity: Identity | undefined): void {
  try {
    if (identity) localStorage.setItem(name, JSON.stringify(identity))
    else localStorage.removeItem(name)
  } catch {
    // Storage may be off; then the person is asked again next time.
  }
}

/** The places and units that a person has in the chosen role. */
export function seatsOf(organization: Organization | undefined, identity: Identity | undefined): Seat[] {
  const person = organization?.people.find((candidate) => candidate.id === identity?.actor)
  return person?.roles.filter((seat) => seat.role === identity?.role) ?? []
}

/** Everybody who has one of the roles, once per role, in the order of the organization. */
export function holdersOf(organization: Organization, roles: readonly Role[]): { role: Role; people: { id: string; seats: Seat[] }[] }[] {
  return roles
    .map((role) => ({
      role,
      people: organization.people
        .map((person) => ({ id: person.id, seats: person.roles.filter((seat) => seat.role === role) }))
        .filter((person) => person.seats.length > 0),
    }))
    .filter((group) => group.people.length > 0)
}
