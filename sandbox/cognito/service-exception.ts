/**
 * An answer by which the pretend Cognito says no: an error name of the AWS model and its sentence.
 * It is thrown by an operation and caught in one place, `dispatch.ts`.
 */
export class ServiceException extends Error {
  override readonly name: string

  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

export const notAuthorized = (message: string) =>
  new ServiceException('NotAuthorizedException', message)

export const invalidParameter = (message: string) =>
  new ServiceException('InvalidParameterException', message)

export const userNotFound = (message = 'User does not exist.') =>
  new ServiceException('UserNotFoundException', message)

export const resourceNotFound = (message: string) =>
  new ServiceException('ResourceNotFoundException', message)

export const limitExceeded = () =>
  new ServiceException(
    'LimitExceededException',
    'Attempt limit exceeded, please try after some time.',
  )

export const tooManyRequests = () =>
  new ServiceException('TooManyRequestsException', 'Rate exceeded')

export const internalError = () =>
  new ServiceException('InternalErrorException', 'Something went wrong')

export const codeDeliveryFailure = () =>
  new ServiceException('CodeDeliveryFailureException', 'Unable to deliver code to user')

export const customMessageFailed = () =>
  new ServiceException('UserLambdaValidationException', 'CustomMessage failed with error boom.')
