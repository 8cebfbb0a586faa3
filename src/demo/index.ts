/** demo: the sandbox, a throw-away home with projects to walk through, and the AWS emulator that it and the tests run against. */
export { type DemoStage, openDemo, playDemo } from './demo.ts';
export { removeFolder } from './remove-folder.ts';
export { createSandbox, type Project, type Sandbox } from './sandbox.ts';
