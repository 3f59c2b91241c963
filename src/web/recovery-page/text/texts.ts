/** The page's text, in each of its languages. */

import type { Language } from '../language.ts'
import { en } from './en.ts'
import { ja } from './ja.ts'
import type { PageText } from './page-text.ts'

export const texts = { en, ja } satisfies Record<Language, PageText>
