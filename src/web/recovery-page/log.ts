/** What the page notes for operators: neither a name, nor an address, nor a secret. */
export type PageLog = Readonly<
  Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>
>
