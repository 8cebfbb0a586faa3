import { describe, expect, test } from 'vitest';
import { importHome, plainText, sample } from '../support/import-homes.ts';
import { runHere, runInstalled } from '../support/run-awsh.ts';

const asStdin = (name: string) => `${sample(name).id}\n${sample(name).secret}\n`;

describe('a profile with one key in the vault and another in the credentials file', () => {
  test('add names the key that is used, and remove the one that is used from then on', async () => {
    const home = importHome();
    home.write('.aws/credentials', plainText('work'));
    const added = await runInstalled(['add', 'work', '--stdin'], home.environment, asStdin('other'));
    expect(added.status).toBe(0);
    expect(added.err).toContain('~/.aws/credentials:2 has another key for work: ****2222');
    expect(added.err).toMatch(/the stored key \*{4}2222 is used; without it, the AWS CLI uses the one/);
    expect(added.err).toMatch(/next: vi \+2 .*\.aws\/credentials/);
    const removed = await home.run('remove', 'work', '--force');
    expect(removed.err).toContain('the profile stays in ~/.aws/credentials, and the key stays valid in IAM');
    expect(removed.err).toContain('work has the key ****2222 from now on');
  });

  test('remove for a profile in no file: the key stays valid in IAM', async () => {
    const home = importHome();
    await runInstalled(['add', 'work', '--stdin', '--no-add-config'], home.environment, asStdin('other'));
    const { err } = await home.run('remove', 'work', '--force');
    expect(err).toContain('  the key stays valid in IAM');
    expect(err).not.toContain('the profile stays');
  });
});

describe('a wrong passphrase in a variable', () => {
  test.each(['AWSH_FILE_PASSPHRASE', 'AWS_VAULT_FILE_PASSPHRASE'])('%s is named', async (variable) => {
    const home = importHome();
    home.write('.aws/credentials', plainText('work'));
    await home.run('import', '--all', '--yes');
    const environment = { ...home.environment, AWSH_FILE_PASSPHRASE: '', [variable]: 'not the right one' };
    const { status, err } = await runHere(['export', 'work', '--no-session'], environment);
    expect(status).toBe(5);
    expect(err).toContain(`the passphrase in ${variable} is wrong`);
    expect(err).toContain('the one that you chose when the vault was created');
    expect(err).toContain(`next: unset ${variable}`);
  });
});
