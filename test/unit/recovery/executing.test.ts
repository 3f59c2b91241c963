// biome-ignore-all lint/style/noExcessiveLinesPerFile: every step of an effect, over the same request

import { describe, expect, it } from 'vitest'
import type { PersonId } from '../../../src/ids.ts'
import type { AccountStatus } from '../../../src/recovery/model/account.ts'
import type { Answer, Effect, FailureKind } from '../../../src/recovery/model/effect.ts'
import type { PauseState } from '../../../src/recovery/model/pause.ts'
import type { Executed, Pending, RecoveryRequest } from '../../../src/recovery/model/request.ts'
import type { Person } from '../../../src/recovery/ports/directory.ts'
import { claim, claimAgain, type FirstClaimFacts } from '../../../src/recovery/rules/claim.ts'
import { comesFirst, followUp, settleScramble } from '../../../src/recovery/rules/follow-up.ts'
import { observe } from '../../../src/recovery/rules/observe.ts'
import { burn, release, reveal, revealed } from '../../../src/recovery/rules/password.ts'
import { type Said, settleSignOut } from '../../../src/recovery/rules/repeatable.ts'
import { resolve, sendAgain } from '../../../src/recovery/rules/resolve.ts'
import type { Participants } from '../../../src/recovery/rules/rights.ts'
import { duplicate, settle } from '../../../src/recovery/rules/settle.ts'
import { expectRefused, kinds, moved } from '../../support/decisions.ts'
import {
  account,
  ada,
  approved,
  availableMethods,
  effect,
  effectId,
  eve,
  executed,
  executing,
  grace,
  later,
  mary,
  minute,
  noon,
  pending,
  policy,
  someone,
  terms,
} from '../../support/examples.ts'

function facts(differs: Partial<FirstClaimFacts> = {}): FirstClaimFacts {
  return {
    account: account(),
    participants: people(grace),
    effectId,
    sealed: undefined,
    earlier: [],
    ...differs,
  }
}

/** Whoever asked, and them. */
function people(...them: Person[]): Map<PersonId, Person> {
  return new Map([ada, ...them].map((one) => [one.id, one]))
}

const soon = later(minute)

describe('claim', () => {
  it('I1 writes the intent down, with the account as it is before the call', () => {
    const change = moved(claim(approved(), facts(), terms(noon)))
    expect(change.request).toMatchObject({ state: 'executing', effect: effectId })
    expect(change.effect).toMatchObject({
      state: 'intended',
      fence: 1,
      attempts: 1,
      before: { status: 'CONFIRMED' },
    })
    expect(change.entry.type).toBe('effect.intended')
  })

  it('B6 does not carry out what was approved in time and is too late now', () => {
    expect(moved(claim(approved(), facts(), terms(later(30 * minute)))).request.state).toBe(
      'expired',
    )
  })

  it.each([
    ['who has left the group', people(someone(grace.id, []))],
    ['who has left the company', people(someone(grace.id, grace.groups, false))],
    ['whom Slack no longer knows', people()],
  ])('SE-04 voids the approval of somebody %s, and waits for another', (_, participants) => {
    const change = moved(claim(approved(), facts({ participants }), terms(noon)))
    expect(change.request).toMatchObject({ state: 'pending', approvals: [], pendingSince: 3 })
    expect(change.entry).toMatchObject({ type: 'approvals.voided', data: { voided: [grace.id] } })
  })

  it('sees soon who is left to decide, where an approval is void', () => {
    const change = moved(claim(approved(), facts({ participants: people() }), terms(noon)))
    const look = change.jobs.find(({ task }) => task.kind === 'see-who-is-left')
    expect(look?.notBefore).toEqual(later(minute))
  })

  it('B3: goes back for one of each that it was opened with, though the policy asks for them no more', () => {
    const from = [{ kind: 'group', id: 'S0SECURITY' }] as const
    const lea = someone('U0LEA', ['S0LEADS'])
    const by = (who: Person) => approved({ from, approvals: [{ by: who.id, at: noon }] })
    expect(
      moved(claim(by(lea), facts({ participants: people(lea) }), terms(noon))).request,
    ).toMatchObject({ state: 'pending', missing: ['S0SECURITY'] })
    expect(moved(claim(by(grace), facts(), terms(noon))).request.state).toBe('executing')
  })

  it('keeps the approvals that still stand', () => {
    const approvals = [grace, mary].map(({ id }) => ({ by: id, at: noon }))
    const request = approved({ tier: 'privileged', approvalsNeeded: 2, approvals })
    const change = moved(claim(request, facts({ participants: people(mary) }), terms(noon)))
    expect(change.request).toMatchObject({ state: 'pending', approvals: [{ by: mary.id }] })
  })

  it.each([
    ['the account has become an admin’s', account({ groups: ['admins'] }), 'TierChanged'],
    [
      'T19 its address, or anything else of it, is not what was approved',
      account({ modifiedAt: soon }),
      'AccountChanged',
    ],
    [
      'CG-08 the account was disabled meanwhile',
      account({
        availability: { ...availableMethods, reset: { open: false, because: 'disabled' } },
      }),
      'MethodClosed',
    ],
  ])('fails and changes nothing when %s', (_, changed, name) => {
    const change = moved(claim(approved(), facts({ account: changed }), terms(noon)))
    expect(change.request).toMatchObject({ state: 'failed', failure: { name } })
    expect(kinds(change)).toEqual(['draw-card', 'tell-requester'])
  })
})

