/** Keys are stored, so each has to be spelled as it always was. */

import { describe, expect, test } from 'vitest'
import { newId, personId, requestId } from '../../../../src/ids.ts'
import {
  type MessageKey,
  messageKey,
  readMessageKey,
  witnessOf,
} from '../../../../src/slack/outbound/message-keys.ts'

const request = requestId('REQ-0123456789') ?? newId('request')
const requester = personId('U0ADA')

const spelled: readonly (readonly [MessageKey, string])[] = [
  [{ kind: 'card', request }, 'card REQ-0123456789'],
  [{ kind: 'reminder-thread', request }, 'reminders REQ-0123456789'],
  [{ kind: 'reminder', request, round: 0 }, 'reminder REQ-0123456789 0'],
  [{ kind: 'reminder', request, round: 12 }, 'reminder REQ-0123456789 12'],
  [{ kind: 'requester', request, stage: 'sent' }, 'requester REQ-0123456789 sent'],
  [{ kind: 'requester', request, stage: 'outcome' }, 'requester REQ-0123456789 outcome'],
  [{ kind: 'owner', request, stage: 'notice' }, 'owner REQ-0123456789 notice'],
  [{ kind: 'owner', request, stage: 'outcome' }, 'owner REQ-0123456789 outcome'],
  [
    { kind: 'pause', requester, change: 'paused', since: 1795348800000 },
    'halt U0ADA paused 1795348800000',
  ],
  [
    { kind: 'pause', requester, change: 'resumed', since: 1795348800000 },
    'halt U0ADA resumed 1795348800000',
  ],
  [{ kind: 'audit-thread', request }, 'audit REQ-0123456789'],
  [{ kind: 'entry', seq: 42 }, 'audit entry 42'],
  [{ kind: 'checkpoint', size: 1024 }, 'checkpoint 1024'],
  [{ kind: 'alert', seq: 42 }, 'alert 42'],
]

describe('a message’s key', () => {
  test.each(spelled)('of %o is spelled %s', (of, key) => {
    expect(messageKey(of)).toBe(key)
  })

  test.each(spelled)('is read back: %o from %s', (of, key) => {
    expect(readMessageKey(key)).toEqual(of)
  })

  test.each([
    '',
    'card',
    'card REQ-1',
    'card REQ-0123456789 ',
    'card REQ-0123456789 1',
    'cards REQ-0123456789',
    'reminder REQ-0123456789',
    'reminder REQ-0123456789 1.0',
    'requester REQ-0123456789 notice',
    'owner REQ-0123456789 sent',
    'halt U0ADA frozen 1',
    'halt  paused 1',
    'halt U0ADA paused',
    'audit',
    'audit entry',
    'audit entry one',
    'audit entry 042',
    'audit entry 1 2',
    'checkpoint 1e3',
    'alert',
    'alert NaN',
    'alert -1',
    'alert 0x10',
  ])('is no other: “%s”', (key) => {
    expect(readMessageKey(key)).toBeUndefined()
  })

  test('tells which posts bear witness to the ledger', () => {
    const witnesses = spelled.filter(([, key]) => witnessOf(key) !== undefined)
    expect(witnesses.map(([{ kind }]) => kind)).toEqual(['entry', 'checkpoint'])
  })
})
