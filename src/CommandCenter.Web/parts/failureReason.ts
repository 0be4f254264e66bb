import { useWords } from '../i18n'

/** The reasons that the host's channels give, and the words for them; what is none of these is shown as it came. */
const reasons = [
  [/ answered (\d+), a redirect, which is not followed\.$/, 'redirect'],
  [/ answered (\d+)\.$/, 'answered'],
  [/ answered errcode (\S+)\.$/, 'errcode'],
  [/ did not answer within (\d+) s\.$/, 'silent'],
  [/ could not be reached \((\w+)\)\.$/, 'unreachable'],
  [/^The connection to (.+) was lost\.$/, 'lost'],
] as const

/** Why a message did not go out, in the language of the reader. */
export function useFailureReason(): (reason: string) => string {
  const { t } = useWords()
  return (reason) => {
    for (const [pattern, name] of reasons) {
      const found = pattern.exec(reason)
      if (found) return t(`deliveryFailure.${name}`, { of: found[1] ?? '' })
    }
    return reason
  }
}
