import { describe, expect, it } from 'vitest'
import type { EntryDraft } from '../../../../src/audit/entry.ts'
import type { EntryType } from '../../../../src/audit/entry-data.ts'
import {
  jobsAfterEntry,
  mostJobsPerEntry,
  routineLanes,
} from '../../../../src/recovery/rules/ledger-jobs.ts'
import { entryAbout, ordered } from '../../../support/decisions.ts'
import { ada, noon, pending } from '../../../support/examples.ts'

const day = 24 * 60
const routines = [
  'sign-checkpoint | checkpoint | 60 min',
  'look-at-groups | groups | 3 min',
  'reconcile-audit | reconcile | 10 min',
  `reconcile-month | reconcile month | ${day} min`,
]

function draft(type: EntryType, data: object = {}): EntryDraft {
  return entryAbout(pending(), ada, { type, ...data }) as EntryDraft
}

function jobs(of: EntryDraft, seq = 7, awake: readonly string[] = routineLanes) {
  return ordered(jobsAfterEntry(of, seq, new Set(awake), noon))
}

describe('what follows an entry', () => {
  it.each<[string, EntryDraft, string[]]>([
    ['a post', draft('request.denied'), ['post-audit | audit | at once']],
    [
      'a post, and a call to security',
      draft('owner.reported'),
      ['post-audit | audit | at once', 'post-alert | alerts | at once'],
    ],
    [
      'a post that nothing waits for',
      draft('decision.refused'),
      ['post-audit | refusals | at once'],
    ],
    ['nothing, where it is quiet', draft('request.reminded'), []],
    ['nothing, where there were too many refusals', draft('open.refused', { posted: false }), []],
  ])('is %s', (_, of, expected) => {
    expect(jobs(of)).toEqual(expected)
  })

  it('names the entry by its place', () => {
    const tasks = jobsAfterEntry(draft('owner.reported'), 7, new Set(routineLanes), noon).map(
      ({ task }) => task,
    )
    expect(tasks).toEqual([
      { kind: 'post-audit', seq: 7, request: pending().id },
      { kind: 'post-alert', seq: 7, request: pending().id },
    ])
  })
})

describe('what is done now and then', () => {
  it('is ordered where it is not already', () => {
    expect(jobs(draft('request.denied'), 7, [])).toEqual([
      'post-audit | audit | at once',
      ...routines,
    ])
    for (const lane of routineLanes) {
      const others = routines.filter((each) => !each.includes(`| ${lane} |`))
      expect(jobs(draft('request.denied'), 7, [lane]).slice(1)).toEqual(others)
    }
  })

  it('is no look at the channel where nothing is posted', () => {
    expect(jobs(draft('request.reminded'), 7, [])).toEqual(routines.slice(0, 2))
  })

  it('is a signature at once, for each hundred entries', () => {
    const prompt = 'sign-checkpoint | checkpoint at once | at once'
    const awake = routineLanes.filter((lane) => lane !== 'checkpoint at once')
    for (const [seq, isDue] of [
      [99, false],
      [100, true],
      [101, false],
      [300, true],
    ] as const) {
      expect(jobs(draft('request.reminded'), seq, awake)).toEqual(isDue ? [prompt] : [])
    }
    expect(jobs(draft('request.reminded'), 100)).toEqual([])
  })

  it('is never more than is reckoned with', () => {
    expect(jobs(draft('owner.reported'), 100, [])).toHaveLength(mostJobsPerEntry)
  })
})
