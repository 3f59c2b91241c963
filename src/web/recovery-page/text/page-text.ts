/** Everything that the page says, in whichever language. */

import type { RuleName } from '../rules.ts'
import type { Notice, Problem } from '../screen.ts'

export interface PageText {
  /** The language's own name for itself. */
  readonly language: string
  readonly title: string
  readonly problemTitle: string
  readonly pools: string
  readonly ask: string
  readonly askHint: string
  readonly username: string
  readonly send: string
  readonly have: string
  readonly change: string
  readonly sent: string
  readonly account: string
  readonly code: string
  readonly codeHint: string
  readonly password: string
  readonly show: string
  readonly rules: string
  readonly rulesUnknown: string
  /** `{n}` stands for the number of characters. */
  readonly rule: Readonly<Record<RuleName, string>>
  readonly met: string
  readonly notMet: string
  readonly allMet: string
  /** `{n}` stands for how many. */
  readonly missing: string
  readonly set: string
  readonly nothingCame: string
  readonly sendAgain: string
  readonly otherAccount: string
  readonly done: string
  readonly doneHint: string
  /**
   * A wrong code, an expired one and one too many for Cognito have the same sentence: of an account without a code Cognito
   * says "expired", of one that doesn't exist it says "wrong", and of one that was tried under two names it says "too
   * many". Several sentences would pass that on to anybody who asks.
   */
  readonly problems: Readonly<Record<Problem, string>>
  readonly notices: Readonly<Record<Notice, string>>
  readonly back: string
}
