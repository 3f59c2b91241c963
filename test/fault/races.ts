// biome-ignore-all lint/style/noExcessiveLinesPerFile: the list of races, read beside one another

/**
 * Two or more at the same moment: one wins, and the others are told by whom it was decided and when.
 * What races is in a table; how the racers' calls are put in order is each engine's own affair.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RequestId } from '../../src/ids.ts'
import type { Decision, Refusal } from '../../src/recovery/model/decision.ts'
import type { Failure } from '../../src/recovery/model/effect.ts'
import type { Progress } from '../../src/recovery/model/job.ts'
import type { RecoveryRequest, RequestState } from '../../src/recovery/model/request.ts'
import type { Showing } from '../../src/recovery/services/outcomes.ts'
import type { Repeated } from '../../src/recovery/services/record-decision.ts'
import { mention, when } from '../../src/slack/kit/mrkdwn.ts'
import { refusalSentence } from '../../src/slack/text/en/refusals.ts'
import type { OpenStore } from '../../src/store/open.ts'
import { later } from '../support/examples.ts'
import {
  ada,
  asker,
  grace,
  graceToo,
  mary,
  RaceWorld,
  type Replica,
  type Round,
  type Through,
} from './race-world.ts'

type Outcome =
  | Decision
  | Repeated
  | Progress
  | Showing
  | { readonly kind: 'failed'; readonly failure: Failure }

/** What one of them does, at the replica they happen to reach. */
type Racer = (replica: Replica) => Promise<Outcome>

interface Finish {
  readonly round: Round
  readonly request: RecoveryRequest
  /** In the order of the racers. */
  readonly outcomes: readonly Outcome[]
}

interface Race {
  readonly title: string
  readonly approvals?: 1 | 2
  readonly begin: (round: Round) => Promise<RequestId>
  readonly racers: (id: RequestId, round: Round) => readonly Racer[]
  /** By how many turns each of them may start late; ten if not said. */
  readonly late?: readonly number[]
  /** Holds the end against what is promised. @returns how it ended, in a word or two */
  readonly judge: (finish: Finish) => string
  /** Every way in which it can end. Each has to be seen, or it was no race. */
  readonly endings: readonly string[]
}

/** How an engine runs a round: with the racers' calls in one of many orders. */
export interface Track {
  readonly engine: string
  /** One store for each replica, as many as the engine allows. */
  open(): Promise<readonly OpenStore[]>
  /** Runs the rounds. `run` is given how calls go through, and what a racer waits for before it starts. */
  rounds(count: number, run: (lane: Lane) => Promise<void>): Promise<void>
  close(): Promise<void>
}

export interface Lane {
  readonly through: Through
  /** Lets a racer start, by up to so many turns later than the others. */
  readonly start: (racer: number, turns: number) => Promise<void>
  /** Drives the racers until they are all done. */
  readonly drive: <T>(racing: Promise<T>) => Promise<T>
}

const approving =
  (by: typeof grace, seenVersion = 1) =>
  (request: RequestId, round: Round): Racer => {
    const idempotencyKey = round.idempotencyKey()
    return ({ decisions }) => decisions.approve({ request, by, seenVersion, idempotencyKey })
  }

const denying =
  (by: typeof grace) =>
  (request: RequestId, round: Round): Racer => {
    const idempotencyKey = round.idempotencyKey()
    const comment = 'I called her: it was not her'
    return ({ decisions }) =>
      decisions.deny({ request, by, seenVersion: 1, comment, idempotencyKey })
  }

const withdrawing = (request: RequestId, round: Round): Racer => {
  const idempotencyKey = round.idempotencyKey()
  return ({ decisions }) => decisions.withdraw({ request, by: ada, idempotencyKey })
}

const executing =
  (id: RequestId): Racer =>
  ({ executor }) =>
    executor.execute(id)

const mostTries = 500

