/** Which Slack messages stand for what, so that they are edited and not posted again. */
export interface Posts {
  find(key: string): Promise<Post | undefined>
  /** Which of these there are. */
  which(keys: readonly string[]): Promise<ReadonlySet<string>>
  keep(key: string, post: Post): Promise<void>
  /** The posts with this time or a later one, the oldest first. @param ts as Slack has it */
  since(ts: string): Promise<readonly KeptPost[]>
}

export interface Post {
  readonly channel: string
  readonly ts: string
  /** Of what it said, where somebody compares it later. */
  readonly digest?: string
}

export interface KeptPost extends Post {
  /** What it stands for. */
  readonly key: string
}
