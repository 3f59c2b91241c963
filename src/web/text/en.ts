/** What operators read of Rekey by HTTP: why it is not ready. One line for each reason. */

export const en = {
  /**
   * Why nothing can be served on a port. @param name of the variable that has it
   * @param code as the operating system calls it
   */
  notServed: {
    taken: (name: string, port: number, code: string) =>
      `${name}: ${port} is taken by another program (${code}). Stop that one, or write another port`,
    forbidden: (name: string, port: number, code: string) =>
      `${name}: ${port} is not for the user that Rekey runs as (${code}). Write one from 1024 up`,
    noSuchHost: (host: string, code: string) =>
      `HOST: ${host} is no address of this machine (${code}). Write one that is, or 0.0.0.0 or :: for all of them`,
  },
  /** What holds nothing up. */
  ready: {
    unwitnessed: (witness: string, since: Date) =>
      `the witness ${witness} has signed nothing that was written since ${since.toISOString()}: nothing is held up, but a change of that would not be seen. Ask its operator`,
  },
  unready: {
    noSocket: 'no socket to Slack is open',
    jobsStuck:
      'no job could be looked for in the last minute: nothing is carried out or said. Look at the log, and at who writes to the database',
    sharedChannel: (channel: string) =>
      `${channel} is shared with another organization, or public: nothing is said there`,
    turnedAway: (operation: string, error: string, why: string) =>
      `AWS does not let Rekey in: ${operation} (${error}); ${why}`,
    notCalled: (operation: string, error: string, why: string) =>
      `AWS cannot be called: ${operation} (${error}); ${why}`,
    outdatedPolicy: 'another Rekey has put a newer policy in force: nothing is decided here',
    auditBehind: 'the audit channel is behind: nothing new is carried out until it has caught up',
    altered:
      'somebody else has changed the database: nothing is recorded. Run `npm run audit -- verify`, then restore a backup',
    noDatabase: 'the database takes nothing: it does not answer, is full, or can only be read',
  },
}
