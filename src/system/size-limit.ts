/**
 * To be called before execa waits for a child: it handles every signal meanwhile, and afterwards SIGXFSZ has the system's default
 * instead of Node's, so that the next write beyond RLIMIT_FSIZE would kill awsh without a word. With a listener of ours that write
 * fails with EFBIG, as before.
 */
export function keepSizeLimitAnError(): void {
  if (process.listenerCount('SIGXFSZ') === 0) process.on('SIGXFSZ', () => {});
}