const races: readonly Race[] = [
  {
    title: 'CO-01: two approvers where one is needed: one approval, and the other hears whose',
    begin: (round) => round.open(),
    racers: (id, round) => [approving(grace)(id, round), approving(mary)(id, round)],
    endings: ['grace', 'mary'],
    judge: ({ request, outcomes }) => {
      const [winner] = request.approvals
      expect([request.state, request.version]).toEqual(['approved', 2])
      expect(request.approvals).toHaveLength(1)
      expectOne('moved', outcomes)
      expectTold(outcomes, 'already-decided', winner)
      return winner?.by === grace ? 'grace' : 'mary'
    },
  },
  {
    title: 'CO-01: two approvers where two are needed: both are recorded, and one completes it',
    approvals: 2,
    begin: (round) => round.open(),
    racers: (id, round) => [approving(grace)(id, round), approving(mary)(id, round)],
    endings: ['grace first', 'mary first'],
    judge: ({ request, outcomes }) => {
      expect([request.state, request.version]).toEqual(['approved', 3])
      expect(request.approvals.map(({ by }) => by).toSorted()).toEqual([grace, mary])
      expect(statesOf(outcomes).toSorted()).toEqual(['approved', 'pending'])
      return statesOf(outcomes)[0] === 'pending' ? 'grace first' : 'mary first'
    },
  },
  {
    title: 'CO-03: one approver on two devices, where one is needed: one approval',
    begin: (round) => round.open(),
    racers: (id, round) => [approving(grace)(id, round), approving(grace)(id, round)],
    endings: ['first', 'second'],
    judge: ({ request, outcomes }) => {
      expect([request.state, request.version]).toEqual(['approved', 2])
      expectOne('moved', outcomes)
      expectTold(outcomes, 'already-decided', request.approvals[0])
      return outcomes[0]?.kind === 'moved' ? 'first' : 'second'
    },
  },
  {
    title: 'CO-03: one approver on two devices, where two are needed: one approval',
    approvals: 2,
    begin: (round) => round.open(),
    racers: (id, round) => [approving(grace)(id, round), approving(grace)(id, round)],
    endings: ['first', 'second'],
    judge: (finish) => oneOfTwoNeeded(finish),
  },
  {
    title: 'CO-03: one person with two accounts in Slack, where two are needed: one approval',
    approvals: 2,
    begin: (round) => round.open(),
    racers: (id, round) => [approving(grace)(id, round), approving(graceToo)(id, round)],
    endings: ['first', 'second'],
    judge: (finish) => oneOfTwoNeeded(finish),
  },
  {
    title: 'CO-02: approve against withdraw: it is withdrawn, and nothing is carried out',
    begin: (round) => round.open(),
    racers: (id, round) => [approving(grace)(id, round), withdrawing(id, round)],
    endings: ['approved, then withdrawn', 'withdrawn'],
    judge: ({ request, outcomes }) => {
      expect(request.state).toBe('withdrawn')
      expect(outcomes[1]).toMatchObject({ kind: 'moved' })
      if (outcomes[0]?.kind === 'moved') return 'approved, then withdrawn'
      expectTold(outcomes, 'already-decided', endOf(request))
      return 'withdrawn'
    },
  },
  {
    title: 'CO-02 SI-04: approve against deny: the first holds, and the other hears whose it was',
    begin: (round) => round.open(),
    racers: (id, round) => [approving(grace)(id, round), denying(mary)(id, round)],
    endings: ['approved', 'denied'],
    judge: ({ request, outcomes }) => {
      expect(request.version).toBe(2)
      expectOne('moved', outcomes)
      expectTold(outcomes, 'already-decided', endOf(request) ?? request.approvals[0])
      return request.state
    },
  },
  {
    title:
      'CO-02: approve against expiry: no approval after the time, and whoever is late hears it',
    begin: async (round) => {
      const id = await round.open()
      const { expiresAt } = await round.request(id)
      round.turnTo(later(-8_000, expiresAt))
      return id
    },
    racers: (id, round) => [
      approving(grace)(id, round),
      async ({ waitingWorker }) => {
        // As the outbox does: a job that comes too early is done again.
        for (let tries = 1; tries <= mostTries; tries += 1) {
          const progress = await waitingWorker.expire(id)
          if (progress.kind === 'done') return progress
        }
        throw new Error('it never expires')
      },
    ],
    endings: ['approved, then expired', 'expired'],
    judge: ({ request, outcomes }) => {
      expect(request.state).toBe('expired')
      for (const { at } of request.approvals) expect(at < request.expiresAt).toBe(true)
      if (outcomes[0]?.kind === 'moved') return 'approved, then expired'
      expect(request.approvals).toEqual([])
      expect(toldIn(outcomes, 'expired')).toContain(when(request.expiresAt))
      return 'expired'
    },
  },
  {
    title: 'CO-02: approve against what voids an approval: nobody approves what they did not see',
    begin: async (round) => {
      const id = await round.openAndApprove()
      round.dismissed.add(grace)
      return id
    },
    racers: (id, round) => [approving(mary, 2)(id, round), executing(id)],
    endings: ['already-decided', 'stale-view'],
    judge: ({ request, outcomes: [approved] }) => {
      expect([request.state, request.version]).toEqual(['pending', 3])
      expect(request.approvals).toEqual([])
      if (approved?.kind !== 'refused') throw new Error('an approval of something else counted')
      return approved.why
    },
  },
  {
    title:
      'CO-02: withdraw against the claim: either nothing is called, or the requester hears why',
    begin: (round) => round.openAndApprove(),
    racers: (id, round) => [withdrawing(id, round), executing(id)],
    endings: ['withdrawn', 'executed'],
    judge: ({ round, request, outcomes }) => {
      if (request.state === 'withdrawn') {
        expect(round.done).toEqual([])
        return 'withdrawn'
      }
      expectTold(outcomes, 'already-decided', request.approvals[0])
      expect(round.done).toHaveLength(1)
      return request.state
    },
  },
  {
    title: 'CO-04: two replicas carry out one approved request: one call',
    begin: (round) => round.openAndApprove(),
    racers: (id) => [executing(id), executing(id)],
    endings: ['executed'],
    judge: ({ round, request }) => {
      expect(round.done).toHaveLength(1)
      return request.state
    },
  },
  {
    title: 'CO-07: two approvals, a withdrawal and two claims at once: whatever wins, it holds',
    approvals: 2,
    begin: (round) => round.open(),
    racers: (id, round) => [
      approving(grace)(id, round),
      approving(mary)(id, round),
      withdrawing(id, round),
      claiming(id, round),
      claiming(id, round),
    ],
    late: [10, 10, 60, 30, 30],
    endings: ['withdrawn', 'executed'],
    judge: ({ round, request }) => {
      expect(round.done).toHaveLength(request.state === 'executed' ? 1 : 0)
      if (request.state === 'executed') expect(request.approvals).toHaveLength(2)
      return request.state
    },
  },
  {
    title: 'P9: a password is asked for in two windows at once: it is shown in one',
    begin: async (round) => {
      const id = await round.openAndApprove('temporary-password')
      await round.calm.executor.execute(id)
      return id
    },
    racers: (id, round) => [revealing(id, round), revealing(id, round)],
    endings: ['first', 'second'],
    judge: ({ outcomes }) => {
      expectOne('showing', outcomes)
      expect(toldIn(outcomes, 'password-shown')).toContain('never shown twice')
      return outcomes[0]?.kind === 'showing' ? 'first' : 'second'
    },
  },
  ...(
    [
      ['an approval', 'approved', approving(grace)],
      ['a denial', 'denied', denying(mary)],
      ['a withdrawal', 'withdrawn', withdrawing],
    ] as const
  ).map(
    ([title, state, racer]): Race => ({
      title: `SI-01: ${title}, delivered four times at once, counts once`,
      begin: (round) => round.open(),
      racers: (id, round) => Array<Racer>(4).fill(racer(id, round)),
      endings: [state],
      judge: ({ request, outcomes }) => {
        expect(request.version).toBe(2)
        expect(kindsOf(outcomes)).toEqual(['moved', 'repeated', 'repeated', 'repeated'])
        return request.state
      },
    }),
  ),
]

