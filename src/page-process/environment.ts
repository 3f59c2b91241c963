/** What of Rekey's environment the page's process has: how this machine is set up, and no secret. */

// AWS's SDK reads from there where Cognito is. The two calls of the page carry no credentials.
const passed =
  /^(PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SystemRoot|LD_LIBRARY_PATH|NODE_\w+|SSL_CERT_\w+|AWS_ENDPOINT_URL\w*|AWS_USE_\w+|AWS_CA_BUNDLE)$/i

/** Whether the page's process may have a variable. */
export function isForPage(name: string): boolean {
  return passed.test(name)
}
