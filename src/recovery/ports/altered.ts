/** What somebody else has changed in the database, behind Rekey's back. */

import type { AlteredPart } from '../../audit/replay/recorded-request.ts'
import type { RequestId } from '../../ids.ts'

/** What belongs to one request is not as Rekey has stored it: nothing is done by what it says. */
export class RecordAltered extends Error {
  override readonly name = 'RecordAltered'
  readonly request: RequestId
  readonly differs: readonly AlteredPart[]

  constructor(request: RequestId, differs: readonly AlteredPart[] = ['seal']) {
    super(`what is stored of ${request} is not what Rekey has stored: ${differs.join(', ')}`)
    this.request = request
    this.differs = differs
  }
}

/** The ledger's head, or what holds recoveries up, is not as Rekey left it: nothing is stored at all. */
export class DatabaseAltered extends Error {
  override readonly name = 'DatabaseAltered'
}
