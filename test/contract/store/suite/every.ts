/** All suites, for one engine. */

import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import { type OpenStore, openStore } from '../../../../src/store/open.ts'
import { rowSealer } from '../../../support/row-sealer.ts'
import type { Bench } from '../../../support/store/bench.ts'
import { commitSuite } from './commit.ts'
import { firstSealingSuite } from './first-sealing.ts'
import { groupsSuite } from './groups.ts'
import { jobsSuite } from './jobs.ts'
import { ledgerSuite } from './ledger.ts'
import { limitsSuite } from './limits.ts'
import { openingSuite } from './opening.ts'
import { pausesSuite } from './pauses.ts'
import { racesSuite } from './races.ts'
import { refusalsSuite } from './refusals.ts'
import { roundTripSuite } from './round-trip.ts'
import { rowsSuite } from './rows.ts'
import { sealsSuite } from './seals.ts'

export function everySuite(bench: Bench): void {
  beforeAll(() => bench.start())
  afterAll(() => bench.stop())
  openingSuite(bench)
  racesSuite(bench)
  pausesSuite(bench)
  groupsSuite(bench)
  describe('on a fresh store,', () => {
    const { opened, url } = freshStores(bench)
    commitSuite(bench, opened, url)
    roundTripSuite(bench, opened, url)
    ledgerSuite(bench, opened, url)
    jobsSuite(bench, opened, url)
    limitsSuite(bench, opened, url)
    refusalsSuite(bench, opened)
    rowsSuite(bench, opened, url)
    sealsSuite(bench, opened, url)
    firstSealingSuite(bench)
  })
}

/** One before each test, closed after it. */
function freshStores(bench: Bench): { opened(): OpenStore; url(): string } {
  let url = ''
  let opened: OpenStore
  beforeEach(async () => {
    url = await bench.freshUrl()
    opened = await openStore(url, { sealer: rowSealer })
  })
  afterEach(() => opened.close())
  return { opened: () => opened, url: () => url }
}
