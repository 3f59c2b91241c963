/** Which of the page's languages somebody reads. */

export const languages = ['en', 'ja'] as const

export type Language = (typeof languages)[number]

/** The language that somebody has chosen, or else the one their browser asks for. */
export function languageOf(chosen: string | null, acceptLanguage = ''): Language {
  return languages.find((each) => each === chosen) ?? accepted(acceptLanguage)
}

export function otherThan(language: Language): Language {
  return language === 'en' ? 'ja' : 'en'
}

// RFC 9110, 12.5.4: ranges with weights, such as `ja,en-US;q=0.7`. What comes first wins a draw.
function accepted(header: string): Language {
  const wanted = header
    .split(',')
    .map((range) => {
      const [tag = '', weight] = range.toLowerCase().split(';q=')
      return { tag: tag.trim().split('-')[0], weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
  for (const { tag } of wanted) {
    const known = languages.find((each) => each === tag)
    if (known) return known
  }
  return 'en'
}
