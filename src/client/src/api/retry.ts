const firstPause = 500;
const longestPause = 15_000;

/** How long to wait after so many failures in a row, in milliseconds: longer each time, and not all clients at once. */
export function backoff(failures: number): number {
  return Math.min(longestPause, firstPause * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
}

/** Not before the server said, and not all clients then. */
export function notBefore(retryAfter: number): number {
  return retryAfter * (1 + Math.random() / 4);
}
