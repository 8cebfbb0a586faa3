/**
 * To be called before anything else, in every process of awsh: with a listener of ours, SIGUSR1 opens no inspector
 * (nodejs.org/api/process.html, "Signal events"), through which anybody on this machine could read what the process knows.
 */
export function keepInspectorShut(): void {
  process.on('SIGUSR1', () => {});
}
