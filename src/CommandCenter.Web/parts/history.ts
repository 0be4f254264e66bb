/** Free text arrives as words, or as an object with its text; what is not shown stands in it as marks. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value && typeof value === 'object' && 'text' in value && typeof value.text === 'string') return value.text
  return ''
}

/** The words that a person added to an event, whichever field they stand in. */
export function wordsOf(data: Record<string, unknown>): string {
  for (const name of ['instructions', 'reason', 'outcome', 'note', 'comment', 'summary', 'assessment', 'plan', 'task', 'answer', 'from']) {
    const words = textOf(data[name])
    if (words && !/^[a-z_]+$/.test(words)) return words
  }
  return ''
}

/** Events that the engine records about its clocks; of interest only to somebody who asks. */
export const isClockRecord = (type: string): boolean => type.startsWith('case_clock_')

export const photosOf = (data: Record<string, unknown>, member: 'photos' | 'before' | 'after' = 'photos'): string[] => {
  const list = data[member]
  return Array.isArray(list) ? list.filter((photo): photo is string => typeof photo === 'string') : []
}
