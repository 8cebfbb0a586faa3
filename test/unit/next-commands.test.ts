import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDirectoryFile } from '../../src/directory/index.ts';
import {
  AwshError,
  editCommand,
  isPastable,
  operandWord,
  printable,
  profileOption,
  quotePosix,
  shellCommand,
} from '../../src/system/index.ts';
import { has } from '../support/programs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const hostile = [
  'my profile',
  `it's "mine"`,
  '$(touch pwned)`touch pwned`',
  'a;b&c|d<e>f(g)',
  '*?[x]{a,b}~',
  '#not a comment',
  '!history!',
  '\\back\\\\slash\\',
  "\\' both",
  '=zsh',
  '~root',
  '%percent',
  '漢字 é',
  'two\nlines',
  "-'$x!\n%s\\",
  'red \x1b[31m\ttab',
  '\u202egnp.exe\u2028',
];

/** How each shell prints the words of a command, one a line. */
const shells = {
  bash: ['bash', '--norc', '-c'],
  zsh: ['zsh', '-f', '-c'],
  fish: ['fish', '--no-config', '-c'],
  sh: ['sh', '-c'],
} as const;

describe.each(Object.entries(shells).filter(([name]) => (name !== 'zsh' && name !== 'fish') || has(name)))(
  'a next command in %s',
  (_, words) => {
    const [program = '', ...options] = words;
    const parsed = (command: string) =>
      execFileSync(program, [...options, command], { encoding: 'utf8', cwd: temporaryHome().path }).split(
        '\x01',
      );

    it.each(hostile)('the next command has %j as one word', (value) => {
      const command = shellCommand`printf ${'%s\\001'} ${value} ${`/p/${value}`} end`;
      expect(printable(command)).toBe(command);
      expect(parsed(command)).toEqual([value, `/p/${value}`, 'end', '']);
    });

    it('the next command works for a directory whose name ends with a line end', () => {
      const name = join(temporaryHome().path, 'odd\n');
      mkdirSync(name);
      expect(parsed(`${shellCommand`cd ${name}`}; pwd; printf '\\001'`)).toEqual([`${name}\n`, '']);
    });

    it('the next command opens an editor at a line of a file with any name', () => {
      for (const value of hostile) {
        const command = editCommand(`/p/${value}`, 12).replace(/^vi/, "printf '%s\\001'");
        expect(parsed(command)).toEqual(['+12', `/p/${value}`, '']);
      }
    });
  },
);

describe('the error for a directory file that others can write', () => {
  it('names a command that fixes it, whatever the folder’s name is', () => {
    const folder = join(temporaryHome().path, `a 'b" $(c)`);
    mkdirSync(folder);
    const path = join(folder, '.awsprofile');
    writeFileSync(path, 'dev\n', { mode: 0o600 });
    execFileSync('chmod', ['666', path]);
    let next = '';
    try {
      readDirectoryFile(path);
    } catch (error) {
      next = (error instanceof AwshError && error.next) || '';
    }
    execFileSync('sh', ['-c', next]);
    expect(readDirectoryFile(path).profile).toBe('dev');
  });
});

