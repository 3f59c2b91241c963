/**
 * Loaded into Rekey's process ahead of Rekey, so that time can pass at the touch of a button: what
 * Rekey takes for the clock runs ahead by as much as the sandbox says. Rekey's own code is as ever.
 */

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
