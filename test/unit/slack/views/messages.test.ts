/** The card, the requester's messages and the audit posts. */

import { describe, expect, test } from 'vitest'
import { entryTypes } from '../../../../src/audit/entry-data.ts'
import { requestStates } from '../../../../src/recovery/model/request.ts'
import { requestCard } from '../../../../src/slack/approver/request-card.ts'
import { readButton } from '../../../../src/slack/inbound/button-value.ts'
import { auditPost } from '../../../../src/slack/outbound/audit-post.ts'
import { requesterOutcome, requesterReceipt } from '../../../../src/slack/requester/messages.ts'
import { cardsOf, toRequester } from '../../../support/views/everything.ts'
import {
  cardFaults,
  everywhere,
  expectGoodCard,
  readable,
  stringsIn,
  worst,
} from '../../../support/views/oracle.ts'
import {
  calm,
  entryOf,
  everyEntry,
  everyRequest,
  executed,
  later,
  mary,
  pending,
  policy,
} from '../../../support/views/samples.ts'

test('the samples leave no state out', () => {
  const states = new Set(everyRequest().map(({ state }) => state))
  expect([...states].toSorted()).toEqual([...requestStates].toSorted())
})

describe('whatever people write', () => {
  // These, and all of the Big List of Naughty Strings: test/property/hostile-words.test.ts.
  test('Slack takes every card, message and post, and their words stay words', () => {
    for (const words of worst)
      expect(cardsOf(everywhere(words)).flatMap(cardFaults), words).toEqual([])
  })

  test('an account in a hundred groups, with many approvals, still fits', () => {
    const groups = Array.from({ length: 100 }, (_, index) => `<${index}>`.repeat(30))
    const approvals = Array.from({ length: 30 }, () => ({ by: mary, at: later(1) }))
    const request = pending({ seen: { ...pending().seen, groups }, approvals, approvalsNeeded: 31 })
    expectGoodCard(requestCard(request))
    for (const card of toRequester(request)) expectGoodCard(card)
  })

  test('an address in place of a name is not shown', () => {
    const words = { ...calm, name: 'jane@example.com' }
    const drawn = [
      ...everyRequest(words).flatMap((each) => [requestCard(each), ...toRequester(each)]),
      ...everyEntry(words).map(auditPost),
    ]
    expect(JSON.stringify(drawn)).not.toContain('jane@example.com')
  })
})

describe('the card', () => {
  test('has buttons while the request waits, and none afterwards', () => {
    for (const request of everyRequest()) {
      const hasButtons = requestCard(request).blocks.some(({ type }) => type === 'actions')
      const asks = request.state === 'pending' || request.state === 'needs-attention'
      expect(hasButtons).toBe(asks)
    }
  })

  test('its buttons carry the request and its version, and nothing else', () => {
    const request = pending({ version: 7 })
    const values = stringsIn(requestCard(request).blocks).filter(({ key }) => key === 'value')
    expect(values.map(({ text }) => text)).toEqual(Array(2).fill(`${request.id}:7`))
    expect(readButton(values[0]?.text)).toEqual({ id: request.id, version: 7 })
  })

  test.each([
    undefined,
    '',
    'REQ-1:1',
    'REQ-0000000000',
    'REQ-0000000000:0',
    'REQ-0000000000:1:2',
    'REQ-0000000000:-1',
    'REQ-0000000000:1e3',
  ])('reads nothing from a button that says %s', (value) => {
    expect(readButton(value)).toBeUndefined()
  })

  test('says who denied it and why, in blocks and in text', () => {
    const denied = everyRequest().find(({ state }) => state === 'denied') ?? pending()
    const card = requestCard(denied)
    for (const says of [card.text, readable(card.blocks)]) {
      expect(says).toContain('<@U0MARY>')
      expect(says).toContain(calm.comment)
    }
  })

  test('says how long the owner took to be back', () => {
    const recovered = everyRequest().find(({ state }) => state === 'recovered') ?? pending()
    expect(requestCard(recovered).text).toContain('after 12 minutes')
  })

  test('gives the AWS request id of a failure', () => {
    const failed = everyRequest().find(({ state }) => state === 'failed') ?? pending()
    expect(readable(requestCard(failed).blocks)).toContain('AWS request aws-1')
  })

  test('shows the whole reason, however long', () => {
    const reason = `${'a '.repeat(1000)}end`
    expect(readable(requestCard(pending({ reason })).blocks)).toContain(reason)
  })

  test('does not promise a message that may not have left', () => {
    const { sentTo: _, ...request } = executed({ confirmedBy: 'observation' })
    expect(requestCard(request).text).toContain('may not have been sent')
  })
})