describe('settle', () => {
  const done: Answer = { kind: 'done', awsRequestId: 'aws-1' }
  const failure = { kind: 'throttled', name: 'TooManyRequestsException' } as const

  it('tells people, ends sessions and watches for the owner’s return once it is done', () => {
    const change = moved(settle(executing(), effect(), done, terms(soon)))
    expect(change.request).toMatchObject({
      state: 'executed',
      confirmedBy: 'answer',
      sessions: 'to-revoke',
    })
    expect(kinds(change)).toEqual([
      'check-addresses',
      'draw-card',
      'tell-requester',
      'revoke-sessions',
      'follow-up',
    ])
    expect(change.entry).toMatchObject({
      type: 'effect.confirmed',
      data: { awsRequestId: 'aws-1' },
    })
  })

  it('leaves sessions alone with a method that changes no password', () => {
    const change = moved(
      settle(executing({ method: 'recovery-code' }), effect(), done, terms(soon)),
    )
    expect(change.request).toMatchObject({ sessions: 'kept' })
    expect(kinds(change)).not.toContain('revoke-sessions')
  })

  it('has an unasked temporary password burnt when its time is up', () => {
    const change = moved(
      settle(executing({ method: 'temporary-password' }), effect(), done, terms(noon)),
    )
    expect(change.request).toMatchObject({ password: 'sealed' })
    const job = change.jobs.find(({ task }) => task.kind === 'burn-password')
    expect(job?.notBefore).toEqual(later(15 * minute))
  })

  it('fails on a definite no, and destroys the password', () => {
    const change = moved(settle(executing(), effect(), { kind: 'refused', failure }, terms(soon)))
    expect(change.request).toMatchObject({ state: 'failed', failure })
    expect(change.secret).toEqual({ shred: true })
  })

  it('CG-01 stays under way when Cognito asks for patience, for a quarter of an hour', () => {
    const answer = { kind: 'not-applied', failure } as const
    const change = moved(settle(executing(), effect(), answer, terms(soon)))
    expect(change).toMatchObject({
      request: { state: 'executing' },
      effect: { state: 'not-applied' },
    })
    const late = moved(settle(executing(), effect(), answer, terms(later(16 * minute))))
    expect(late.request.state).toBe('failed')
  })

  it('does not guess when the answer is lost', () => {
    const answer = {
      kind: 'unknown',
      failure: { kind: 'no-answer', name: 'TimeoutError' },
    } as const
    const change = moved(settle(executing(), effect(), answer, terms(soon)))
    expect(change).toMatchObject({ request: { state: 'executing' }, effect: { state: 'unknown' } })
  })

  it('CG-06 takes "it was used before" on a second attempt as a sign that the first one landed', () => {
    const answer = {
      kind: 'refused',
      failure: { kind: 'password-history', name: 'PasswordHistoryPolicyViolationException' },
    } as const
    const retry = moved(settle(executing(), effect({ attempts: 2 }), answer, terms(soon)))
    expect(retry.request).toMatchObject({ state: 'executed', confirmedBy: 'observation' })
    const first = moved(settle(executing(), effect(), answer, terms(soon)))
    expect(first.request.state).toBe('failed')
  })
})

