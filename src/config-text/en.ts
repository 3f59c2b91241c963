/** What is missing or wrong in what the operator has set: the environment, `.env` and where the policy is. */

/** What a variable must hold, and where to get it. */
const variables = {
  SLACK_BOT_TOKEN:
    'a bot token that starts with xoxb-; api.slack.com/apps → your app → OAuth & Permissions → Bot User OAuth Token',
  SLACK_APP_TOKEN:
    'an app-level token that starts with xapp-; api.slack.com/apps → your app → Basic Information → App-Level Tokens, scope connections:write',
  SLACK_API_URL: 'an http or https URL that ends in /; leave it out to talk to slack.com',
  AWS_REGION:
    'an AWS region such as eu-central-1; leave it out to use the region of each user pool',
  DATABASE_URL:
    'sqlite:PATH for a file, or postgres://user:password@host:5432/database (percent-encode what is special in the password)',
  REKEY_SECRET_KEY: '32 bytes in base64; make one with `npm run secret-key`',
  REKEY_SECRET_KEYS_OLD:
    'the values that REKEY_SECRET_KEY had before, with a comma between them; leave it out if there were none',
  LOG_LEVEL: (levels: readonly string[]) => `one of ${levels.join(', ')}`,
  PORT: 'a port from 0 (any free one) to 65535',
  RECOVERY_PAGE_URL:
    'the https URL under which owners reach the recovery page, ending in /recover (http is for this machine only); leave it out to serve no such page',
  RECOVERY_PAGE_PROXIES: 'how many reverse proxies stand between the owners and Rekey, from 0 to 9',
}

/** How a fault of a variable, or of a file, is one line. */
const fault = {
  variable: (name: string, expected: string) => `${name}: ${expected}`,
  noPolicyFile: (file: string) => policyFile(file, 'there is no such file'),
  unreadablePolicyFile: (file: string) => policyFile(file, 'it cannot be read'),
  noClientSecret: (variable: string, pool: string) =>
    `${variable}: the secret of the app client of pool ${pool}, as the policy says; Cognito console → the pool → App clients → Show client secret`,
  pageWithoutPool:
    'RECOVERY_PAGE_URL: needs a pool with a client in the policy, for the page to ask Cognito through; leave it out to serve no such page',
}

function policyFile(file: string, why: string): string {
  return `${file}: ${why}; copy policy.example.yml there and write down who may do what (POLICY_FILE names another place)`
}

export const en = { variables, fault }
