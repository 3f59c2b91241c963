/**
 * The guards that the promises hang on, each as the line that is it, and the test that fails without it.
 * `npm run guards` takes them away, one at a time, in a copy, and sees that it does.
 */

export interface Guard {
  readonly name: string
  readonly file: string
  /** As it stands, once, in the file. */
  readonly line: string
  /** What stands there when the guard is gone. */
  readonly without: string
  /** A file below test/, and part of the title of a test in it. */
  readonly test: readonly [file: string, title: string]
}

export const guards: readonly Guard[] = [
  {
    name: 'the version check: nothing is decided about a request that has changed since it was read',
    file: 'src/store/requests.ts',
    line: ".where('version', '=', request.version - 1)",
    without: '',
    test: ['contracts/sqlite.test.ts', 'made from an older version is stale'],
  },
  {
    name: 'the fence: whoever was overtaken settles nothing',
    file: 'src/store/effects.ts',
    line: ".where('effects.fence', '<=', effect.fence)",
    without: '',
    test: ['contracts/sqlite.test.ts', 'is settled by nobody who has been overtaken'],
  },
  {
    name: 'the inbox key: a gesture counts once',
    file: 'src/store/store.ts',
    line: 'return numInsertedOrUpdatedRows === 1n',
    without: 'return numInsertedOrUpdatedRows !== undefined',
    test: ['contracts/sqlite.test.ts', 'T8 counts once'],
  },
  {
    name: 'the look at the account as it was: what has landed is not called again',
    file: 'src/recovery/observe.ts',
    line: 'if (unchanged(effect.before, image)) return notLanded',
    without: 'if (unchanged(image, image)) return notLanded',
    test: ['recovery/executing.test.ts', 'CG-04 confirms by what the account shows'],
  },
  {
    name: 'the second look: Cognito may still be at it',
    file: 'src/recovery/observe.ts',
    line: 'makesPassword(request.method) ? 1 : 2',
    without: 'makesPassword(request.method) ? 1 : 1',
    test: ['recovery/executing.test.ts', 'CG-02 looks twice'],
  },
  {
    name: 'the entry in the same transaction: nothing moves without it',
    file: 'src/store/store.ts',
    line: 'await append(trx, change.entry, change.jobs, at, change.isAnswer)',
    without:
      'await append(trx, change.entry, change.jobs, at, change.isAnswer).catch(() => undefined)',
    test: ['contracts/sqlite.test.ts', 'CR-25 is not kept when its entry cannot be'],
  },
  {
    name: 'the gate: a claim that is too old calls nothing',
    file: 'src/recovery/carry-out.ts',
    line: 'if (this.#monotonicMs() - started > gateMs(request.method)) {',
    without: 'if (this.#monotonicMs() < started) {',
    test: ['recovery/carrying-out.test.ts', 'CR-24 after a claim that is too old'],
  },
  {
    name: 'no call without its intent',
    file: 'src/recovery/carry-out.ts',
    line: "if (recorded !== 'recorded') return this.#overtaken()",
    without: '',
    test: ['recovery/carrying-out.test.ts', 'that is not stored'],
  },
  {
    name: 'an answer is kept, whatever came while the call was under way',
    file: 'src/recovery/carry-out.ts',
    line: 'isSameTry(effect, standing) ? rule(current, now) : undefined',
    without: 'current.reported === undefined ? rule(current, now) : undefined',
    test: ['recovery/carrying-out.test.ts', 'SE-14 is followed by the answer'],
  },
  {
    name: 'a job is settled by whoever holds it now',
    file: 'src/store/jobs.ts',
    line: ".where('attempts', '=', job.attempts)",
    without: '',
    test: ['contracts/sqlite.test.ts', 'are settled by nobody who has been overtaken'],
  },
  {
    name: 'the pause and the freezes, looked at in the commit',
    file: 'src/store/store.ts',
    line: "return unlessHalted && (await isHalted(trx, request.account, at)) ? 'halted' : 'recorded'",
    without:
      "return unlessHalted && (await isHalted(trx, request.account, at)) ? 'recorded' : 'recorded'",
    test: ['contracts/sqlite.test.ts', 'that is not for a pause'],
  },
  {
    name: 'the requester does not approve',
    file: 'src/recovery/authority.ts',
    line: "if (is(request.requestedBy)) return 'own-request'",
    without: '',
    test: ['recovery/deciding.test.ts', 'SE-06'],
  },
  {
    name: 'the owner does not approve',
    file: 'src/recovery/authority.ts',
    line: "if (request.owner !== undefined && is(request.owner)) return 'own-account'",
    without: '',
    test: ['recovery/deciding.test.ts', 'SE-07'],
  },
  {
    name: 'the clock is the rule for what has expired, not the job',
    file: 'src/recovery/authority.ts',
    line: "if (now >= request.expiresAt) return 'expired'",
    without: '',
    test: ['recovery/deciding.test.ts', 'TI-02'],
  },
  {
    name: 'approvals are asked for again before the call',
    file: 'src/recovery/approve.ts',
    line: 'if (noSay(request, giver, parties, policy, now) !== undefined) return false',
    without: '',
    test: ['recovery/executing.test.ts', 'SE-04'],
  },
  {
    name: 'a password is shown once',
    file: 'src/recovery/password.ts',
    line: "if (request.password === 'revealing' || request.password === 'revealed') {",
    without: "if (request.password === 'revealing' && request.password !== 'revealing') {",
    test: ['recovery/executing.test.ts', 'I9 happens once'],
  },
  {
    name: 'a sealed password is bound to its request',
    file: 'src/vault/vault.ts',
    line: "canonicalize({ v: 1, kind: 'temporary-password', request, effect })",
    without: "canonicalize({ v: 1, kind: 'temporary-password' })",
    test: ['vault/vault.test.ts', 'SX-03'],
  },
  {
    name: 'a message is looked for before it is posted again',
    file: 'src/slack/posting.ts',
    line: 'job.attempts > 1 && message.searchable ? await this.#search(message, job) : undefined',
    without: 'undefined',
    test: ['journeys/reset.test.ts', 'SO-02'],
  },
  {
    name: 'nothing new is carried out while the audit is behind',
    file: 'src/recovery/carry-out.ts',
    line: 'return isBehind(await this.#auditBacklog(), this.#now())',
    without: 'return isBehind({ waiting: 0 }, this.#now())',
    test: ['journeys/audit.test.ts', 'SO-07: is_archived'],
  },
  {
    name: 'nor is anything tried again',
    file: 'src/recovery/carry-out.ts',
    line: '      if (await this.#isAuditBehind()) return this.#waitForAudit()',
    without: '',
    test: ['recovery/carrying-out.test.ts', 'SO-07 holds'],
  },
  {
    name: 'what its owner has reported is not tried again',
    file: 'src/recovery/execute.ts',
    line: "if (request.reported !== undefined) return 'OwnerReported'",
    without: '',
    test: ['recovery/carrying-out.test.ts', 'SE-14 ends the request'],
  },
  {
    name: 'what its owner has reported never ends well',
    file: 'src/recovery/follow-up.ts',
    line: 'request.reported ? misused(request, policy, now) : recovered(request, policy, now)',
    without: 'recovered(request, policy, now)',
    test: ['recovery/executing.test.ts', 'SE-14: never says that the owner is back'],
  },
  {
    name: 'nobody keeps an old password alive by asking again and again',
    file: 'src/recovery/follow-up.ts',
    line: 'other.openedAt < endOf(request, policy)',
    without: 'other.state !== undefined',
    test: ['recovery/executing.test.ts', 'T21: waits only for'],
  },
  {
    name: 'whoever asked is asked about again before the call',
    file: 'src/recovery/execute.ts',
    line: '  if (!mayStillAsk(request, facts.parties, policy)) {',
    without:
      '  if (!mayStillAsk(request, facts.parties, policy) && facts.effectId === undefined) {',
    test: ['recovery/claiming.test.ts', 'SE-04: is not carried out for somebody'],
  },
  {
    name: 'nothing is sent again to an account that somebody has changed',
    file: 'src/recovery/resolve.ts',
    line: "if (!isExplained(effect, imageOf(account))) return no('account-changed')",
    without: '',
    test: ['recovery/executing.test.ts', 'CG-07: is refused when the account has changed'],
  },
  {
    name: 'a button ends the pause that it was drawn for',
    file: 'src/recovery/pause.ts',
    line: 'if (since !== undefined && since.getTime() !== standing.since.getTime()) {',
    without: 'if (since !== undefined && standing === undefined) {',
    test: ['contracts/sqlite.test.ts', 'drawn for the one before'],
  },
  {
    name: 'payloads of other workspaces go no further',
    file: 'src/slack/guard.ts',
    line: "if (envelope.teamIds.some((id) => id !== home.teamId)) return 'other-team'",
    without: '',
    test: ['slack/guard.test.ts', 'SI-08'],
  },
  {
    name: 'the quorum of the opening: a looser policy lets nothing through that was opened before',
    file: 'src/recovery/approve.ts',
    line: 'return Math.max(request.approvalsNeeded, findTier(policy, request.tier)?.approvals ?? 0)',
    without: 'return findTier(policy, request.tier)?.approvals ?? request.approvalsNeeded',
    test: ['recovery/deciding.test.ts', 'B3: asks for as many as at the opening'],
  },
  {
    name: 'the quorum of the opening is asked for again before the call',
    file: 'src/recovery/execute.ts',
    line: 'if (approvals.length < approvalsNeeded(request, policy)) return false',
    without: 'if (approvals.length < 1) return false',
    test: ['recovery/claiming.test.ts', 'B3: has as many approvals as were needed'],
  },
  {
    name: 'what the policy makes privileged today is privileged',
    file: 'src/recovery/approve.ts',
    line: 'return request.privileged === true || findTier(policy, request.tier)?.privileged === true',
    without: 'return request.privileged === true',
    test: ['recovery/deciding.test.ts', 'SE-11: has the name typed'],
  },
  {
    name: 'the name of a privileged account is typed',
    file: 'src/recovery/approve.ts',
    line: "return said !== '' && names.some((name) => folded(name) === said)",
    without: "return said !== ''",
    test: ['recovery/deciding.test.ts', 'SE-11 is not'],
  },
  {
    name: 'one of each is waited for',
    file: 'src/recovery/approve.ts',
    line: 'const complete = approvals.length >= needed && missing.length === 0',
    without: 'const complete = approvals.length >= needed',
    test: ['recovery/deciding.test.ts', 'waits for one of each'],
  },
  {
    name: 'one of each is asked for again before the call',
    file: 'src/recovery/execute.ts',
    line: 'return stillMissing(request, givers, policy).length === 0',
    without: 'return givers.length > 0',
    test: ['recovery/claiming.test.ts', 'has one of each'],
  },
  {
    name: 'one person counts once before the call',
    file: 'src/recovery/approve.ts',
    line: 'if (givers.some((other) => isSamePerson(policy, giver, other))) return false',
    without: '',
    test: ['recovery/claiming.test.ts', 'T4: counts two accounts'],
  },
  {
    name: 'a permanent password takes two, whatever a policy says',
    file: 'src/recovery/open.ts',
    line: "if (method === 'permanent-password' && tier.approvals < 2) return false",
    without: '',
    test: ['recovery/open.test.ts', 'never offers a permanent password'],
  },
  {
    name: 'whoever has left takes nothing back',
    file: 'src/recovery/withdraw.ts',
    line: 'if (!by.member || by.id !== request.requestedBy) {',
    without: 'if (by.id !== request.requestedBy) {',
    test: ['recovery/deciding.test.ts', 'SE-08 is not for a requester'],
  },
  {
    name: 'every request counts towards everybody’s limit',
    file: 'src/recovery/open.ts',
    line: "use(policy, 'requestsOverall', 'all'),",
    without: '',
    test: ['recovery/open.test.ts', 'SE-10 counts towards three limits'],
  },
  {
    name: 'the limits, counted in the commit',
    file: 'src/store/store.ts',
    line: 'const usedUp = await takeAll(trx, change.uses ?? [], at)',
    without: 'const usedUp = await takeAll(trx, [], at)',
    test: ['contracts/sqlite.test.ts', 'SE-10 is counted with it'],
  },
  {
    name: 'the freezes, looked at in the commit',
    file: 'src/store/halts.ts',
    line: 'return (await findFreeze(trx, account, at)) !== undefined',
    without: 'return false',
    test: ['contracts/sqlite.test.ts', 'that is not for a freeze is halted'],
  },
  {
    name: 'a freeze ends what was approved before it',
    file: 'src/recovery/carry-out.ts',
    line: 'if ((await this.#store.findFreeze(request.account, this.#now())) !== undefined) {',
    without: 'if ((await this.#store.findFreeze(request.account, this.#now())) === null) {',
    test: ['recovery/carrying-out.test.ts', 'SE-14 ends what was approved'],
  },
  {
    name: 'a pause holds what is tried again',
    file: 'src/recovery/execute.ts',
    line: '{ uses: [executionUse(policy)] } : {}),\n      unlessHalted: true,',
    without: '{ uses: [executionUse(policy)] } : {}),',
    test: ['recovery/carrying-out.test.ts', 'holds what was turned away once'],
  },
  {
    name: 'what was read before approvals were taken back is read again',
    file: 'src/recovery/desk.ts',
    line: 'const pendingSince = (await this.#store.find(id))?.pendingSince ?? 1',
    without: 'const pendingSince = 1',
    test: ['recovery/carrying-out.test.ts', 'have to be read for again'],
  },
  {
    name: 'a reading counts from a version on',
    file: 'src/store/readings.ts',
    line: ".where('version', '>=', fromVersion)",
    without: '',
    test: ['contracts/sqlite.test.ts', 'counts from its first time, in the versions'],
  },
  {
    name: 'reminders come less and less often',
    file: 'src/recovery/attention.ts',
    line: 'const next = after(now, afterMs * 2 ** round)',
    without: 'const next = after(now, afterMs)',
    test: ['recovery/reminding.test.ts', 'is followed by the next after twice the time'],
  },
]
