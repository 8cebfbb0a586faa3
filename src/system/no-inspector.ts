/**
 * For every Node that awsh starts: until {@link keepInspectorShut} has run, SIGUSR1 would open an
 * inspector. This address is in a network for documentation (RFC 5737), so no machine can open it.
 */
export const closedInspector = '--inspect-port=192.0.2.1:9229';

/**
 * Must be called first in every process of awsh. With a listener, SIGUSR1 opens no inspector
 * (nodejs.org/api/process.html, "Signal events"), through which any user of this machine could read
 * the process's memory.
 */
export function keepInspectorShut(): void {
  process.on('SIGUSR1', () => {});
}
