/** Why AWS can't be called, for operators: what is wrong, and what to do. Nothing of what AWS wrote is quoted. */

const credentials = {
  none: 'no AWS credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, let AWS_PROFILE name a profile that has them, or give Rekey a role',
  sso: 'the SSO session of the AWS profile is missing or has expired: run `aws sso login` for it',
  tokenFile:
    'the file that AWS_WEB_IDENTITY_TOKEN_FILE names is not there: let it name the token of the role',
  refused: 'AWS does not give Rekey its role: look at the role and whom it trusts',
  away: 'the service that the AWS credentials come from (STS or SSO) cannot be reached: look at the network, and at the proxy if there is one',
  late: 'the AWS credentials did not come in time: look at the service that they come from',
}

const reasons = {
  bent: 'something that AWS would get cannot be sent: look for line breaks, quotes and special characters in the AWS variables',
  proxy:
    'the proxy in HTTPS_PROXY does not let Rekey through to AWS: look at its address, its password and whom it lets through',
  unknownKey:
    'AWS does not know this access key: look at AWS_ACCESS_KEY_ID, or where else it comes from',
  wrongSecret:
    'the secret access key does not fit the access key, or this machine’s clock is wrong: look at both',
  expired: 'the AWS credentials have expired, or this machine’s clock is wrong: renew them',
  denied: 'Rekey’s AWS identity may not do this: grant it the action (README, Install it)',
}

export const en = { credentials, reasons }
