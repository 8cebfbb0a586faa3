/**
 * For every Node that awsh starts: until {@link keepInspectorShut} has run, SIGUSR1 would open an inspector. At this address of a
 * network for documentation (RFC 5737) no machine can.
 */
export const closedInspector = '--inspect-port=192.0.2.1:9229';

/**
 * To be called before anything else, in every process of awsh: with a listener of ours, SIGUSR1 opens no inspector
 * (nodejs.org/api/process.html, "Signal events"), through which anybody on this machine could read what the process knows.
 */
export function keepInspectorShut(): void {
  process.on('SIGUSR1', () => {});
}
