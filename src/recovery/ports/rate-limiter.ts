/** What strangers have tried lately, over restarts and replicas. store/ provides it. */
export interface RateLimiter {
  /**
   * Counts one more of `key`, unless there have been `most` of them within the last `windowMs`.
   * @param key names nobody: whoever calls has made it unreadable
   * @returns false when there have been; then nothing is counted
   */
  take(key: string, most: number, windowMs: number, at: Date): Promise<boolean>
}