/** As the outbox does: tries again until there is something to carry out, or nothing any more. */
function claiming(id: RequestId, round: Round): Racer {
  return async ({ executor }) => {
    for (let tries = 1; tries <= mostTries; tries += 1) {
      const progress = await executor.execute(id)
      if ((await round.request(id)).state !== 'pending') return progress
    }
    throw new Error('it waits for ever')
  }
}

function revealing(request: RequestId, round: Round): Racer {
  const idempotencyKey = round.idempotencyKey()
  const view = idempotencyKey
  return ({ outcomes }) => outcomes.reveal({ request, by: ada, view, idempotencyKey })
}

function oneOfTwoNeeded({ request, outcomes }: Finish): string {
  expect([request.state, request.version]).toEqual(['pending', 2])
  expect(request.approvals).toHaveLength(1)
  expectOne('moved', outcomes)
  expect(toldIn(outcomes, 'already-approved')).toContain('counts once')
  return outcomes[0]?.kind === 'moved' ? 'first' : 'second'
}

/** @param rounds of each race */
export function racesOn(track: Track, rounds: number): void {
  const timeout = 300_000 + rounds * 500
  describe(`at the same moment, on ${track.engine}`, () => {
    let world: RaceWorld
    beforeAll(async () => {
      world = new RaceWorld(await track.open())
    })
    afterAll(async () => {
      await world.close()
      await track.close()
    })

    it.each(races)('$title', { timeout }, async (race) => {
      const endings = new Set<string>()
      const versions = new Map<RequestId, number>()
      await track.rounds(rounds, async (lane) => {
        const finish = await run(world, race, lane)
        endings.add(race.judge(finish))
        versions.set(finish.request.id, finish.request.version)
      })
      expect(await world.faults()).toEqual([])
      for (const [id, version] of versions) expect(world.versions(id)).toBe(version)
      expect([...endings].toSorted()).toEqual(race.endings.toSorted())
    })

    it('CO-06: a hundred ask for one account: one request, and ninety-nine hear whose it is', {
      timeout,
    }, async () => {
      await track.rounds(Math.ceil(rounds / 100), async (lane) => {
        const round = world.round()
        const asking = Array.from({ length: 100 }, async (_, turn) => {
          const { requests } = world.replica(turn, round, lane.through)
          await lane.start(turn, defaultLate)
          const idempotencyKey = round.idempotencyKey()
          return requests.open({ application: round.application, by: asker(turn), idempotencyKey })
        })
        const outcomes = await lane.drive(Promise.all(asking))
        expectOne('moved', outcomes)
        const standing = await world.store(0).store.findOpen(round.account.ref)
        if (standing === undefined) throw new Error('nothing is open')
        const refused = outcomes.filter((each) => each.kind === 'refused')
        expect(refused).toHaveLength(99)
        for (const { why, request } of refused) {
          const words = refusalSentence(why, request)
          expect(words).toContain(`${standing.id}, opened by ${mention(standing.requestedBy)}`)
          expect(words).toContain(when(standing.openedAt))
        }
      })
      expect(await world.faults()).toEqual([])
    })

    it('SI-01: a form that is delivered four times at once opens one request', {
      timeout,
    }, async () => {
      await track.rounds(rounds, async (lane) => {
        const round = world.round()
        const idempotencyKey = round.idempotencyKey()
        const opening = [0, 1, 2, 3].map(async (turn) => {
          const { requests } = world.replica(turn, round, lane.through)
          await lane.start(turn, defaultLate)
          return requests.open({ application: round.application, by: ada, idempotencyKey })
        })
        const outcomes = await lane.drive(Promise.all(opening))
        expect(kindsOf(outcomes)).toEqual(['moved', 'repeated', 'repeated', 'repeated'])
      })
      expect(await world.faults()).toEqual([])
    })
  })
}

