/** Faults to order: which call goes wrong next, and how. */

export type FaultKind =
  /** TooManyRequestsException, nothing done. */
  | 'throttle'
  /** LimitExceededException, nothing done. */
  | 'limit-exceeded'
  /** InternalErrorException with status 500, before or after the effect. */
  | 'error-before'
  | 'error-after'
  /** The connection breaks, before or after the effect. */
  | 'drop-before'
  | 'drop-after'
  /** No answer, ever; the connection ends when the sandbox closes. */
  | 'hang-before'
  | 'hang-after'
  /** The effect at once, the answer after `ms`. */
  | 'slow'
  /** The state has changed, the message is not sent: a CustomMessage trigger failed. */
  | 'lambda-error-after'
  /** The state has changed, the message is not sent: CodeDeliveryFailureException. */
  | 'code-delivery-failure'
  /** Any other error, nothing done. */
  | { readonly name: string; readonly message: string }

/**
 * What goes wrong, and for which calls. "Before" means that nothing was done; "after", that it was
 * done and the caller does not learn of it.
 */
export type Fault = {
  /** Absent: every operation. */
  readonly operation?: string
  /** Any name of the user (username, sub, e-mail); absent: every user. */
  readonly username?: string
  /** Absent: every pool. */
  readonly poolId?: string
  /** How many calls it spoils; default 1. */
  readonly times?: number
  readonly kind: FaultKind
  /** For `slow`; default 1000. */
  readonly ms?: number
}

type Armed = { readonly fault: Fault; left: number }

/**
 * The faults that are ordered. Of several that fit a call the oldest strikes. A call of an unknown
 * operation, one without its signature, and one that is no JSON use none up.
 */
export class Faults {
  #armed: Armed[] = []

  /** Orders one; it waits until a call fits. */
  add(fault: Fault): void {
    this.#armed.push({ fault, left: fault.times ?? 1 })
  }

  /** What is still to come, with `times` as what is left of it. */
  list(): Fault[] {
    return this.#armed.map(({ fault, left }) => ({ ...fault, times: left }))
  }

  clear(): void {
    this.#armed = []
  }

  /** The fault for this call, if one was ordered; uses up one of its times. */
  take(operation: string, names: readonly string[], poolId?: string): Fault | undefined {
    const armed = this.#armed.find(({ fault }) => concerns(fault, operation, names, poolId))
    if (!armed) return undefined
    armed.left -= 1
    this.#armed = this.#armed.filter(({ left }) => left > 0)
    return armed.fault
  }
}

function concerns(
  fault: Fault,
  operation: string,
  names: readonly string[],
  poolId: string | undefined,
): boolean {
  if (fault.operation !== undefined && fault.operation !== operation) return false
  if (fault.poolId !== undefined && fault.poolId !== poolId) return false
  return fault.username === undefined || names.includes(fault.username)
}