describe('the requester’s messages', () => {
  test('are two: a receipt, and its outcome once there is one', () => {
    const open = ['pending', 'approved', 'executing']
    for (const request of everyRequest()) {
      expect(requesterOutcome(request, policy) === undefined).toBe(open.includes(request.state))
    }
  })

  test('offer to withdraw only until something is done', () => {
    for (const request of everyRequest()) {
      const { blocks } = requesterReceipt(request, policy)
      const undone = request.state === 'pending' || request.state === 'approved'
      expect(blocks.some(({ type }) => type === 'actions')).toBe(undone)
    }
  })

  test('offer the password only while it is sealed', () => {
    for (const request of everyRequest()) {
      const { blocks = [] } = requesterOutcome(request, policy) ?? {}
      const sealed = request.state === 'executed' && request.password === 'sealed'
      expect(JSON.stringify(blocks).includes('Show the password once')).toBe(sealed)
    }
  })

  test('say where a code went, and that an old password no longer works', () => {
    const text = requesterOutcome(executed(), policy)?.text
    expect(text).toContain('j***@e***.com')
    expect(text).toContain('The old password no longer works')
    expect(text).toContain('2026-11-22 13:04 UTC')
  })

  test('say after a recovery code that the present password keeps working', () => {
    const text = requesterOutcome(executed({ method: 'recovery-code' }), policy)?.text
    expect(text).toContain('keeps working')
  })
})

describe('an audit post', () => {
  test('ends with its place in the chain', () => {
    for (const chained of everyEntry()) {
      const { seq, request } = chained.entry
      const place = `#${seq} · cdcdcdcdcdcdcdcd…${request === null ? '' : ` · ${request}`}`
      const { text, blocks } = auditPost(chained)
      expect(text.split('\n').at(-1)).toBe(place)
      expect(blocks.at(-1)).toMatchObject({ type: 'context', elements: [{ text: place }] })
    }
  })

  test('says something of its own for every type', () => {
    const sentences = entryTypes.map((type) => auditPost(entryOf(type)).text.split('\n')[0])
    expect(new Set(sentences).size).toBe(entryTypes.length)
  })

  test('tells who, what, whom, why and when', () => {
    const { text } = auditPost(entryOf('request.denied'))
    expect(text).toContain('<@U0ADA> denied the recovery of Jane Doe (account …28950e)')
    expect(text).toContain(calm.comment)
    expect(text).toContain('2026-11-22 12:00 UTC')
  })

  test('of a refusal says what was tried and why not', () => {
    const { text } = auditPost(entryOf('decision.refused'))
    expect(text).toContain('wanted to approve the recovery of Jane Doe')
    expect(text).toContain('they had asked for it themself')
  })

  test.each([
    [['requester', 'approvals'], 'REQ-0000000001: who asked, who approved. Nothing is done by it.'],
    [['effectKind', 'effectFence'], 'REQ-0000000001: the call to Cognito. Nothing is done by it.'],
    [['seal'], 'REQ-0000000001. Nothing is done by it.'],
    [['a word of another version'], 'REQ-0000000001. Nothing is done by it.'],
  ])('F2 of a request that was changed says what of it: %s', (differs, sentence) => {
    const altered = entryOf('request.altered')
    const data = { named: 'REQ-0000000001', differs }
    const { text } = auditPost({ ...altered, entry: { ...altered.entry, data } })
    expect(text).toContain(`has changed what is stored of the request ${sentence}`)
  })
})