const defaultLate = 10

async function run(world: RaceWorld, race: Race, lane: Lane): Promise<Finish> {
  const round = world.round(race.approvals)
  const id = await race.begin(round)
  const racing = race.racers(id, round).map(async (racer, turn) => {
    const replica = world.replica(turn, round, lane.through)
    await lane.start(turn, race.late?.[turn] ?? defaultLate)
    return racer(replica)
  })
  const outcomes = await lane.drive(Promise.all(racing))
  return { round, request: await round.request(id), outcomes }
}

function kindsOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.map(({ kind }) => kind).toSorted()
}

function statesOf(outcomes: readonly Outcome[]): RequestState[] {
  return outcomes.flatMap((each) => (each.kind === 'moved' ? each.change.request.state : []))
}

function expectOne(kind: Outcome['kind'], outcomes: readonly Outcome[]): void {
  expect(outcomes.filter((each) => each.kind === kind)).toHaveLength(1)
}

/** The only refusal among them, as the person reads it. */
function toldIn(outcomes: readonly Outcome[], why: Refusal): string {
  const refused = outcomes.filter((each) => each.kind === 'refused')
  expect(refused.map((each) => each.why)).toEqual([why])
  const [{ request } = {}] = refused
  return refusalSentence(why, request)
}

function expectTold(
  outcomes: readonly Outcome[],
  why: Refusal,
  winner: { readonly by: typeof grace; readonly at: Date } | undefined,
): void {
  if (winner === undefined) throw new Error('nobody has decided')
  const words = toldIn(outcomes, why)
  expect(words).toContain(mention(winner.by))
  expect(words).toContain(when(winner.at))
}

/** By whom a request was ended before anything was carried out, and when. */
function endOf(request: RecoveryRequest) {
  if (request.state === 'denied') return { by: request.deniedBy, at: request.deniedAt }
  if (request.state === 'withdrawn') return { by: request.requestedBy, at: request.withdrawnAt }
  return undefined
}