describe('observe', () => {
  const unknown = effect({ state: 'unknown' })
  const reset = account({ status: 'RESET_REQUIRED', modifiedAt: soon })

  it('CG-04 confirms by what the account shows, and says so', () => {
    const change = moved(observe(executing(), unknown, reset, terms(soon)))
    expect(change.request).toMatchObject({ state: 'executed', confirmedBy: 'observation' })
    expect(change.entry.type).toBe('effect.observed')
  })

  it('CG-02 looks twice before a code is sent again', () => {
    const first = moved(observe(executing(), unknown, account(), terms(soon)))
    expect(first.effect).toMatchObject({ state: 'unknown', unchangedLooks: 1 })
    const second = moved(observe(executing(), first.effect ?? unknown, account(), terms(soon)))
    expect(second.effect).toMatchObject({ state: 'not-applied' })
  })

  it('sets the same password again after one look', () => {
    const request = executing({ method: 'temporary-password' })
    const change = moved(
      observe(request, { ...unknown, kind: 'temporary-password' }, account(), terms(soon)),
    )
    expect(change.effect).toMatchObject({ state: 'not-applied' })
  })

  it('gives up after three calls that never landed', () => {
    const change = moved(
      observe(executing(), { ...unknown, attempts: 3, unchangedLooks: 1 }, account(), terms(soon)),
    )
    expect(change.request.state).toBe('failed')
  })

  it('CG-07 leaves alone what somebody has changed meanwhile, and asks a person', () => {
    const movedOn = account({ modifiedAt: soon })
    const change = moved(observe(executing(), unknown, movedOn, terms(soon)))
    expect(change.request).toMatchObject({ state: 'needs-attention', because: 'changed-otherwise' })
  })

  it('never sends a recovery code twice by itself, since no look can tell', () => {
    const request = executing({ method: 'recovery-code' })
    const change = moved(
      observe(request, { ...unknown, kind: 'recovery-code' }, account(), terms(soon)),
    )
    expect(change.request).toMatchObject({ state: 'needs-attention', because: 'never-observed' })
  })

  it('CG-07 takes no change for its own that was made long after it', () => {
    const hoursLater = later(40 * minute)
    const byOthers = account({ status: 'FORCE_CHANGE_PASSWORD', modifiedAt: hoursLater })
    const request = executing({ method: 'temporary-password' })
    const password = { ...unknown, kind: 'temporary-password' } as const
    const inTime = { ...byOthers, modifiedAt: later(minute) }
    expect(moved(observe(request, password, inTime, terms(hoursLater))).request.state).toBe(
      'executed',
    )
    expect(moved(observe(request, password, byOthers, terms(hoursLater))).request).toMatchObject({
      state: 'needs-attention',
      because: 'changed-otherwise',
    })
  })

  it('CG-05 takes a status that was the same before for no proof', () => {
    const invited = { status: 'FORCE_CHANGE_PASSWORD', modifiedAt: noon } as const
    const edited = account({ ...invited, modifiedAt: soon })
    const request = executing({ method: 'temporary-password' })
    const password = effect({ state: 'unknown', kind: 'temporary-password', before: invited })
    expect(moved(observe(request, password, edited, terms(soon))).effect).toMatchObject({
      state: 'not-applied',
      before: { modifiedAt: soon },
    })
    const invitation = effect({ state: 'unknown', kind: 'resend-invitation', before: invited })
    const resend = executing({ method: 'resend-invitation' })
    expect(moved(observe(resend, invitation, edited, terms(soon))).request.state).toBe(
      'needs-attention',
    )
  })
})

