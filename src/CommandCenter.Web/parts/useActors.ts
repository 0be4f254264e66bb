import { useDirectory } from '../api/organization'
import { useWords } from '../i18n'

interface Person {
  id: string
  name: string
  nameEn: string
}

/** Somebody who acted, as any history of the API tells it. */
export interface Actor {
  id: string
  role?: string
  name?: string | { zh: string; en: string }
  nameEn?: string
  /** The absent person for whom they stood in. */
  for?: Person
}

/** Words for who acted, and for whom if they stood in for somebody. */
export function useActors(): (actor: Actor) => string {
  const { t, locale } = useWords()
  const directory = useDirectory()
  const named = (actor: Actor): string => {
    if (actor.id === 'resident') return t('role.resident')
    if (actor.role === 'system') return t('role.system')
    if (typeof actor.name === 'object') return actor.name[locale.value]
    return actor.name ? directory.value.words({ name: actor.name, nameEn: actor.nameEn ?? '' }) : directory.value.person(actor.id)
  }
  return (actor) => (actor.for ? t('common.standsIn', { name: named(actor), absent: directory.value.words(actor.for) }) : named(actor))
}
