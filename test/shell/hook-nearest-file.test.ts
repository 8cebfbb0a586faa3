import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { packageFolder } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

it('bash finds the nearest directory file again, however files are added and removed', async () => {
  const home = temporaryHome();
  home.write('a/.awsprofile', 'far\n');
  home.write('a/b/.awsprofile', 'near\n');
  home.write('a/b/c/d/file', '');
  const script = `source '${join(packageFolder, 'shell/awsh.bash')}'
__awsh_launcher=/bin/false
seen() { __awsh_prompt; [[ $__awsh_place =~ ^auto\\ (.*)$ ]]; echo "$1: \${BASH_REMATCH[1]}"; }
cd a/b/c/d; seen start
rm ../../.awsprofile; seen gone
rm ../../../.awsprofile; seen none
echo here > .awsprofile; seen here
rm .awsprofile; seen 'none again'
echo back > ../../.awsprofile; seen back
ln -s nothing .awsprofile; seen dangling
rm .awsprofile; seen 'back again'`;
  const { stdout } = await execa('bash', ['--norc', '--noprofile', '-i', '-c', script], {
    env: { ...home.environment, AWSH_AGENT: 'off' },
    extendEnv: false,
    cwd: home.path,
    stdin: 'ignore',
  });
  expect(stdout.replaceAll(`${home.path}/`, '').split('\n').filter(Boolean)).toEqual([
    'start: a/b/.awsprofile 1 near',
    'gone: a/.awsprofile 1 far',
    'none:  ',
    'here: a/b/c/d/.awsprofile 1 here',
    'none again:  ',
    'back: a/b/.awsprofile 1 back',
    'dangling: a/b/c/d/.awsprofile unreadable',
    'back again: a/b/.awsprofile 1 back',
  ]);
});
