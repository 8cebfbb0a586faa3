/** diagnosis: what can be wrong with an installation, and how each of it is mended: a file for each thing that is looked at. */
export { sections } from './checks.ts';
export { type Examined, examine, type Section } from './examine.ts';
export type { Finding } from './finding.ts';
export { type HookReport, parseHookReport } from './hook-report.ts';
export { knownKeys } from './known-keys.ts';
export type { Check, Scene, StartUp } from './scene.ts';