describe('another attempt at what was not applied', () => {
  const waiting = effect({ state: 'not-applied' })

  it('has a higher fence', () => {
    const again = moved(claimAgain(executing(), waiting, facts(), terms(soon)))
    expect(again.effect).toMatchObject({ state: 'intended', fence: 2, attempts: 2 })
  })

  it.each([
    ['TI-02 after the request’s time', 'TimeUp', facts(), later(30 * minute)],
    [
      'SE-04 when an approver has lost the right',
      'ApprovalVoid',
      facts({ participants: people() }),
      soon,
    ],
    ['when whoever asked has left', 'RequesterLeft', facts({ participants: new Map() }), soon],
    [
      'CG-07 on an account that has changed',
      'AccountChanged',
      facts({ account: account({ modifiedAt: soon }) }),
      soon,
    ],
    [
      'when the account is an admin’s now',
      'TierChanged',
      facts({ account: account({ groups: ['admins'] }) }),
      soon,
    ],
  ])('is not made %s', (_, name, known, now) => {
    const change = moved(claimAgain(executing(), waiting, known, terms(now)))
    expect(change).toMatchObject({
      request: { state: 'failed', failure: { name } },
      secret: { shred: true },
    })
  })
})

describe('the one showing of a password', () => {
  const sealed = executed({ method: 'temporary-password', password: 'sealed' })
  const free = { isPaused: false, isFrozen: false }

  it('I9 goes to the requester alone', () => {
    expect(
      moved(reveal(sealed, ada, { view: 'V1', pauseState: free }, terms(soon))).request,
    ).toMatchObject({
      password: 'revealing',
    })
    expectRefused(
      reveal(sealed, grace, { view: 'V1', pauseState: free }, terms(soon)),
      'not-your-request',
    )
    expectRefused(
      reveal(sealed, someone(ada.id, []), { view: 'V1', pauseState: free }, terms(soon)),
      'not-a-requester',
    )
  })

  it('T21: has to wait while everything is paused, or the account is frozen, and burns as ever', () => {
    const held = (pauseState: Partial<PauseState>) =>
      reveal(sealed, ada, { view: 'V1', pauseState: { ...free, ...pauseState } }, terms(soon))
    expectRefused(held({ isPaused: true }), 'paused')
    expectRefused(held({ isFrozen: true }), 'account-frozen')
    expect(moved(held({})).unlessPaused).toBe(true)
    expect(moved(burn(sealed, terms(later(15 * minute)))).request.password).toBe('burnt')
  })

  it('I9 happens once', () => {
    const showing = moved(
      reveal(sealed, ada, { view: 'V1', pauseState: free }, terms(soon)),
    ).request
    expectRefused(
      reveal(showing, ada, { view: 'V1', pauseState: free }, terms(soon)),
      'password-shown',
    )
    const shown = moved(revealed(showing, ada, terms(soon)))
    expect(shown.secret).toEqual({ shred: true })
    expectRefused(
      reveal(shown.request, ada, { view: 'V1', pauseState: free }, terms(soon)),
      'password-shown',
    )
  })

  it('SO-12 can be asked for again when it certainly reached no screen', () => {
    const showing = moved(
      reveal(sealed, ada, { view: 'V1', pauseState: free }, terms(soon)),
    ).request
    const back = moved(release(showing, ada, terms(soon))).request
    expect(reveal(back, ada, { view: 'V1', pauseState: free }, terms(soon)).kind).toBe('moved')
  })

  it('is too late after the policy’s time', () => {
    expectRefused(
      reveal(sealed, ada, { view: 'V1', pauseState: free }, terms(later(15 * minute))),
      'password-gone',
    )
    const burnt = moved(burn(sealed, terms(later(15 * minute))))
    expect(burnt).toMatchObject({ request: { password: 'burnt' }, secret: { shred: true } })
    expect(burn(sealed, terms(later(15 * minute - 1)))).toBeUndefined()
  })

  it('CR-17 is burnt when a showing never ended, since it may have been seen', () => {
    const showing = moved(
      reveal(sealed, ada, { view: 'V1', pauseState: free }, terms(noon)),
    ).request
    expect(burn(showing, terms(later(minute - 1)))).toBeUndefined()
    expect(moved(burn(showing, terms(later(minute)))).entry.data).toMatchObject({
      perhapsSeen: true,
    })
  })
})

