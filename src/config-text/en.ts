/** What is missing or wrong in what the operator has set: the environment, `.env` and where the policy is. */

const proxies =
  'the addresses or networks of your reverse proxies, as Rekey meets them, with a comma between them, such as 127.0.0.1 or 10.1.2.0/24'

/** What to write, and where to get it. */
const variables = {
  SLACK_BOT_TOKEN:
    'the bot token, which starts with xoxb- (api.slack.com/apps → your app → OAuth & Permissions → Bot User OAuth Token)',
  SLACK_APP_TOKEN:
    'an app-level token that starts with xapp- (api.slack.com/apps → your app → Basic Information → App-Level Tokens, scope connections:write)',
  SLACK_API_URL: 'an http or https URL that ends in /, or leave it out to talk to slack.com',
  AWS_REGION:
    'an AWS region such as eu-central-1, or leave it out to use the region of each user pool',
  DATABASE_URL:
    'sqlite:PATH for a file, such as sqlite:./data/rekey.db, or postgres://user:password@host:5432/database',
  unencryptedDatabase:
    '?sslmode=verify-full at the end (and &sslrootcert=FILE where the certificate is of a CA of your own); where nobody else is on the network between, as between containers of one machine, say so in DATABASE_UNENCRYPTED instead',
  DATABASE_UNENCRYPTED:
    'why it is safe to talk to the database without TLS that checks its certificate, in a few words: it is logged and in the ledger',
  REKEY_SECRET_KEY: {
    missing:
      'the key that this Rekey has had so far; for a new installation, make one with `npm run secret-key`',
    malformed:
      'the whole key exactly as it was made: 44 characters of base64, the last of them =. Another key would not open what was sealed with it',
  },
  REKEY_SECRET_KEYS_OLD:
    'the values that REKEY_SECRET_KEY had before, exactly as they were, with a comma and no blank between them; leave it out if there were none',
  WITNESSES:
    'the public key of each witness, a blank and its URL (https; http is for this machine only), with a comma between witnesses; or leave it out',
  LOG_LEVEL: (levels: readonly string[]) => `one of ${levels.join(', ')}`,
  HOST: 'the IP address to listen on, such as 127.0.0.1 for this machine only, or 0.0.0.0 or :: for every address, as in a container',
  PORT: 'a port from 0 (any free one) to 65535',
  otherPort: 'another port, from 0 (any free one) to 65535',
  proxy:
    'http://host:port, or http://user:password@host:port, or leave it out to reach Slack and AWS directly',
  NO_PROXY: 'hosts with a comma between them',
  RECOVERY_PAGE_URL:
    'the https URL under which owners reach the recovery page, ending in /recover (http is for this machine only), or leave it out to serve no such page',
  RECOVERY_PAGE_PROXIES: proxies,
  proxiesThere: `there ${proxies}`,
  SEAL_DATABASE: 'the first 16 digits of the hash that the start has asked for, or leave it out',
  POLICY_FILE: 'the path of the policy',
  clientSecret: (pool: string) =>
    `the secret of the app client of pool ${pool}, as the policy says (Cognito console → the pool → App clients → Show client secret)`,
  bothOfAws: 'both, or neither, to have AWS’s SDK look for credentials elsewhere',
  ofAws: 'the value alone; AWS’s SDK takes it as it is',
}

const encoded = '# is %23, / is %2F, ? is %3F, @ is %40, : is %3A'

