/** Every operation the simulated Cognito knows, by the name that stands in X-Amz-Target. */

import { DescribeUserPool, DescribeUserPoolClient } from './describe.ts'
import { AdminCreateUser } from './invitations.ts'
import type { Operation } from './operation.ts'
import {
  AdminResetUserPassword,
  AdminSetUserPassword,
  ConfirmForgotPassword,
  ForgotPassword,
} from './passwords.ts'
import { InitiateAuth, RespondToAuthChallenge } from './sign-in.ts'
import {
  AdminGetUser,
  AdminGetUserAuthFactors,
  AdminListGroupsForUser,
  GetGroup,
  ListUsers,
} from './users-read.ts'
import {
  AdminDisableUser,
  AdminEnableUser,
  AdminUpdateUserAttributes,
  AdminUserGlobalSignOut,
} from './users-write.ts'

/** Any other name is answered with UnknownOperationException. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    AdminCreateUser,
    AdminDisableUser,
    AdminEnableUser,
    AdminGetUser,
    AdminGetUserAuthFactors,
    AdminListGroupsForUser,
    AdminResetUserPassword,
    AdminSetUserPassword,
    AdminUpdateUserAttributes,
    AdminUserGlobalSignOut,
    ConfirmForgotPassword,
    DescribeUserPool,
    DescribeUserPoolClient,
    ForgotPassword,
    GetGroup,
    InitiateAuth,
    ListUsers,
    RespondToAuthChallenge,
  }),
)
