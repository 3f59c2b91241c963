/**
 * Loaded into Rekey's process ahead of Rekey, so that time can pass at the touch of a button: what Rekey
 * takes for the clock runs ahead by as much as the sandbox says. Rekey's own code is as ever.
 *
 * SANDBOX_CLOCK_AHEAD_MS, in milliseconds, is read once: to let more time pass, the process is started again.
 * Timers and `performance.now` go on as they are, only dates are ahead.
 */

import pg from 'pg'

const aheadMs = Number(process.env['SANDBOX_CLOCK_AHEAD_MS'] ?? 0)

const RealDate = Date

class ShiftedDate extends RealDate {
  constructor(...when: [] | [string | number | Date]) {
    if (when.length === 0) super(RealDate.now() + aheadMs)
    else super(...when)
  }

  static override now(): number {
    return RealDate.now() + aheadMs
  }
}

globalThis.Date = ShiftedDate as DateConstructor

// A PostgreSQL has a clock of its own, which Rekey follows: it has to run ahead as well.
if (aheadMs > 0 && process.env['DATABASE_URL']?.startsWith('postgres')) shiftDatabase()

function shiftDatabase(): void {
  const original = pg.Client.prototype.query as (...given: unknown[]) => unknown
  const query = function (this: pg.Client, ...[asked, ...rest]: unknown[]): unknown {
    const shifted = `(clock_timestamp() + interval '${aheadMs} milliseconds')`
    const text = typeof asked === 'string' ? asked.replace('clock_timestamp()', shifted) : asked
    return original.call(this, text, ...rest)
  }
  Object.defineProperty(pg.Client.prototype, 'query', { value: query })
}