/** A template with a command in it: `awsh add ${…}`, or `…, then: rm ${…}`. */
const spelled = /(?:^|: |&& )(?:awsh|aws|cd|chmod|cp|ls|mkdir|mv|rm|vi) [^`]*\$\{/;
const quoted = /^(?:quotePosix|shellWord|word|shellName|operandWords?|profileOption)\(/;
/**
 * Other values in such templates: words from our own tables, numbers, and text that is quoted
 * already, by file.
 */
const ours: Readonly<Record<string, RegExp>> = {
  // It runs if awsh's own modules cannot be loaded.
  'entry/awsh.ts': /^__dirname$/,
  'cli/argument-file.ts': /^printable\(word\)$/,
  'cli/aws-vault-hint.ts': /^(backend|used)$/,
  'cli/help-text.ts': /^(names|row\.name)$/,
  'cli/man-pages.ts': /^escaped\(what\)$/,
  'cli/next-line.ts': /^row\.typedAs \?\? row\.name$/,
  'cli/old-aws-vault-options.ts': /^line\.row\?\.name$/,
  'cli/not-in-awsh.ts': /^(verb|name)$/,
  'cli/parse-command.ts': /^(name|row\.name|rest\.length.*|words\.join.*)$/,
  'commands/pick-profile.ts': /^command$/,
  'commands/import-plain-text.ts': /^(what|each|input\.operands\.length.*)$/,
  'commands/import-source.ts': /^(word|option|names|namesOf\(outside\))$/,
  'commands/given-key.ts': /^option$/,
  'commands/import.ts': /^(place\.)?source$/,
  'commands/migrate-backend.ts': /^(from|to|key === undefined \? 'PROFILE' : operandWord)/,
  'commands/requested-session.ts': /^command$/,
  'commands/rotate.ts': /^(backend|shown)$/,
  'commands/setup.ts': /./,
  'commands/sso.ts': /^(action|name)$/,
  'commands/sso-named.ts': /^verb$/,
  'commands/version.ts': /^file\.version$/,
  'console/partitions.ts': /./,
  'diagnosis/checks/aws-vault-keys.ts': /^source$/,
  'diagnosis/checks/backend.ts': /^(name|other\.name)$/,
  'diagnosis/checks/rotations.ts': /^name$/,
  'serving/ssh-connection.ts': /^remoteFolder\(connection\)$/,
  'diagnosis/checks/start-up-file.ts': /^file$/,
  'diagnosis/shown.ts': /^line$/,
  'moving/aws-vault-stores.ts': /^source$/,
  'moving/plain-text.ts': /./,
  'profiles/resolve.ts': /./,
  // Both are quoted above.
  'rotation/key-words.ts': /^(session|named)$/,
  'rotation/rotation.ts': /^(short|state)/,
  'rotation/strange-key.ts': /^command$/,
  'sessions/sources/identity-center.ts': /^key/,
  'sessions/sts-errors.ts': /^(name|showPlace|elsewhere)/,
  'system/disk-fault.ts': /^path$/,
  'settings/edit-settings.ts': /^(key|settingTexts)/,
  'system/files.ts': /^(word|link)$/,
  // The two paths are quoted above.
  'system/text-encoding.ts': /^(file|copy|encoding)$/,
};

describe('a name that begins with a dash', () => {
  it('comes after -- in awsh commands, and is joined to --profile', () => {
    expect(operandWord('-dash')).toBe('-- -dash'.replace('-dash', quotePosix('-dash')));
    expect(operandWord('dev')).toBe('dev');
    expect(profileOption('-dash')).toBe(`--profile=${quotePosix('-dash')}`);
    expect(profileOption('dev')).toBe('--profile dev');
  });
});

describe('isPastable', () => {
  it.each([
    ['awsh setup', true],
    ["vi +3 '/a, b/(c)'", true],
    ['exit', true],
    ['awsh setup (and then open a new terminal)', false],
    ['awsh doctor --offline, to leave the network out', false],
    ['exit, or awsh use --auto', false],
    ['try again; it is the one the vault was made with', false],
    ['check the network and try again', false],
    ['download it where the console shows the new key', false],
    ['allow sts:TagSession in the role', false],
  ])('%j: %j', (next, expected) => {
    expect(isPastable(next)).toBe(expected);
  });
});

describe('next commands with a name or a path', () => {
  const source = resolve(import.meta.dirname, '../../src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.ts$/.test(file),
  );
  const templates = files
    .filter((file) => !file.startsWith('demo/') && !file.startsWith('cli/completion'))
    .flatMap((file) => {
      const text = readFileSync(join(source, file), 'utf8');
      return [...text.matchAll(/(\w*)`([^`\n]*)`/g)]
        .filter(([, tag, template = '']) => tag !== 'shellCommand' && spelled.test(template))
        .map(([, , template = '']) => ({ file, template }));
    });

  it.each(templates)('are quoted in $file: $template', ({ file, template }) => {
    const unquoted = [...template.matchAll(/\$\{([^}]*)/g)]
      .map(([, expression = '']) => expression)
      .filter((expression) => !quoted.test(expression) && !ours[file]?.test(expression));
    expect(unquoted).toEqual([]);
  });
});
