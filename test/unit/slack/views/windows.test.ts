// biome-ignore-all lint/style/noExcessiveLinesPerFile: every window, over the same samples

/** The modals: the requester's form, the approver's windows, the password's one showing. */

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Availability } from '../../../../src/recovery/model/account.ts'
import { refusals } from '../../../../src/recovery/model/decision.ts'
import { Secret } from '../../../../src/secret.ts'
import { approvalView, readDecision } from '../../../../src/slack/approver/approval-modal.ts'
import {
  denialView,
  denyCommentBlock,
  readDenial,
} from '../../../../src/slack/approver/denial-modal.ts'
import { readChoice } from '../../../../src/slack/inbound/button-value.ts'
import { noticeView } from '../../../../src/slack/inbound/notice.ts'
import { chooserView, readQuery } from '../../../../src/slack/requester/account-search.ts'
import { formErrors, readForm } from '../../../../src/slack/requester/form-fields.ts'
import {
  clearedView,
  fetchingView,
  passwordView,
} from '../../../../src/slack/requester/password-modal.ts'
import { formView } from '../../../../src/slack/requester/recovery-form.ts'
import { refusalSentence, refusalWords } from '../../../../src/slack/text/en/refusals.ts'
import { application } from '../../../support/examples.ts'
import { allClosed, windowsOf } from '../../../support/views/everything.ts'
import {
  everywhere,
  expectGoodView,
  readable,
  stringsIn,
  viewFaults,
  worst,
} from '../../../support/views/oracle.ts'
import {
  availability,
  calm,
  candidate,
  everyRequest,
  executed,
  later,
  pending,
  policy,
  status,
} from '../../../support/views/samples.ts'

const closed: Availability = { open: false, because: 'disabled' }

describe('whatever people write', () => {
  // These, and all of the Big List of Naughty Strings: test/property/hostile-words.test.ts.
  test('Slack takes every window, and their words stay words', () => {
    for (const words of worst)
      expect(windowsOf(everywhere(words)).flatMap(viewFaults), words).toEqual([])
  })

  test('Slack takes the windows in which nobody has written anything', () => {
    expectGoodView(fetchingView())
    expectGoodView(clearedView())
    expectGoodView(passwordView(executed(), new Secret('aW'.repeat(128)), policy))
    expectGoodView(noticeView('A title that is a good deal too long', ''))
  })
})

describe('the form', () => {
  test.each([
    ['reset', status('CONFIRMED')],
    ['recovery-code', status('RESET_REQUIRED')],
    ['resend-invitation', status('FORCE_CHANGE_PASSWORD')],
    ['temporary-password', { availability: availability({ reset: closed }) }],
  ] as const)('has %s chosen already where that fits best', (method, differs) => {
    const input = formView(candidate(differs), policy).blocks.find(
      (block) => block.block_id === 'method',
    )
    expect(input).toMatchObject({ element: { initial_option: { value: method } } })
  })

  test('offers open methods only, and explains the others', () => {
    const view = formView(
      candidate({
        availability: availability({ reset: { open: false, because: 'no-verified-contact' } }),
      }),
      policy,
    )
    const values = stringsIn(view.blocks).filter(({ key }) => key === 'value')
    expect(values.map(({ text }) => text)).not.toContain('reset')
    expect(readable(view)).toContain('no suitable e-mail address or phone number')
  })

  test('names what only the policy forbids in one line', () => {
    const forbidden: Availability = { open: false, because: 'not-in-policy' }
    const view = formView(
      candidate({
        availability: availability({ reset: forbidden, 'permanent-password': forbidden }),
      }),
      policy,
    )
    expect(readable(view)).toContain(
      'Not allowed by the policy for accounts like this one: Reset with a code and Permanent password.',
    )
  })

  test('cannot be sent where nothing can help', () => {
    const view = formView(candidate({ availability: allClosed }), policy)
    expect(view.submit).toBeUndefined()
    expect(readable(view)).toContain('The account is disabled')
  })

  test('warns of a tier that is not the usual one', () => {
    const usual = candidate()
    const privileged = { ...usual, tier: { ...usual.tier, name: 'privileged', approvals: 2 } }
    expect(readable(formView(usual, policy))).not.toContain('Protected account')
    expect(readable(formView(privileged, policy))).toContain(
      'Protected account: 2 approvals needed',
    )
  })

  test('carries the account and nothing else', () => {
    const { ref } = candidate().account
    const { private_metadata } = formView(candidate(), policy)
    expect(JSON.parse(private_metadata ?? '')).toEqual({ pool: ref.pool, sub: ref.sub })
  })
})