describe('follow-up', () => {
  const temporary = executed({ method: 'temporary-password', password: 'revealed' })
  const ours = { status: 'FORCE_CHANGE_PASSWORD', modifiedAt: noon } as const
  const done = effect({ state: 'confirmed', after: ours })

  it('is over once the owner has chosen a password', () => {
    const step = followUp(
      executed(),
      done,
      { account: account({ modifiedAt: soon }), scramble: undefined },
      terms(later(5 * minute)),
    )
    expect(step).toMatchObject({
      kind: 'moved',
      move: { change: { request: { state: 'recovered' } } },
    })
  })

  it('looks less and less often, and once more at the end', () => {
    const waiting = account({ status: 'RESET_REQUIRED' })
    const at = (now: Date) => {
      const step = followUp(executed(), done, { account: waiting, scramble: undefined }, terms(now))
      return step.kind === 'look-again' ? step.at.getTime() - now.getTime() : step.kind
    }
    expect(at(later(minute))).toBe(minute)
    expect(at(later(10 * minute))).toBe(5 * minute)
    expect(at(later(40 * minute))).toBe(10 * minute)
    expect(at(later(59 * minute))).toBe(minute)
  })

  it('notes at its first look what the account is like with our password in it', () => {
    const step = followUp(
      temporary,
      effect({ state: 'confirmed' }),
      { account: account(ours), scramble: undefined },
      terms(soon),
    )
    expect(step).toEqual({ kind: 'note', snapshot: ours })
  })

  it('makes an unused temporary password useless, if it is still the one we set', () => {
    const late = later(60 * minute)
    expect(
      followUp(temporary, done, { account: account(ours), scramble: undefined }, terms(late)).kind,
    ).toBe('scramble')
    const byOthers = account({ ...ours, modifiedAt: soon })
    expect(
      followUp(temporary, done, { account: byOthers, scramble: undefined }, terms(late)),
    ).toMatchObject({
      kind: 'moved',
      move: { change: { request: { state: 'lapsed' } } },
    })
  })

  it('CR-19 takes a lost answer to the scrambling for done when the account shows it', () => {
    const late = later(60 * minute)
    const lost = effect({ kind: 'scramble', intendedAt: late, leaseUntil: later(61 * minute) })
    const changedAt = (modifiedAt: Date, scramble = lost) =>
      followUp(
        temporary,
        done,
        { account: account({ ...ours, modifiedAt }), scramble },
        terms(later(70 * minute)),
      )
    const fate = (password: string) => ({ move: { change: { request: { password } } } })
    expect(changedAt(late)).toMatchObject(fate('scrambled'))
    expect(changedAt(later(30 * minute))).toMatchObject(fate('revealed'))
    // Somebody else, later, or after a try that certainly changed nothing.
    expect(changedAt(later(65 * minute))).toMatchObject(fate('revealed'))
    expect(changedAt(late, { ...lost, state: 'not-applied' })).toMatchObject(fate('revealed'))
  })

  it('CR-19 says what Cognito says of the scrambling, each in an entry', () => {
    const scramble = effect({ kind: 'scramble' })
    const said = (answer: Said) => {
      const {
        request,
        entry,
        effect: kept,
      } = moved(settleScramble(temporary, scramble, answer, terms(soon)))
      return [request.state, entry.type, kept?.state]
    }
    const failure = (kind: FailureKind) => ({ kind, name: 'SomeException' })
    expect(said({ kind: 'done', awsRequestId: 'aws-1' })).toEqual([
      'lapsed',
      'secret.scrambled',
      'confirmed',
    ])
    expect(said({ kind: 'refused', failure: failure('refused') })).toEqual([
      'lapsed',
      'effect.refused',
      'refused',
    ])
    expect(said({ kind: 'refused', failure: failure('password-policy') })).toEqual([
      'executed',
      'effect.not-applied',
      'not-applied',
    ])
  })

  it('T21: waits only for what was asked in its time, or is under way', () => {
    const other = (differs: Partial<Pending>) => comesFirst(pending(differs), temporary, policy)
    expect(other({ openedAt: later(59 * minute) })).toBe(true)
    expect(other({ openedAt: later(60 * minute) })).toBe(false)
    const late = { openedAt: later(90 * minute) }
    expect(comesFirst(executing(late), temporary, policy)).toBe(true)
    const unclear = { ...executing(), state: 'needs-attention', because: 'never-observed' } as const
    expect(comesFirst({ ...unclear, since: noon }, temporary, policy)).toBe(false)
    const reported = { ...temporary, reported: { by: ada.id, at: soon } }
    expect(comesFirst(executing(), reported, policy)).toBe(false)
  })
})

