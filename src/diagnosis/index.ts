/** diagnosis: finds problems of an installation and how to fix each: a file for each check. */
export { sections } from './checks.ts';
export { type Examined, examine, type Section } from './examine.ts';
export type { Finding } from './finding.ts';
export { type HookReport, parseHookReport } from './hook-report.ts';
export { knownKeys } from './known-keys.ts';
export type { Check, Scene, StartUp } from './scene.ts';
