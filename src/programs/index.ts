/** programs: other programs, started by execa. */

/**
 *
 * execa, changed to fail as awsh's own calls do. It is loaded at its first use.
 *
 * - While it waits for a child it handles every signal. Afterwards SIGXFSZ has the system's default
 *   action instead of Node's, so the next write beyond RLIMIT_FSIZE would silently kill awsh. With
 *   a listener that write fails with EFBIG.
 * - If no descriptor is left for the child's pipes, Node returns a child without `stdio`, which
 *   execa does not expect. This then throws EMFILE.
 */
export async function loadExeca(): Promise<typeof import('execa')['execa']> {
  if (process.listenerCount('SIGXFSZ') === 0) process.on('SIGXFSZ', () => {});
  const { execa } = await import('execa');
  return new Proxy(execa, {
    apply(target, self, given) {
      try {
        return Reflect.apply(target, self, given);
      } catch (error) {
        if (!(error instanceof TypeError) || !/\bstdio\b/.test(error.message)) throw error;
        throw Object.assign(new Error('spawn EMFILE', { cause: error }), { code: 'EMFILE' });
      }
    },
  });
}
