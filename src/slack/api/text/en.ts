/** What stands in the way to Slack, for operators. */

/** @param place the proxy's host and port. @param why one of `reasons` */
const proxy = (variable: string, place: string, why: string, host: string) =>
  `${variable}: Slack cannot be reached through the proxy at ${place}, ${why}. If Slack can be reached without it, let NO_PROXY name ${host}`

/** What the proxy does, and what to do. */
const reasons = {
  login:
    'which wants another user and password (407): write http://user:password@host:port, percent-encoded',
  forbidden: (status: string) =>
    `which answers ${status}: have it let Rekey through to slack.com and *.slack.com`,
  unreachable: (code: string) =>
    `which does not answer, or Slack behind it (${code}): look at its host and port, and whether it runs`,
  certificate: (code: string) =>
    `which opens what is encrypted, with a certificate that is not trusted here (${code}): let NODE_EXTRA_CA_CERTS name the file of its authority when Rekey is started`,
  late: 'which does not answer in time: look at its host and port, and whether it runs',
}

export const en = { proxy, reasons }
