import { useWords } from '.'

/** The host writes what it does not show as marks, so that they can be worded in the language of the reader. */
export function useMarks(): (text: string) => string {
  const { t, te } = useWords()
  return (text) => text.replace(/⟦([a-z_]+|\d+)⟧/g, (_, name: string) => (te(`mark.${name}`) ? t(`mark.${name as 'personal'}`) : t('mark.personal')))
}
