/**
 * An answer by which the pretend Cognito says no: an error name of the AWS model and its sentence.
 * It is thrown by an operation and caught in one place, `dispatch.ts`.
 */
export class ServiceFault extends Error {
  override readonly name: string

  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

export const notAuthorized = (message: string) =>
  new ServiceFault('NotAuthorizedException', message)

export const invalidParameter = (message: string) =>
  new ServiceFault('InvalidParameterException', message)

export const userNotFound = (message = 'User does not exist.') =>
  new ServiceFault('UserNotFoundException', message)

export const resourceNotFound = (message: string) =>
  new ServiceFault('ResourceNotFoundException', message)

export const limitExceeded = () =>
  new ServiceFault('LimitExceededException', 'Attempt limit exceeded, please try after some time.')

export const tooManyRequests = () => new ServiceFault('TooManyRequestsException', 'Rate exceeded')

export const internalError = () =>
  new ServiceFault('InternalErrorException', 'Something went wrong')

export const codeDeliveryFailure = () =>
  new ServiceFault('CodeDeliveryFailureException', 'Unable to deliver code to user')

export const customMessageFailed = () =>
  new ServiceFault('UserLambdaValidationException', 'CustomMessage failed with error boom.')
