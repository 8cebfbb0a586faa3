import { describe, expect, it } from 'vitest';
import { readAwsFiles } from '../../src/profiles/index.ts';
import { credentialsFor, planFor } from '../../src/sessions/index.ts';
import { temporaryEmulator } from '../support/emulator.ts';
import { configAt, machine } from '../support/session-runs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** A home with keys in ~/.aws/credentials and nothing stored. */
async function setting() {
  const emulator = await temporaryEmulator();
  const jane = emulator.addUser({ account: '111122223333', name: 'jane' });
  emulator.addRole({ account: '444455556666', name: 'Dev' });
  const home = temporaryHome();
  const awsConfig = home.write(
    '.aws/config',
    configAt(emulator, '[profile dev]\nrole_arn = arn:aws:iam::444455556666:role/Dev\nsource_profile = me'),
  );
  const keys = `aws_access_key_id = ${jane.accessKeyId}
aws_secret_access_key = ${jane.secretAccessKey}`;
  const awsCredentials = home.write('.aws/credentials', `[me]\n${keys}\n`);
  const files = () => readAwsFiles({ awsConfig, awsCredentials });
  return {
    emulator,
    jane,
    home,
    plan: () => planFor({ files: files(), profile: 'dev', keys: [], environment: {} }),
  };
}

describe('keys in ~/.aws/credentials', () => {
  it('work as a source, and awsh names their place', async () => {
    const { emulator, plan, home } = await setting();
    const { run, said, vault } = machine({});
    expect(await credentialsFor(plan(), run)).toMatchObject({ accountId: '444455556666' });
    await credentialsFor(plan(), run);
    expect(emulator.actions).toEqual(['AssumeRole']);
    expect(said.join()).toContain(`${home.path}/.aws/credentials:2`);
    expect(vault.sessions()).toHaveLength(1);
  });

  it('are not in the plan', async () => {
    const { plan, jane } = await setting();
    expect(JSON.stringify(plan())).not.toContain(jane.secretAccessKey);
  });

  it('that changed after planning sign nothing', async () => {
    const { plan, home, emulator } = await setting();
    const made = plan();
    home.write(
      '.aws/credentials',
      '[me]\naws_access_key_id = AKIAOTHER00000000000\naws_secret_access_key = s\n',
    );
    await expect(credentialsFor(made, machine({}).run)).rejects.toThrow('changed just now');
    expect(emulator.actions).toEqual([]);
  });

  it('a passphrase that storing needs is not asked for while the lock is held', async () => {
    const { emulator, plan } = await setting();
    const { run, vault } = machine({});
    let another: string[] = [];
    const asksFirst: typeof vault = {
      ...vault,
      storeSession: async (record, credentials) => {
        // While the user types, another run of the same plan succeeds.
        if (another.length === 0) {
          another = ['started'];
          await credentialsFor(plan(), run);
        }
        await vault.storeSession(record, credentials);
      },
    };
    await credentialsFor(plan(), { ...run, vault: asksFirst });
    expect(emulator.actions).toEqual(['AssumeRole', 'AssumeRole']);
  });
});
