/**
 * An answer by which the simulated Cognito says no: an error name of the AWS model and its sentence. It is
 * thrown by an operation and caught in one place, `dispatch.ts`. Sentences come from the documentation and
 * from public reports, and AWS promises none of them: match on the name, and on the sentence only where one
 * name stands for several things.
 */
export class ServiceException extends Error {
  override readonly name: string

  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

/**
 * Many things on Cognito: a wrong password, state or SECRET_HASH, a disabled user. The sentence tells which.
 */
export const notAuthorized = (message: string) =>
  new ServiceException('NotAuthorizedException', message)

/** A value that the model forbids, or that no user could have. */
export const invalidParameter = (message: string) =>
  new ServiceException('InvalidParameterException', message)

/** Nobody of this name in the pool. */
export const userNotFound = (message = 'User does not exist.') =>
  new ServiceException('UserNotFoundException', message)

/** No such pool, app client or group. */
export const resourceNotFound = (message: string) =>
  new ServiceException('ResourceNotFoundException', message)

/**
 * The user's own hour is used up. The SDK for JavaScript takes it for throttling all the same, and by default
 * makes three attempts: `maxAttempts: 1` keeps a client from spending the budget by itself.
 */
export const limitExceeded = () =>
  new ServiceException(
    'LimitExceededException',
    'Attempt limit exceeded, please try after some time.',
  )

/** Throttled: the quota of an account and Region, which only a fault uses up here. */
export const tooManyRequests = () =>
  new ServiceException('TooManyRequestsException', 'Rate exceeded')

/** Answered with status 500, all others with 400. The SDK retries it, whatever the operation has done. */
export const internalError = () =>
  new ServiceException('InternalErrorException', 'Something went wrong')

/**
 * The message could not be sent. What the operation did before stays done. AWS models it for ForgotPassword
 * and AdminCreateUser, and not for AdminResetUserPassword.
 */
export const codeDeliveryFailure = () =>
  new ServiceException('CodeDeliveryFailureException', 'Unable to deliver code to user')

/** A CustomMessage trigger threw. What the operation did before stays done. */
export const customMessageFailed = () =>
  new ServiceException('UserLambdaValidationException', 'CustomMessage failed with error boom.')
