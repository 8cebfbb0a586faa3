import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, the longest first. If one of them began last, it would run while the
 * other workers have nothing to do.
 */
const longest = [
  'shell/states.test.ts',
  'promise-6-nothing-blocks-your-prompt/disk-that-refuses.test.ts',
  'unit/vault-secret-session.test.ts',
  'aws/aws-vault-lines.test.ts',
  'shell/projects.test.ts',
  'aws/errors-that-teach.test.ts',
  'promise-1-no-secret-in-the-open/questions.test.ts',
  'aws/exec-server.test.ts',
  'shell/states-of-sessions.test.ts',
  'aws/hook-agent.test.ts',
  'shell/use-unknown.test.ts',
  'shell/ownership/scenes-',
  'aws/login.test.ts',
  'shell/launcher-warm.test.ts',
  'unit/migrate-backend.test.ts',
  'unit/import-',
  'unit/vault-',
  'shell/exec-shells.test.ts',
  'promise-5-nothing-is-lost/import-killed.test.ts',
  'shell/neighbours.test.ts',
  'shell/ownership/',
  'promise-4-only-you-use-your-agent/',
  'promise-6-nothing-blocks-your-prompt/',
  'promise-5-nothing-is-lost/',
  'test/shell/',
  'test/security/',
  'test/aws/',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((part) => moduleId.includes(part));
      return at === -1 ? longest.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
