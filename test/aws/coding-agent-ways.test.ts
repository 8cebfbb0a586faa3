import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { type AgentSandbox, agentSandbox } from '../support/agent-sandbox.ts';
import { packageFolder } from '../support/run-awsh.ts';

const awsh = join(packageFolder, 'bin/awsh');
const hook = `source ${packageFolder}/shell/awsh.bash`;
const outside = 'env -u CLAUDECODE setsid -f';

/**
 * Ways in which a stand-in agent tries to get prod, or the user's own key. `won` lists the settings
 * of coding_agents with which a way succeeds: `r`ead-only, `a`sk, re`f`use. With `same`, only ways
 * that need the user's terminal fail.
 */
const ways: [name: string, line: string, won: string][] = [
  ['exec', `${awsh} exec prod -- env`, ''],
  ['export', `${awsh} export prod`, ''],
  ['export for another program', `${awsh} export prod --format process`, ''],
  ['export without the variable', `env -u CLAUDECODE ${awsh} export prod`, ''],
  [
    'export with an empty environment',
    `env -i HOME="$HOME" PATH="$PATH" AWSH_FILE_PASSPHRASE="$AWSH_FILE_PASSPHRASE" ${awsh} export prod`,
    '',
  ],
  ['export in another session', `env -u CLAUDECODE setsid -w ${awsh} export prod`, ''],
  ['a terminal of its own', `printf 'y\\ny\\n' | script -qec "${awsh} export prod" /dev/null`, ''],
  ['export that outlives its shell', `nohup ${awsh} export prod`, ''],
  [
    'export with variables that say otherwise',
    `CLAUDECODE=0 AWSH_CODING_AGENTS=same AWSH_AGENT=off AWSH_PROFILE=prod ${awsh} export prod`,
    '',
  ],
  [
    'export with settings of its own',
    `mkdir -p ~/other/awsh; echo backend = file > ~/other/awsh/config; XDG_CONFIG_HOME=~/other ${awsh} export prod`,
    'raf',
  ],
  [
    'export with a policy',
    `${awsh} export prod --policy-arn arn:aws:iam::aws:policy/AdministratorAccess`,
    '',
  ],
  [
    'exec --server',
    `${awsh} exec prod --server -- sh -c 'curl -s -H "Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN" "$AWS_CONTAINER_CREDENTIALS_FULL_URI"'`,
    '',
  ],
  [
    'a grant',
    `${awsh} serve prod --name x && curl -s --unix-socket "$XDG_RUNTIME_DIR/awsh/grants/x/sock" -H "Authorization: $(cat "$XDG_RUNTIME_DIR/awsh/grants/x/token")" http://127.0.0.1/credentials`,
    '',
  ],
  ['the console', `${awsh} login prod --stdout`, ''],
  ['a token for kubectl', `${awsh} eks-token blue --profile prod`, ''],
  ['the hook, by use', `bash -ic 'cd /; ${hook}; awsh use prod; env' </dev/null`, ''],
  ['the hook, by a directory', `bash -ic '${hook}; cd ~/projects/prod; env' </dev/null`, ''],
  ['a role by its ARN', `${awsh} export 777788889999:operator --source-profile demo`, ''],
  [
    'a profile of its own for the role',
    `printf '[profile mine]\\nrole_arn = arn:aws:iam::777788889999:role/operator\\nsource_profile = demo\\nregion = eu-west-1\\nendpoint_url = %s\\n' "$ENDPOINT" >> ~/.aws/config; ${awsh} export mine`,
    '',
  ],
  [
    'the source’s session, then the role',
    `set -a; eval "$(${awsh} export demo)"; set +a; aws sts assume-role --role-arn arn:aws:iam::777788889999:role/operator --role-session-name agent`,
    '',
  ],
  [
    'config set',
    `${awsh} config set coding_agents same; ${awsh} config unset protected; ${awsh} export prod`,
    '',
  ],
  ['the file of keys', 'cat ~/.aws/credentials', 'raf'],
  [
    'out of the process tree',
    `${outside} ${awsh} export prod > ~/out; for i in $(seq 100); do [ -s ~/out ] && break; sleep 0.2; done; cat ~/out`,
    'raf',
  ],
  ['the settings file', `sed -i /coding_agents/d ~/.config/awsh/config; ${awsh} export prod`, 'raf'],
];

/** A home with a plain-text key, a registry, and this value of `coding_agents`. */
async function preparedBox(rule: string): Promise<AgentSandbox> {
  const box = await agentSandbox();
  const { home, accessKeyId, secretAccessKey, projects } = box.sandbox;
  const keys = `[leaky]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey.reveal()}\n`;
  writeFileSync(join(home, '.aws/credentials'), keys, { mode: 0o600 });
  const settings = join(home, '.config/awsh/config');
  writeFileSync(settings, 'backend = file\n');
  const prod = projects.find(({ profile }) => profile === 'prod');
  expect(await box.awsh(['allow', prod?.folder ?? ''])).toMatchObject({ status: 0 });
  writeFileSync(settings, `backend = file\nprotected = prod\ncoding_agents = ${rule}\n`);
  mkdirSync(join(home, 'programs'));
  // The kernel's name for the stand-in's process.
  symlinkSync('/bin/bash', join(home, 'programs/claude'));
  return box;
}

/** The ways by which a process called claude without a terminal got prod, or the user's own key. */
async function waysThatWork({ sandbox, environment }: AgentSandbox): Promise<string[]> {
  const { home, accessKeyId, emulator } = sandbox;
  const script = ways.map(([, line], at) => `printf '\\n=== ${at}\\n'; ( ${line}; ) 2>&1`).join('\n');
  const { stdout } = await execa(join(home, 'programs/claude'), ['-c', script], {
    cwd: home,
    env: { ...environment, CLAUDECODE: '1', ENDPOINT: emulator.url },
    extendEnv: false,
    detached: true,
    stdin: 'ignore',
    reject: false,
  });
  if (process.env.SHOW_WAYS) process.stderr.write(stdout);
  const prod = [...emulator.cloud.sessions.values()].filter(
    ({ identity }) => identity.account === '777788889999',
  );
  const won = [accessKeyId, 'SigninToken=', 'k8s-aws-v1.', ...prod.map((session) => session.accessKeyId)];
  const outputs = stdout.split(/^=== \d+\n/m).slice(1);
  expect(outputs).toHaveLength(ways.length);
  return ways.filter((_, at) => won.some((text) => outputs[at]?.includes(text))).map(([name]) => name);
}

describe('a simulated coding agent that tries to get prod', () => {
  // The others run in `npm run test:long`.
  const rules = process.env.TEST_SECONDS ? ['same', 'read-only', 'ask', 'refuse'] : ['read-only'];
  it.each(rules)('coding_agents = %s', async (rule) => {
    const letter = { 'read-only': 'r', ask: 'a', refuse: 'f' }[rule];
    const expected = ways.filter(([name, , won]) =>
      letter === undefined ? name !== 'the hook, by a directory' : won.includes(letter),
    );
    expect(await waysThatWork(await preparedBox(rule))).toEqual(expected.map(([name]) => name));
  });
});
