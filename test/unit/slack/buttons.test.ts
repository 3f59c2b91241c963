/** Which buttons there are, and who is offered which. */

import type { KnownBlock } from '@slack/types'
import { describe, expect, test } from 'vitest'
import type { RecoveryRequest } from '../../../src/recovery/model/request.ts'
import { requestCard } from '../../../src/slack/approver/request-card.ts'
import { buttonIds, formIds, offeredTo, radioIds } from '../../../src/slack/buttons.ts'
import { listMessage } from '../../../src/slack/overview/request-list.ts'
import { requesterOutcome, requesterReceipt } from '../../../src/slack/requester/messages.ts'
import {
  everyRequest,
  executed,
  later,
  mary,
  pending,
  policy,
} from '../../support/views/samples.ts'

const reported = { reported: { by: mary, at: later(5) } }

const requests: readonly RecoveryRequest[] = [
  ...everyRequest(),
  ...everyRequest().map((request) => ({ ...request, ...reported })),
]

const verdicts = ['recovery.worked', 'recovery.not-worked']

test('what was drawn by a Rekey before is pressed in front of this one: ids stay', () => {
  expect([buttonIds, radioIds, formIds].flatMap((ids) => Object.values(ids))).toEqual([
    'recovery.approve',
    'recovery.deny',
    'recovery.withdraw',
    'recovery.worked',
    'recovery.not-worked',
    'recovery.send-again',
    'recovery.again',
    'recovery.reveal',
    'recovery.report',
    'recovery.thaw',
    'recovery.resume',
    'recovery.choose',
    'identity-check',
    'recovery.find',
    'recovery.open',
    'recovery.approve.submit',
    'recovery.deny.submit',
  ])
})

describe('a requester is offered', () => {
  test('the same in their messages and in their list', async () => {
    for (const request of requests) {
      const { blocks: receipt } = requesterReceipt(request, policy)
      const { blocks: outcome = [] } = requesterOutcome(request, policy) ?? {}
      expect(await inList('mine', request)).toEqual(buttonsIn([...receipt, ...outcome]))
    }
  })

  test.each([
    ['while it waits', pending(), ['recovery.withdraw']],
    ['a password to see', executed({ method: 'temporary-password' }), ['recovery.reveal']],
    ['nothing of a password seen', password('revealed'), []],
    ['to ask again for one destroyed', password('burnt'), ['recovery.again']],
    ['nothing of one destroyed and reported', { ...password('burnt'), ...reported }, []],
    ['to say what came of a password', unclear('temporary-password'), verdicts],
    ['or to send a code again', unclear('reset'), [...verdicts, 'recovery.send-again']],
    ['to ask again for what expired', expired(), ['recovery.again']],
    ['nothing of what the owner reported', { ...expired(), ...reported }, []],
  ])('%s', (_, request, ids) => {
    expect(offeredTo(request, 'requester').map(({ action_id }) => action_id)).toEqual(ids)
  })
})

describe('an approver is offered', () => {
  test('the same on the card and in their list', async () => {
    for (const request of requests) {
      expect(await inList('pending', request)).toEqual(buttonsIn(requestCard(request).blocks))
    }
  })
})

function password(fate: 'revealed' | 'burnt'): RecoveryRequest {
  return executed({ method: 'temporary-password', password: fate })
}

function unclear(method: RecoveryRequest['method']): RecoveryRequest {
  const found = everyRequest().find(({ state }) => state === 'needs-attention') ?? pending()
  return { ...found, method }
}

function expired(): RecoveryRequest {
  return everyRequest().find(({ state }) => state === 'expired') ?? pending()
}

async function inList(which: 'mine' | 'pending', request: RecoveryRequest) {
  const listing = { kind: 'listed', altered: [], requests: [request], pause: undefined } as const
  const { blocks = [] } = await listMessage(which, listing, async () => undefined)
  return buttonsIn(blocks)
}

function buttonsIn(blocks: readonly KnownBlock[]) {
  return blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []))
}
