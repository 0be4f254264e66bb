import { computed } from 'vue'
import { useDirectory } from '../api/organization'
import { useWords } from '../i18n'
import type { OptionGroup } from '../parts/actions'

/** Of grids and yards there are hundreds of people: too many to choose several from. */
const ofGridsAndYards = ['grid_worker', 'yard_head', 'yard_staff'] as const

/**
 * Who could be named at a place: those with a seat of it, those below it, and those of the district above.
 * @param several Whether several are chosen at once, each from a button of its own: then those of grids and yards are left out.
 */
export function usePeople(place: () => string, several = false) {
  const { t } = useWords()
  const directory = useDirectory()
  return computed<OptionGroup[]>(() => {
    const at = place()
    const seated = (within: (seat: string) => boolean) =>
      directory.value.organization.people.flatMap((person) =>
        person.roles.filter((seat) => within(seat.place) && seat.role !== 'administrator' && !(several && ofGridsAndYards.some((role) => role === seat.role))).slice(0, 1).map((seat) => ({ value: person.id, words: `${directory.value.person(person.id)} · ${t(`role.${seat.role}`)}` })))
    return [
      { label: directory.value.area(at), list: seated((seat) => seat === at) },
      { label: t('reviews.below'), list: seated((seat) => seat !== at && seat.startsWith(at)) },
      { label: t('reviews.above'), list: seated((seat) => seat !== at && at.startsWith(seat)) },
    ].filter((group) => group.list.length > 0)
  })
}
