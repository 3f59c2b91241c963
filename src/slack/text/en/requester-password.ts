/** The window that shows a password, once, and how it is read out. */

import type { RecoveryRequest } from '../../../recovery/model/request.ts'
import { when } from '../../kit/mrkdwn.ts'
import { escapedName } from './accounts.ts'

/** Mrkdwn; titles are plain. */
export const password = {
  title: 'Password',
  shownAlready: 'Shown already',
  fetching: 'Fetching the password…',
  shownOnce: ({ seen }: RecoveryRequest) =>
    `For ${escapedName(seen.name)}. *This is shown once.* The window is cleared in two minutes.`,
  toReadOut: 'To read it out',
  telling: [
    'Tell it to the owner by voice, once you are sure who they are.',
    'Never send it by chat, text message or e-mail, and don’t write it in the ticket.',
  ],
  staysValid:
    'It stays valid. Ask the owner to change it as soon as they are in: now two people know it.',
  change: 'At sign-in they have to choose a password of their own.',
  usableUntil: (end: Date) => `It can be used until ${when(end)}; then it is made useless.`,
  cleared:
    'The password has been taken off the screen, and Rekey no longer has it. If the owner did not get it, open a new request.',
}

const letters =
  'Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu'.split(
    ' ',
  )

const digits = 'zero one two three four five six seven eight nine'.split(' ')

// The symbols that Rekey's passwords are made of, under the names that people know.
const symbols: ReadonlyMap<string, string> = new Map([
  ['!', 'exclamation mark'],
  ['#', 'hash'],
  ['%', 'percent'],
  ['+', 'plus'],
  ['-', 'hyphen'],
  ['=', 'equals'],
  ['?', 'question mark'],
  ['@', 'at sign'],
])

/** A word for every character that Rekey's passwords are made of. Plain text. */
export const spelling = {
  /** By its capital. */
  letters: new Map(letters.map((word) => [word.charAt(0), word])),
  digits,
  symbols,
  capital: (word: string) => `capital ${word}`,
  small: (word: string) => `small ${word}`,
  /** Some characters in a row, by their places. */
  line: (from: number, to: number, words: readonly string[]) =>
    `${from} to ${to}: ${words.join(', ')}`,
}
