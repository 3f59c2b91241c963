/** How single values are written, and the check that each gets on its way back in. */

import { z } from 'zod'
import { type EffectId, type PersonId, type RequestId, requestId, type Sub } from '../ids.ts'
import { accountStatuses } from '../recovery/model/account.ts'

/** A moment, written in milliseconds since 1970. */
export const moment = z.codec(z.int(), z.date(), {
  decode: (ms) => new Date(ms),
  encode: (date) => date.getTime(),
})

export const requestField = z.custom<RequestId>(
  (value) => typeof value === 'string' && requestId(value) !== undefined,
)

export const effectField = z.custom<EffectId>(
  (value) => typeof value === 'string' && value.startsWith('EFF-'),
)

export const personField = z.custom<PersonId>(isFilled)

export const subField = z.custom<Sub>(isFilled)

export const accountStatus = z.enum(accountStatuses)

/**
 * Reads a row, or says which one it was that cannot be read.
 *
 * @param what the row's name, such as `request REQ-…`
 */
export function reading<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new Error(`${what} cannot be read from the database`, { cause: error })
  }
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