describe('reading the form', () => {
  const metadata = JSON.stringify({ pool: 'customers', sub: 'sub-1' })

  function submitted(fields: Record<string, unknown>, private_metadata = metadata) {
    const values = Object.entries(fields).map(([block, state]) => [block, { [block]: state }])
    return { private_metadata, state: { values: Object.fromEntries(values) } }
  }

  const complete = {
    method: { selected_option: { value: 'reset' } },
    'identity-check': { selected_option: { value: 'callback' } },
    reason: { value: '  Lost her phone.  ' },
    ticket: { value: ' HELP-42 ' },
    'evidence-callback': { selected_option: { value: 'Contract' } },
  }

  test('gives what was asked for, trimmed', () => {
    expect(readForm(submitted(complete))).toEqual({
      kind: 'application',
      application: {
        pool: 'customers',
        sub: 'sub-1',
        method: 'reset',
        identityCheck: 'callback',
        reason: 'Lost her phone.',
        ticket: 'HELP-42',
        evidence: 'Contract',
      },
    })
  })

  test.each([
    ['method', undefined],
    ['method', { selected_option: { value: 'format-disk' } }],
    ['method', { selected_option: null }],
    ['identity-check', { selected_option: null }],
    ['evidence-callback', { selected_option: null }],
    ['reason', { value: null }],
    ['reason', { value: '   too few   ' }],
    ['reason', { value: 'x'.repeat(501) }],
    ['ticket', { value: '  ' }],
    ['ticket', { value: 'x'.repeat(65) }],
  ])('puts what is wrong with %s on that field: %j', (block, value) => {
    const form = readForm(submitted({ ...complete, [block]: value }))
    expect(form.kind === 'errors' && Object.keys(form.errors)).toEqual([block])
  })

  test('takes a link for the source of a request only if it leads to a message in Slack', () => {
    const from = (source: string) => {
      const form = readForm(
        submitted(complete, JSON.stringify({ pool: 'customers', sub: 'sub-1', source })),
      )
      return form.kind === 'application' && form.application.source
    }
    const link = 'https://acme.slack.com/archives/C0SUPPORT/p1763000000000100'
    expect(from(link)).toBe(link)
    expect(from('https://acme.slack.com.evil.example/archives/C0SUPPORT/p17')).toBeUndefined()
    expect(from(`${link}|Click here>`)).toBeUndefined()
    expect(from('javascript:alert(1)')).toBeUndefined()
  })

  test('counts an emoji as one character', () => {
    const form = readForm(submitted({ ...complete, reason: { value: '🔑'.repeat(500) } }))
    expect(form.kind).toBe('application')
  })

  test('says so when it is not known which account it is for', () => {
    for (const broken of ['', '{', '{}', 'null', '{"pool":"customers","sub":7}']) {
      expect(readForm(submitted(complete, broken)).kind).toBe('errors')
    }
  })

  test('B10 never falls over, whatever arrives', () => {
    void fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(complete)), fc.anything()),
        fc.string(),
        (fields, text) => {
          const form = readForm(submitted(fields, text))
          if (form.kind === 'errors') expect(Object.keys(form.errors)).not.toEqual([])
          expect(readQuery(submitted(fields))).toBe('')
        },
      ),
    )
  })

  test('puts a refusal on the field it is about', () => {
    expect(formErrors('method-closed', application, policy)).toEqual({
      method: refusalWords['method-closed'],
    })
    expect(formErrors('evidence-malformed', application, policy)).toEqual({
      'evidence-callback': refusalWords['evidence-malformed'],
    })
    expect(formErrors('own-account', application, policy)).toBeUndefined()
  })
})

describe('choosing among several accounts', () => {
  const found = { more: false, unsearchedPools: [], unmatched: [] }

  test('the button names the account, and is read back', () => {
    const { ref } = candidate().account
    const values = stringsIn(chooserView({ ...found, candidates: [candidate()] }, {})).filter(
      ({ key }) => key === 'value',
    )
    expect(readChoice(values[0]?.text ?? '')).toEqual({ pool: ref.pool, sub: ref.sub })
  })

  test.each(['', 'customers', 'customers:', ':sub', '<!channel>:sub', 'customers:a b'])(
    'reads nothing from %j',
    (value) => {
      expect(readChoice(value)).toBeUndefined()
    },
  )

  test('at most ten are shown, and it says that there are more', () => {
    const view = chooserView({ ...found, candidates: Array(11).fill(candidate()) }, {})
    expect(view.blocks.filter(({ type }) => type === 'section')).toHaveLength(11)
    expect(readable(view)).toContain('more than these')
  })
})

