import { createContext, useContext } from 'react'
import { english, type Words } from './words/english.ts'
import { indonesian } from './words/indonesian.ts'

export type { Words }
export const LANGUAGES = { en: english, id: indonesian }
export type Language = keyof typeof LANGUAGES

export const WordsContext = createContext<{ words: Words; language: Language; toggle: () => void }>({
  words: english,
  language: 'en',
  toggle: () => undefined,
})
export const useWords = () => useContext(WordsContext).words

/** The reader's choice, else the browser's. */
export function firstLanguage(): Language {
  const chosen = window.localStorage.getItem('language') ?? window.navigator.language
  return chosen.startsWith('id') ? 'id' : 'en'
}
