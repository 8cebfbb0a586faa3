/**
 * demo: the sandbox, a throw-away home with sample projects, and the AWS emulator for it and the
 * tests.
 */
export { type DemoStage, openDemo, playDemo } from './demo.ts';
export { removeFolder } from './remove-folder.ts';
export { createSandbox, type Project, type Sandbox } from './sandbox.ts';