/** What there is in place of what must be. */
const found = {
  missing: 'is not set',
  noHash: 'is not the beginning of a hash',
  quotes:
    'has quotes around it, which count as part of the value (Docker’s env files and Kubernetes keep them)',
  lineBreak: 'has a line break in it',
  lineBreakAtEnd: 'ends in a line break',
  blankAtEnd: 'has white space around it',
  blank: 'has a blank in it',
  invisible: 'has a character in it that cannot be seen, as copying from a web page may bring',
  empty: 'is empty',
  appToken: 'is an app-level token, which belongs in SLACK_APP_TOKEN',
  botToken: 'is a bot token, which belongs in SLACK_BOT_TOKEN',
  otherToken: 'is another kind of Slack token',
  onlyBeginning: (beginning: string) => `is only ${beginning}, as in .env.example`,
  noBeginning: (beginning: string) => `does not start with ${beginning}`,
  noRegion: 'is no AWS region',
  noPort: 'is no port',
  samePort: (other: string) => `is the port of ${other}, too`,
  noAddress: 'is no IP address',
  noNetwork: 'is no IP address and no network such as 10.1.2.0/24',
  wideNetwork: 'is a network that is wider than anybody’s own',
  number: 'is a number, where Rekey takes addresses',
  ofProxy: (number: number, problem: string) => `entry ${number} ${problem}`,
  noProxy: 'is https, which Rekey does not speak itself, and RECOVERY_PAGE_PROXIES is not set',
  noWebUrl: 'is no http or https URL',
  socks: 'is a SOCKS proxy, where Rekey takes an HTTP proxy',
  noSlash: 'does not end in /',
  noTls: 'is http, where everybody on the way could read the passwords',
  noTlsToSlack: 'is http, where everybody on the way could read the tokens',
  moreThanPath: 'has a user, a query or a fragment in it',
  noRecover: 'does not end in /recover',
  noPlainPath: 'has a path with special characters',
  noLevel: 'is no log level',
  hex: 'is 64 hexadecimal digits, not base64',
  base64url: 'is base64url, where base64 has + for - and / for _',
  noBase64: 'has characters in it that base64 does not have',
  otherLength: (bytes: number) => `holds ${bytes} bytes where a key has 32`,
  noPadding: 'is not as base64 is written: the = at the end may be lost',
  ofKey: (number: number, problem: string) => `key ${number} ${problem}`,
  ofWitness: (number: number, problem: string) => `witness ${number} ${problem}`,
  noWitnessKey:
    'does not begin with a witness’s public key (name+8 hexadecimal digits+base64 that begins with B, for cosignatures)',
  noTlsForWitness: 'is reached by http',
  sameWitness: 'has the name of one before it',
  sameWitnessKey: 'has the key of one before it under another name, and is no other witness',
  longWitnessName: (most: number) => `has a name of more than ${most} characters`,
  tooManyWitnesses: (most: number) => `names more than ${most} witnesses`,
  memory: 'is a database in memory, which forgets every request and the ledger when Rekey stops',
  noFile: 'names no file, and without one SQLite forgets every request and the ledger',
  fileUrl: 'has file: after sqlite:, where a plain path belongs',
  placeholder: 'has a placeholder in it ($ and a name in braces), which nothing replaces here',
  home: 'begins with ~, which only a shell replaces',
  options: 'has a ? in its path: Rekey takes no options for SQLite',
  twoSlashes: 'has two slashes after sqlite:, which lead to the root of the disk',
  folder: 'names a folder',
  otherDatabase: 'is a URL of something other than SQLite or PostgreSQL',
  noScheme: 'has neither sqlite: nor postgres:// at its beginning',
  severalHosts: 'names several hosts, where Rekey takes one',
  twice: 'has a parameter twice, of which the driver would take the last',
  unencoded: `cannot be read as a URL; what is special in the password has to be percent-encoded (${encoded})`,
  percent: 'has a % in it that encodes nothing; a % itself is written %25',
  noSslMode: (known: readonly string[]) => `has an unknown sslmode; there are ${known.join(', ')}`,
  unencrypted:
    'leads to another machine without TLS that checks its certificate, so that others on the way could read and change everything',
  noReason: 'is no reason',
  anyCertificate:
    'is 0, so that Rekey would take anybody for Slack, AWS and the database. Remove it; let NODE_EXTRA_CA_CERTS name the file of a certificate authority of your own',
  alone: (other: string) => `is set without ${other}`,
}

/** How a fault of a variable, or of a file, is one line. */
const fault = {
  /** @param name with the place before it, where it stands in a file */
  variable: (name: string, problem: string) => `${name}: ${problem}`,
  must: (problem: string, write: string) => `${problem}. Write ${write}`,
  misspelt: (name: string, meant: string) =>
    `${name}: is not read by Rekey, and ${meant} is not set. Write ${meant} if that is meant, or remove it`,
  noPolicyFile: (file: string) =>
    policyFile(
      file,
      'there is no such file',
      'copy policy.example.yml there and write down who may do what',
    ),
  policyFolder: (file: string) => policyFile(file, 'is a folder', 'name the file in it'),
  /** @param code as the operating system calls it */
  unreadablePolicyFile: (file: string, code: string) =>
    policyFile(file, `cannot be read (${code})`, 'let the user that Rekey runs as read it'),
  utf16PolicyFile: (file: string) => `${file}: is UTF-16, or no text. Save it as UTF-8`,
  pageWithoutPool:
    'RECOVERY_PAGE_URL: needs a pool with a client in the policy, for the page to ask Cognito through; leave it out to serve no such page',
}

function policyFile(file: string, found: string, todo: string): string {
  return `${file}: ${found}; ${todo}, or let POLICY_FILE name another`
}

/** What is wrong with `.env`. What goes on from the name of a variable never says what it holds. */
const envFile = {
  unreadable: (file: string, code: string) =>
    `${file}: cannot be read (${code}). Let the user that Rekey runs as read it, or remove it`,
  writable: (file: string) =>
    `${file}: can be written to by other users of this machine. Look whether what it says is still yours, then run: chmod 600 ${file}`,
  readable: (file: string) =>
    `${file}: can be read by other users of this machine. Run: chmod 600 ${file}`,
  foreign: (file: string, owner: number) =>
    `${file}: belongs to another user of this machine (${owner}), who can change what it says. Let it belong to root, or to the user that Rekey runs as`,
  utf16: (file: string) =>
    `${file}: is UTF-16, or no text. Save it as UTF-8 (in PowerShell, with -Encoding utf8)`,
  noVariable: (place: string) =>
    `${place}: is no NAME=value, and says nothing to Rekey. Mend it, or put a # before it`,
  cut: 'is cut off at a #, where a comment begins. Put the value in single quotes',
  cutWhole:
    'begins with a #, so that all of it is a comment. Put the value in single quotes, or a blank before the #',
  openQuote:
    'has a quote at its beginning that is not closed on the same line. Close it, or remove it',
  afterQuote:
    'goes on after its closing quote. Remove the quotes inside, or use another kind around them',
}

export const en = {
  variables,
  found,
  fault,
  envFile,
  place: (file: string, line: number) => `${file}:${line}`,
}
