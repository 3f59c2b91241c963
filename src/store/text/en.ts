/** Why a database can't be opened, for operators: what was found, where it was written, and what to do. */

/** Whoever is asked for, without the password. */
interface Server {
  readonly host: string
  readonly port: string
  readonly database: string
  readonly user: string
}

/** @param code what the system, the driver or the server calls it. */
const postgres = {
  refused: ({ host, port }: Server, code: string) =>
    `nothing listens at ${host}:${port} (${code}). Start PostgreSQL there, or write its host and port`,
  unknownHost: ({ host }: Server, code: string) =>
    `the host ${host} is not known (${code}). Write the host of the PostgreSQL server`,
  noAnswer: ({ host, port }: Server, code: string) =>
    `${host}:${port} does not answer (${code}). Look at the host, the port and what is between: a firewall, or a pooler whose database is away`,
  noSocket: (path: string) =>
    `there is no PostgreSQL socket at ${path}. Write the folder of the socket, or a host`,
  closes: ({ host, port }: Server, code: string) =>
    `${host}:${port} closes the connection (${code}). Look whether it is PostgreSQL, and at its log`,
  noTls: (mode: string) =>
    `the server has no TLS, and sslmode=${mode} asks for it. Turn on ssl at the server, or, where nobody can listen in, write sslmode=disable`,
  wantsTls: ({ user, database }: Server) =>
    `the server does not let ${user} into ${database} from this machine without TLS (28000). Add ?sslmode=verify-full, or, where the server has no TLS, a line to its pg_hba.conf`,
  untrusted: (code: string) =>
    `the server’s certificate is not trusted (${code}). Add sslrootcert=PATH with the certificate of its authority`,
  otherName: ({ host }: Server) =>
    `the server’s certificate is for another name than ${host}. Write the name that it is for`,
  expiredCertificate: 'the server’s certificate has expired. Renew it at the server',
  unreadableFile: (option: string, path: string, code: string) =>
    `${option} is ${path}, which cannot be read (${code}). Write the path of a file that the user of Rekey may read`,
  noPem: (code: string) =>
    `what sslrootcert, sslcert or sslkey names is no certificate or key in PEM (${code}). Write the path of one`,
  caNeeded: 'sslmode=verify-ca needs sslrootcert. Add it, or write sslmode=verify-full',
  wrongPassword: ({ user }: Server, code: string) =>
    `the server does not take this user and password (${user}, ${code}). Write those of a role of the server, special characters percent-encoded`,
  noPassword: ({ user }: Server) =>
    `the server asks for the password of ${user}, and there is none. Write user:password@ before the host`,
  noRole: ({ user }: Server) =>
    `the server has no role ${user} that may log in. Write another, or run: create role ${user} login`,
  notAdmitted: ({ user, database }: Server) =>
    `the server does not let ${user} into ${database} from this machine (28000). Add a line to its pg_hba.conf, or write another user`,
  noDatabase: ({ database }: Server) =>
    `the server has no database ${database} (3D000). Run: create database ${database}, or write the name of another`,
  noRight: ({ user }: Server) =>
    `${user} may not make or use the tables (42501). Grant it create and usage on the schema, or let it own the database`,
  starting: (code: string) =>
    `the server is starting or shutting down (${code}). Start Rekey again when it runs`,
  tooMany: (code: string) =>
    `the server takes no more connections (${code}). Raise max_connections, or let fewer connect`,
  diskFull: (code: string) => `the server’s disk is full (${code}). Make room there`,
  pooler: (code: string) =>
    `what listens there turns Rekey away (${code}). If it is PgBouncer, look at its log, its [databases] and its users; if not, write the host and port of PostgreSQL`,
  standby:
    'the database is a standby, which takes no writes and may be behind: let DATABASE_URL lead to the primary',
  readOnly:
    'the database takes no writes (default_transaction_read_only is on): let DATABASE_URL lead to one that does',
  other: (code: string) =>
    `the database does not work as it should (${code}). Look at the log of the server`,
}

const sqlite = {
  noParent: (folder: string, code: string) =>
    `the folder ${folder} is not there and cannot be made (${code}). Make it, for the user that Rekey runs as, or write another path`,
  fileForFolder: (path: string) =>
    `part of the path ${path} is a file where a folder has to be. Write another path`,
  folderForFile: (path: string) => `${path} is a folder. Write the path of a file in it`,
  unwritableFolder: (folder: string, code: string) =>
    `the folder ${folder} cannot be written to (${code}), and SQLite keeps files beside the database. Let the user that Rekey runs as write there, or write another path`,
  unwritableFile: (path: string, code: string) =>
    `${path} cannot be written to (${code}). Let the user that Rekey runs as own the file, and its folder not be read-only`,
  noDatabase: (path: string) =>
    `${path} is there and is no SQLite database. Write another path, or restore a backup there`,
  damaged: (path: string) => `the database at ${path} is damaged. Restore a backup there`,
  diskFull: (path: string, code: string) =>
    `the disk of ${path} is full (${code}). Make room there`,
  nothingToRead: (path: string) =>
    `there is no database to read at ${path}. Write the path of the one that Rekey uses`,
  unreadable: (path: string, code: string) =>
    `the database at ${path} cannot be read (${code}). Let this user read it and its folder`,
  other: (path: string, code: string) =>
    `the database at ${path} cannot be opened (${code}). Look at the disk, and at who owns the file`,
}

const altered = {
  head: 'somebody else has changed the database: the end of the ledger, the pause or a freeze is not as Rekey left it. Nothing is recorded. Run `npm run audit -- verify`, then restore a backup',
  headGone:
    'somebody else has changed the database: the end of the ledger is gone. Nothing is recorded. Restore a backup',
  putBack: (seen: number, found: number) =>
    `the ledger was put back under a running Rekey: entry ${seen} was there, and now it ends at ${found}. Nothing is recorded. Run \`npm run audit -- verify\`, then restart Rekey once you know why`,
  neverSealed: (entries: number, hash: string) =>
    `what is stored here was never bound to REKEY_SECRET_KEY: its ledger ends with entry ${entries}, ${hash}. If this is the first start after an upgrade from 0.1, compare that with the newest post of the audit channel, and set SEAL_DATABASE=${hash} for this one start. Otherwise somebody has changed the database: restore a backup`,
  swallowed:
    'the database keeps nothing of what people do: somebody has put a trigger or a rule into it. Nothing is recorded. Restore a backup',
  unsealed:
    'the database was bound to REKEY_SECRET_KEY once, and now it is not: somebody has taken the seals away. Restore a backup',
  otherKey:
    'the database was sealed with another REKEY_SECRET_KEY. Name that one in REKEY_SECRET_KEYS_OLD',
  entry: (seq: number) =>
    `entry ${seq} of the ledger is not as Rekey wrote it. Run \`npm run audit -- verify\`, then restore a backup`,
}

export const en = {
  postgres,
  altered,
  sqlite,
  /** @param source where the address was written */
  cannotOpen: (source: string, why: string) => `${source}: ${why}`,
}
