import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { populatePlan } from '../../src/commands/sso-populate-plan.ts';
import { defaultTemplate, namedRoles } from '../../src/commands/sso-profile-names.ts';
import { type AwsFileText, changeBlock, parseAwsFiles, readBlock } from '../../src/profiles/index.ts';
import type { SsoAccount, SsoSession } from '../../src/sessions/index.ts';

const session = { name: 'corp', startUrl: 'https://corp.awsapps.com/start' } as SsoSession;
const marks = { begin: '# awsh sso corp: begin', end: '# awsh sso corp: end', note: '# names: ' };
const templates = [defaultTemplate, '{role}', '{account}.{role}', '{session}-{n}', '{role}@{account_id}'];

/** Few letters, so that names collide, and those that have a meaning to a parser or an SDK. */
const accountName = fc.oneof(
  fc.constantFrom(
    '',
    'default',
    'DEFAULT',
    '__proto__',
    'toString',
    '[default]',
    'a',
    'a b',
    'a-b',
    '-',
    '%s',
  ),
  fc
    .array(
      fc.constantFrom('a', 'B', '-', ' ', '/', '\n', '[', ']', '#', ';', '=', '🚀', 'ü', "'", '"', '\\'),
      {
        maxLength: 6,
      },
    )
    .map((letters) => letters.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const roleName = fc.constantFrom('Admin', 'ReadOnly', 'a=b', 'a,b', 'a-b', 'default', 'x+y@z.w');
const accounts: fc.Arbitrary<SsoAccount[]> = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 0, max: 30 }).map((id) => String(id).padStart(12, '1')),
    name: accountName,
    email: fc.constant(''),
    roles: fc.uniqueArray(roleName, { maxLength: 4 }),
  }),
  { selector: ({ id }) => id, maxLength: 8 },
);

/** Lines of a config file as people write them. */
const configText = fc
  .array(
    fc.constantFrom(
      ...[
        '',
        '# a comment',
        '; another',
        '[default]',
        '[profile mine]',
        '[profile a/Admin] # note',
        'region = x',
      ],
      ...[
        's3 =',
        '  max_concurrent_requests = 20',
        '[sso-session corp]',
        '[services s]',
        'output=json',
        '\t',
      ],
      ...['[profile "with space"]', '# awsh sso other: begin', '# awsh sso other: end', '[unknown]'],
    ),
    { maxLength: 14 },
  )
  .chain((lines) =>
    fc.constantFrom('\n', '\r\n').map((lineBreak) => lines.map((line) => line + lineBreak).join('')),
  );

const options = {
  ...{ session: 'corp', isNewTemplate: false, region: null, defaultRegion: 'eu-west-1' },
  ...{ endpoints: new Map<string, string>(), only: null, prune: false },
};

function populated(text: AwsFileText, list: readonly SsoAccount[], template: string, prune = false) {
  const roles = namedRoles(list, session, template);
  const plan = populatePlan(roles, readBlock(text, marks), new Set(), { ...options, prune });
  return { roles, plan, text: changeBlock(text, marks, { ...plan, note: '' }) };
}

const fileOf = (bytes: string): AwsFileText => ({ path: 'config', kind: 'config', bytes });
const parsed = ({ bytes }: AwsFileText) =>
  parseAwsFiles({ path: 'config', text: bytes }, { path: 'credentials', text: '' }, 'lenient');

describe('the names of generated profiles', () => {
  it('use the alphabet that every SDK reads, are all different, and none is default', () => {
    fc.assert(
      fc.property(accounts, fc.constantFrom(...templates), (list, template) => {
        const names = namedRoles(list, session, template).map(({ name }) => name);
        expect(names.length).toBe(list.flatMap(({ roles }) => roles).length);
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) {
          expect(name).toMatch(/^[A-Za-z0-9_.@%:+/][A-Za-z0-9_.@%:+/-]*$/);
          expect([name.toLowerCase() === 'default', name in {}]).toEqual([false, false]);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('a config file with generated profiles', () => {
  it('has every line that it had, each role once, and is the same after a second run', () => {
    fc.assert(
      fc.property(configText, accounts, fc.constantFrom(...templates), (bytes, list, template) => {
        const before = fileOf(bytes);
        const { roles, plan, text } = populated(before, list, template);
        const end = `${marks.end}${bytes.includes('\r\n') ? '\r\n' : '\n'}`;
        expect(text.bytes.startsWith(bytes)).toBe(true);
        expect(text.bytes === bytes || text.bytes.endsWith(end)).toBe(true);
        const { profiles } = parsed(text);
        for (const { name, account, role } of roles) {
          const keys = profiles.get(name)?.properties;
          if (plan.elsewhere.includes(name)) continue;
          expect([keys?.get('sso_account_id')?.value, keys?.get('sso_role_name')?.value]).toEqual([
            account,
            role,
          ]);
        }
        expect(populated(text, list, template).text.bytes).toBe(text.bytes);
      }),
      { numRuns: 150 },
    );
  });

  it('follows the accounts from one list to another, and loses no line of the user', () => {
    fc.assert(
      fc.property(configText, configText, accounts, accounts, (above, below, first, second) => {
        const mine = '[profile user-own]\nregion = x\n# mine\n';
        const start = `${above}${marks.begin}\n${mine}${marks.end}\n[profile below]\n${below}`;
        const one = populated(fileOf(start), first, defaultTemplate).text;
        const two = populated(one, second, defaultTemplate, true);
        const { inside } = readBlock(two.text, marks);
        const kept = two.roles.map(({ name }) => name).filter((name) => !two.plan.elsewhere.includes(name));
        const others = two.plan.renamed;
        expect([...inside.keys()].sort()).toEqual([...kept, ...others, 'user-own'].sort());
        expect(two.text.bytes.startsWith(above + marks.begin)).toBe(true);
        expect(two.text.bytes.endsWith(`${marks.end}\n[profile below]\n${below}`)).toBe(true);
        const lines = two.text.bytes.split(/\r?\n/);
        for (const line of mine.trim().split('\n')) expect(lines).toContain(line);
        expect(populated(two.text, second, defaultTemplate, true).text.bytes).toBe(two.text.bytes);
      }),
      { numRuns: 150 },
    );
  });
});