describe('follow-up of what its owner has reported', () => {
  const reported = { reported: { by: ada.id, at: soon } }
  const noted = { status: 'CONFIRMED', modifiedAt: noon } as const
  const permanent = executed({ method: 'permanent-password', password: 'burnt', ...reported })
  const kept = effect({ kind: 'permanent-password', state: 'confirmed', after: noted })
  const misused = {
    move: {
      change: {
        request: { state: 'lapsed', because: 'used' },
        entry: { type: 'recovery.misused' },
      },
    },
  }
  const step = (request: Executed, now = soon, seen = account({ modifiedAt: soon })) =>
    followUp(request, kept, { account: seen, scramble: undefined }, terms(now))

  it('SE-14: never says that the owner is back', () => {
    expect(step(executed(reported))).toMatchObject(misused)
    const temporary = executed({ method: 'temporary-password', ...reported })
    expect(step(temporary)).toMatchObject(misused)
  })

  it('SE-14: watches a code for as long as it can be used, since nobody can take it back', () => {
    const code = executed({ method: 'recovery-code', ...reported })
    const untouched = account({ modifiedAt: effect().before.modifiedAt })
    expect(step(code, later(59 * minute), untouched).kind).toBe('look-again')
    expect(step(code, later(59 * minute))).toMatchObject(misused)
    expect(step(code, later(60 * minute), untouched)).toMatchObject({
      move: { change: { request: { state: 'lapsed', because: 'time-up' } } },
    })
  })

  it('SE-14: is not taken for used where nothing has come of it, as far as anybody knows', () => {
    const untouched = account({ modifiedAt: effect().before.modifiedAt })
    const unknown = executed({ confirmedBy: 'nobody', ...reported })
    const look = (seen: typeof untouched, now = soon) =>
      followUp(
        unknown,
        effect({ state: 'undecided' }),
        { account: seen, scramble: undefined },
        terms(now),
      )
    expect(look(untouched).kind).toBe('look-again')
    expect(look(account({ modifiedAt: soon }))).toMatchObject(misused)
    expect(look(untouched, later(60 * minute))).toMatchObject({
      move: { change: { request: { because: 'time-up' } } },
    })
    // A password that nobody was told is not used by an edit of the account.
    const edited = account({ modifiedAt: soon })
    const password = { ...unknown, method: 'temporary-password', password: 'burnt' } as const
    expect(
      followUp(
        password,
        effect({ state: 'undecided' }),
        { account: edited, scramble: undefined },
        terms(soon),
      ),
    ).toMatchObject({ move: { change: { request: { because: 'time-up' } } } })
  })

  it('SE-14: makes a temporary password useless whatever else was changed: nobody has used it', () => {
    const temporary = executed({ method: 'temporary-password', password: 'burnt', ...reported })
    const edited = account({ status: 'FORCE_CHANGE_PASSWORD', modifiedAt: later(20 * minute) })
    const { reported: _, ...calm } = temporary
    expect(step(temporary, later(30 * minute), edited).kind).toBe('scramble')
    expect(step(calm, later(61 * minute), edited)).toMatchObject({
      move: { change: { request: { because: 'time-up' } } },
    })
  })

  it('SE-14: signs out once more when it can be used no longer, or has been used', () => {
    const scramble = effect({ kind: 'scramble' })
    const done = { kind: 'done', awsRequestId: 'aws-1' } as const
    const signedOut: Executed = { ...permanent, sessions: 'revoked' }
    const taken = moved(settleScramble(signedOut, scramble, done, terms(soon)))
    expect(taken.request).toMatchObject({ state: 'lapsed', sessions: 'to-revoke' })
    expect(taken.jobs.map(({ task }) => task.kind)).toContain('revoke-sessions')
    expect(step(signedOut)).toMatchObject({
      move: { change: { request: { because: 'used', sessions: 'to-revoke' } } },
    })
  })

  it('SE-14: takes no sign-out for the last one that was begun before', () => {
    const signOut = (intendedAt: Date) =>
      moved(
        settleSignOut(
          permanent,
          effect({ kind: 'sign-out', intendedAt }),
          { kind: 'done', awsRequestId: 'aws-1' },
          terms(later(2 * minute)),
        ),
      ).request.sessions
    expect(signOut(noon)).toBe('to-revoke')
    expect(signOut(later(minute, soon))).toBe('revoked')
  })

  it('SE-14: makes a permanent password useless too, as long as it is the one we set', () => {
    expect(step(permanent, soon, account(noted)).kind).toBe('scramble')
    expect(step(permanent)).toMatchObject(misused)
    const { reported: _, ...calm } = permanent
    expect(step(calm, soon, account(noted)).kind).toBe('over')
  })
})

