/**
 * To be called before anything else: with a listener of ours, SIGUSR1 opens no inspector (nodejs.org/api/process.html,
 * "Signal events"), through which any program of the user could read the sessions.
 */
export function keepInspectorShut(): void {
  process.on('SIGUSR1', () => {});
}
