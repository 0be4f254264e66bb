import { useDirectoryIfLoaded } from '../api/organization'
import { useWords } from '../i18n'

/** Where a mistake stands, as a person finds it again: `items/2/500153003001`, `targets/1`, `lines/7/area`. */
export function useLineWords(): (line: string) => string {
  const { t, te } = useWords()
  const directory = useDirectoryIfLoaded()
  return (line) => {
    const [kind = '', number = '', ...rest] = line.split('/')
    if (!/^\d+$/.test(number) || !te(`line_of.${kind}`)) return line
    const more = rest.map((part) => (/^\d{6,}$/.test(part) ? (directory.value?.path(part) ?? part) : te(`line_part.${part}`) ? t(`line_part.${part as 'area'}`) : part))
    return [t(`line_of.${kind as 'items'}`, { n: number }), ...more].join(' · ')
  }
}
