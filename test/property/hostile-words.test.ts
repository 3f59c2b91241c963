/** Whatever people write, and wherever: Slack takes what Rekey makes of it, and the words stay words. */

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { soak } from '../support/soak.ts'
import { cardsOf, windowsOf } from '../support/views/everything.ts'
import { cardFaults, everywhere, hostile, nasty, viewFaults } from '../support/views/oracle.ts'
import type { Words } from '../support/views/samples.ts'

describe('whatever people write', () => {
  it('P16 T11 Slack takes every card, message and post, and their words stay words', () => {
    forHostileWords((words) => cardsOf(words).flatMap(cardFaults))
  })

  it('P16 T11 Slack takes every window, and their words stay words', () => {
    forHostileWords((words) => windowsOf(words).flatMap(viewFaults))
  })
})

/** The whole list in every place at once, and what chance draws, in each place something else. */
function forHostileWords(faultsWith: (words: Words) => unknown[]): void {
  for (const each of nasty) expect(faultsWith(everywhere(each)), each).toEqual([])
  const words = fc.property(hostile, (drawn) => {
    expect(faultsWith(drawn)).toEqual([])
  })
  // biome-ignore lint/nursery/noFloatingPromises: the property is synchronous, and so is its assertion
  fc.assert(words, { numRuns: soak.hostileWords })
}
