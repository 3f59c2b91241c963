/**
 * Loaded into Rekey's process ahead of Rekey: the machine's clock is set, while Rekey runs, by as much
 * as a file says. What only goes forward goes on as ever.
 */

import { existsSync, readFileSync } from 'node:fs'

const file = process.env['CLOCK_FILE'] ?? ''

const TrueDate = Date

function aheadMs(): number {
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
}

class JumpingDate extends TrueDate {
  constructor(...when: [] | [string | number | Date]) {
    if (when.length === 0) super(TrueDate.now() + aheadMs())
    else super(...when)
  }

  static override now(): number {
    return TrueDate.now() + aheadMs()
  }
}

globalThis.Date = JumpingDate as DateConstructor
