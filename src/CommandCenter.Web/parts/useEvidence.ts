import type { Evidence } from '../api/types'
import { useWords } from '../i18n'

/** What has to be shown when a task is done, in words. */
export function useEvidence(): (evidence: Evidence, quantity?: { unit: string; expected?: number }) => string {
  const { t } = useWords()
  return (evidence, quantity) => {
    const wanted = [
      ...(evidence.text ? [t('tasks.evidence.text')] : []),
      ...(evidence.photos ? [t('tasks.evidence.photos', { n: evidence.photos })] : []),
      ...(quantity ? [quantity.expected ? t('tasks.evidence.number', { n: quantity.expected, unit: quantity.unit }) : t('tasks.evidence.anyNumber', { unit: quantity.unit })] : []),
    ]
    return wanted.length > 0 ? wanted.join(t('common.separator')) : t('tasks.evidence.nothing')
  }
}