describe('a call that is confirmed after it was taken for lost', () => {
  const mine = effect({ fence: 1 })
  const said = (standing: Effect | undefined) =>
    duplicate(executing(), mine, { storedEffect: standing, awsRequestId: 'aws-1' }, policy)?.type

  it('CR-24 is in the ledger when another was made, or the request had ended', () => {
    expect(said(effect({ fence: 2 }))).toBe('effect.duplicate')
    expect(said(effect({ id: 'EFF-00000000000000000002' as Effect['id'] }))).toBe(
      'effect.duplicate',
    )
    expect(said(effect({ state: 'refused' }))).toBe('effect.duplicate')
    expect(said(effect({ state: 'not-applied' }))).toBe('effect.duplicate')
  })

  it('CR-24 is no news when the account had shown it already', () => {
    expect(said(effect({ state: 'observed' }))).toBeUndefined()
    expect(said(effect({ state: 'unknown' }))).toBeUndefined()
  })
})

describe('sending again', () => {
  const open = { open: true } as const
  const before = { status: 'FORCE_CHANGE_PASSWORD', modifiedAt: later(-60 * minute) } as const
  const [, standard] = policy.tiers
  const invitations = {
    ...policy,
    tiers: standard ? [{ ...standard, methods: ['resend-invitation' as const] }] : [],
  }
  const unclear: RecoveryRequest = {
    ...executing({ method: 'recovery-code' }),
    version: 4,
    state: 'needs-attention',
    because: 'never-observed',
    since: noon,
  }
  const participants: Participants = new Map([ada, grace].map((one) => [one.id, one]))
  const effectId = 'EFF-00000000000000000002' as Effect['id']
  const undecidedEffect = effect({ kind: 'recovery-code', state: 'undecided' })
  const facts = {
    participants,
    seenVersion: 4,
    effect: undecidedEffect,
    pauseState: { isPaused: false, isFrozen: false },
    account: account(),
    effectId,
  }
  const again = (
    request: RecoveryRequest,
    by = ada,
    change: Partial<typeof facts> = {},
    at = soon,
  ) => sendAgain(request, by, { ...facts, ...change }, terms(at))

  it('is an effect of its own, that carrying out goes on with', () => {
    const change = moved(again(unclear))
    const { request, effect: made, entry } = change
    expect(request).toMatchObject({ state: 'executing', version: 5, effect: effectId })
    expect(made).toMatchObject({ id: effectId, number: 2, state: 'not-applied', attempts: 0 })
    expect(entry).toMatchObject({ type: 'attention.resolved', data: { verdict: 'send-again' } })
    expect(kinds(change)).toContain('execute')
  })

  it('is for those who asked or may decide', () => {
    expect(again(unclear, grace).kind).toBe('moved')
    expectRefused(again(unclear, eve), 'not-an-approver')
  })

  it('is settled by those who look after security, where its tier has gone with all who had a say', () => {
    const orphan = { ...unclear, tier: 'retired' }
    const word = { participants, seenVersion: 4, effect: undecidedEffect }
    const settle = (by: Person, request: RecoveryRequest = orphan) =>
      resolve(request, by, { ...word, verdict: 'not-worked' }, terms(soon))
    expect(settle(mary).kind).toBe('moved')
    expectRefused(settle(someone('U0LEAD', ['S0LEADS'])), 'not-an-approver')
    // What they have approved themselves is not theirs to settle so.
    expectRefused(settle(grace), 'not-an-approver')
  })

  it('happens twice at most, within the hour, and never with a password', () => {
    const third = { effect: { ...undecidedEffect, number: 3 } }
    expectRefused(again(unclear, ada, third), 'sent-too-often')
    expectRefused(again(unclear, ada, {}, later(60 * minute)), 'expired')
    expectRefused(again({ ...unclear, method: 'temporary-password' }), 'sent-too-often')
    expectRefused(again(executing()), 'already-decided')
  })

  it('is not what an older card offered', () => {
    expectRefused(again(unclear, ada, { seenVersion: 3 }), 'stale-view')
    const word = { participants, seenVersion: 3, effect: undecidedEffect }
    expectRefused(resolve(unclear, ada, { ...word, verdict: 'worked' }, terms(soon)), 'stale-view')
  })

  it('T21: has to wait while everything is paused, and ends where the owner objects', () => {
    expectRefused(
      again(unclear, ada, { pauseState: { isPaused: true, isFrozen: false } }),
      'paused',
    )
    const frozen = { pauseState: { isPaused: false, isFrozen: true } }
    expectRefused(again(unclear, ada, frozen), 'account-frozen')
    const reported = { ...unclear, reported: { by: grace.id, at: noon } }
    expectRefused(again(reported), 'account-frozen')
  })

  it('CG-07: is refused when the account has changed in a way that the call does not explain', () => {
    const first = { effect: effect({ kind: 'resend-invitation', state: 'undecided', before }) }
    const invited = (status: AccountStatus, modifiedAt: Date) => ({
      ...first,
      account: account({
        status,
        modifiedAt,
        availability: { ...availableMethods, 'resend-invitation': open },
      }),
    })
    const invitation = { ...unclear, method: 'resend-invitation' } as const
    const resend = (seen: ReturnType<typeof invited>) =>
      sendAgain(invitation, ada, { ...facts, ...seen }, terms(soon, invitations))
    expect(resend(invited('FORCE_CHANGE_PASSWORD', before.modifiedAt)).kind).toBe('moved')
    expect(resend(invited('FORCE_CHANGE_PASSWORD', later(2_000))).kind).toBe('moved')
    expectRefused(resend(invited('FORCE_CHANGE_PASSWORD', later(61_000))), 'account-changed')
    expectRefused(resend(invited('CONFIRMED', later(2_000))), 'account-changed')
    // A code leaves no trace, so nothing explains a change.
    expectRefused(
      again(unclear, ada, { account: account({ modifiedAt: soon }) }),
      'account-changed',
    )
  })

  it('is called only while the account is as it was at the click, and not much later', () => {
    const { request, effect: made } = moved(again({ ...unclear, method: 'reset' }))
    if (request.state !== 'executing' || made === undefined)
      throw new Error('nothing to go on with')
    const call = (now: Date, modifiedAt = account().modifiedAt) =>
      claimAgain(request, made, { account: account({ modifiedAt }), participants }, terms(now))
    // The request's own time is up by then: the click gave it another quarter of an hour.
    expect(call(later(14 * minute)).change.request.state).toBe('executing')
    expect(call(later(17 * minute)).change.request).toMatchObject({ failure: { name: 'TimeUp' } })
    expect(call(soon, soon).change.request).toMatchObject({
      failure: { name: 'AccountChanged' },
      sentBefore: true,
    })
  })

  it('SE-10: counts as one execution more, once, however often it is tried', () => {
    const { request, effect: made } = moved(again({ ...unclear, method: 'reset' }))
    if (request.state !== 'executing' || made === undefined)
      throw new Error('nothing to go on with')
    const claimed = claimAgain(request, made, { account: account(), participants }, terms(soon))
    expect(claimed.change.consumes).toMatchObject([{ name: 'executionsOverall', of: 'all' }])
    const { effect: tried } = claimed.change
    if (tried === undefined || claimed.change.request.state !== 'executing')
      throw new Error('nothing was claimed')
    const throttled = { ...tried, state: 'not-applied' as const }
    const facts = { account: account(), participants }
    const next = claimAgain(claimed.change.request, throttled, facts, terms(soon))
    expect(next.change.request.state).toBe('executing')
    expect(next.change.consumes).toBeUndefined()
  })
})