describe('approving', () => {
  test('warns of an account that was changed in the last three days', () => {
    const hours = (count: number) => ({
      seen: { ...pending().seen, modifiedAt: later(-60 * count) },
    })
    expect(readable(approvalView(pending(hours(71)), policy))).toContain(
      '71 hours before the request',
    )
    expect(readable(approvalView(pending(hours(73)), policy))).not.toContain('changed recently')
  })

  test('says whether this approval is the last one needed', () => {
    const two = { approvalsNeeded: 2 }
    expect(readable(approvalView(pending(), policy))).toContain('Rekey acts at once')
    expect(readable(approvalView(pending(two), policy))).toContain('1 more approval will be needed')
  })

  test('asks for as many approvals as the policy wants by now', () => {
    const request = pending({ tier: 'privileged' })
    expect(readable(approvalView(request, policy))).toContain('No approvals yet, 2 needed')
  })

  test('has the name of a privileged account typed, or the end of its id where it has none', () => {
    const request = pending({ privileged: true })
    const view = readable(approvalView(request, policy))
    expect(view).toContain('type the account’s name as it stands above')
    expect(view).toContain(`Or the last six characters of its id: ${request.account.sub.slice(-6)}`)
    const nameless = { ...request, seen: { ...request.seen, name: 'j***@e***.com' } }
    expect(readable(approvalView(nameless, policy))).toContain('type the last six characters')
    expect(readable(approvalView(pending(), policy))).not.toContain('To approve, type')
  })

  test('B5 carries the request and the version that was seen, and nothing else', () => {
    const request = pending({ version: 3 })
    for (const view of [approvalView(request, policy), denialView(request)]) {
      const private_metadata = view.private_metadata ?? ''
      expect(JSON.parse(private_metadata)).toEqual({ id: request.id, version: 3 })
      const seen = { id: request.id, version: 3, typed: '' }
      expect(readDecision({ private_metadata, state: { values: {} } })).toEqual(seen)
    }
  })

  test.each(['', '[]', '{"id":"REQ-1","version":1}', '{"id":"REQ-0000000000","version":1.5}'])(
    'reads nothing from %j',
    (private_metadata) => {
      expect(readDecision({ private_metadata, state: { values: {} } })).toBeUndefined()
    },
  )
})

test('a denial is read with its comment, trimmed', () => {
  const request = pending()
  const private_metadata = denialView(request).private_metadata ?? ''
  const values = { [denyCommentBlock]: { [denyCommentBlock]: { value: ' No. ' } } }
  expect(readDenial({ private_metadata, state: { values } })).toEqual({
    id: request.id,
    version: 1,
    comment: 'No.',
  })
  expect(readDenial({ private_metadata, state: { values: {} } })?.comment).toBe('')
})

describe('the password', () => {
  const request = executed({ method: 'temporary-password', password: 'revealing' })
  const view = passwordView(request, new Secret('aR7-+x2'), policy)

  test('is there as it is, in one piece', () => {
    expect(view.blocks).toContainEqual({
      type: 'rich_text',
      elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'aR7-+x2' }] }],
    })
  })

  test('can be read out, character by character', () => {
    expect(readable(view)).toContain('1 to 4: small Alfa, capital Romeo, seven, hyphen')
    expect(readable(view)).toContain('5 to 7: plus, small X-ray, two')
  })

  test('comes with the time until which it can be used', () => {
    expect(readable(view)).toContain('2026-11-22 13:04 UTC')
  })

  test('T23 is in no title, button or metadata', () => {
    const { blocks: _, ...around } = view
    expect(JSON.stringify(around)).not.toContain('aR7')
    expect(
      stringsIn(view).filter(({ key, text }) => key !== 'text' && text.includes('aR7')),
    ).toEqual([])
  })
})

describe('a refusal', () => {
  test('has a sentence that Slack takes, with or without the request', () => {
    for (const why of refusals) {
      expectGoodView(noticeView('Not possible', refusalSentence(why)))
      expectGoodView(noticeView('Not possible', refusalSentence(why, pending())))
    }
  })

  test('says by whom a request was decided, and when', () => {
    const denied = everyRequest().find(({ state }) => state === 'denied') ?? pending()
    expect(refusalSentence('already-decided', denied)).toMatch(
      /^This request was already denied by <@U0MARY> <!date\^/,
    )
    for (const request of everyRequest()) {
      if (request.state === 'pending' || request.state === 'expired') continue
      expect(refusalSentence('already-decided', request)).toMatch(/ by <@U0\w+> <!date\^/)
    }
  })

  test('tells whoever has no say nothing about the request', () => {
    for (const request of everyRequest()) {
      for (const why of [
        'not-an-approver',
        'own-request',
        'own-account',
        'not-your-request',
      ] as const) {
        expect(refusalSentence(why, request)).toBe(refusalWords[why])
      }
    }
  })
})

test('calm words look like themselves in the form', () => {
  const text = readable(formView(candidate(), policy))
  for (const says of [calm.name, `${calm.masked} (verified)`, calm.group, '…28950e', 'Confirmed']) {
    expect(text).toContain(says)
  }
})
