import { watchEffect } from 'vue'
import { createI18n, useI18n } from 'vue-i18n'
import { en } from './en'
import { zh, type Messages } from './zh'

export const languages = ['zh', 'en'] as const
export type Language = (typeof languages)[number]

const remembered = 'command-center.language'

export function isLanguage(value: unknown): value is Language {
  return languages.includes(value as Language)
}

/** The address says it, else the last choice on this device, else Chinese. */
export function startLanguage(search: string, stored: string | null): Language {
  const asked = new URLSearchParams(search).get('lang')
  return isLanguage(asked) ? asked : isLanguage(stored) ? stored : 'zh'
}

function stored(): string | null {
  try {
    return localStorage.getItem(remembered)
  } catch {
    return null
  }
}

export function createWords(language: Language = startLanguage(location.search, stored())) {
  return createI18n<[Messages], Language, false>({ legacy: false, locale: language, fallbackLocale: 'zh', messages: { zh, en } })
}

export function useWords() {
  const { t, te, locale } = useI18n<{ message: Messages }, Language>()
  return { t, te, locale }
}

export function chooseLanguage(locale: { value: Language }, language: Language): void {
  locale.value = language
  try {
    localStorage.setItem(remembered, language)
  } catch {
    // Without storage the choice holds until the page is closed.
  }
}

/** Screen readers and fonts follow the language of the page, and so does the window's title. */
export function useDocumentLanguage(title: () => string): void {
  const { t, locale } = useWords()
  watchEffect(() => {
    document.documentElement.lang = locale.value === 'zh' ? 'zh-CN' : 'en'
    document.title = `${title()} · ${t('product.name')}`
  })
}
