/** Faults to order: which call goes wrong next, and how. */

export type FaultKind =
  /** TooManyRequestsException, nothing done: the account's own quota, which nothing else uses up here. */
  | 'throttle'
  /** LimitExceededException, nothing done: as if the user's hour were used up. */
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
  /**
   * The state has changed, the message is not sent: a CustomMessage trigger failed (UserLambdaValidation…).
   */
  | 'lambda-error-after'
  /**
   * The state has changed, the message is not sent: CodeDeliveryFailureException. It strikes any operation it
   * is ordered for, also AdminResetUserPassword, where the API model does not have it.
   */
  | 'code-delivery-failure'
  /** Any other error, such as AccessDeniedException, with status 400; nothing done. */
  | { readonly name: string; readonly message: string }

/**
 * What goes wrong, and for which calls. "Before" means that nothing was done; "after", that it was done and
 * the caller does not learn of it. An operation that refuses does so underneath an "after" fault, too.
 */
export type Fault = {
  /** Absent: every operation. */
  readonly operation?: string
  /** Any name of the user (username, sub, e-mail), in exactly this case; absent: every call. */
  readonly username?: string
  /** A call is about the pool that it names, or that its app client belongs to. Absent: every pool. */
  readonly poolId?: string
  /** How many calls it spoils; default 1. */
  readonly times?: number
  readonly kind: FaultKind
  /** For `slow`: milliseconds until the answer, by the real clock; default 1000. */
  readonly ms?: number
}

type Armed = { readonly fault: Fault; left: number }

/**
 * The faults that are ordered. Of several that fit a call the oldest strikes. A call of an unknown operation,
 * one without its signature, and one that is no JSON use none up. A client that retries uses up one with each
 * attempt.
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
