import { computed } from 'vue'
import { useDirectory } from '../api/organization'
import { sectors } from '../api/types'
import { useWords } from '../i18n'
import type { OptionGroup } from '../parts/actions'

/** Places and matters to choose from in a keeper's lists. */
export function useListOptions(keeper: () => string) {
  const { t } = useWords()
  const directory = useDirectory()
  return computed<{ areas: OptionGroup[]; matters: OptionGroup[] }>(() => {
    const of = keeper()
    // The district's own lists speak of the district; what a town keeps, of the town and all inside.
    const inside = of.length > 6 ? (['village', 'grid'] as const).map((level) => ({ label: t(`areaLevel.${level}`), list: directory.value.areasWithin(of, level).map((area) => ({ value: area.code, words: directory.value.path(area.code) })) })) : []
    return {
      areas: [{ list: [{ value: of, words: directory.value.area(of) }] }, ...inside.filter((group) => group.list.length > 0)],
      matters: sectors.map((sector) => ({ label: t(`sector.${sector}`), list: directory.value.organization.categories.filter((one) => one.sector === sector).map((one) => ({ value: one.code, words: directory.value.words(one) })) })).filter((group) => group.list.length > 0),
    }
  })
}
