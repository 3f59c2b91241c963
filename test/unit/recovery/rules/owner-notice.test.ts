import { describe, expect, it } from 'vitest'
import { ownerTold } from '../../../../src/recovery/rules/owner-notice.ts'
import { entryAbout } from '../../../support/decisions.ts'
import { executed, later, minute, noon, pending, terms } from '../../../support/examples.ts'

const soon = later(minute)
const card = { task: { kind: 'draw-card', request: pending().id }, lane: `card ${pending().id}` }

describe('what came of a message to the owner', () => {
  it('is that they were told', () => {
    expect(ownerTold(pending(), 'request', { at: noon }, terms(soon))).toEqual({
      entry: entryAbout(pending(), 'rekey', { type: 'owner.told', about: 'request' }),
      extras: {
        kind: 'owner-told',
        request: pending().id,
        told: { at: noon },
        jobs: [{ ...card, notBefore: soon }],
      },
    })
  })

  it('is why they were not', () => {
    const refused = 'messages_tab_disabled'
    expect(ownerTold(executed(), 'outcome', { refused }, terms(soon))).toEqual({
      entry: entryAbout(executed(), 'rekey', {
        type: 'owner.not-told',
        about: 'outcome',
        error: refused,
      }),
      extras: {
        kind: 'owner-told',
        request: executed().id,
        told: { refused },
        jobs: [{ ...card, notBefore: soon }],
      },
    })
  })
})
