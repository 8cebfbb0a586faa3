import { randomBytes } from 'node:crypto';
import type { EmulatedUser, Emulator } from '../../src/demo/emulator/index.ts';
import { type RotationRun, rotateKey } from '../../src/rotation/index.ts';
import { Secret } from '../../src/system/index.ts';
import type { Vault } from '../../src/vault/index.ts';
import { temporaryEmulator } from './emulator.ts';
import { type HeldKey, heldVault, rotationRun } from './rotation-process.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';

/** A home with a real encrypted vault, and its user in an emulated AWS. */
export interface RotationScene {
  readonly home: TemporaryHome;
  readonly emulator: Emulator;
  readonly user: EmulatedUser;
  readonly held: HeldKey;
  /** The vault, opened as by a new process. */
  vault(): Vault;
  /** A rotation, begun as by a new process. */
  rotate(profile?: string, changes?: Partial<RotationRun>): ReturnType<typeof rotateKey>;
  readonly said: string[];
}

/**
 * A user with its key stored for `work` and for `twin`, and a role `dev` whose source is `work`.
 */
export async function rotationScene(options: { mfa?: boolean } = {}): Promise<RotationScene> {
  const home = temporaryHome();
  const emulator = await temporaryEmulator();
  const user = emulator.addUser({ account: '111122223333', name: 'jane', mfa: options.mfa ?? false });
  const role = emulator.addRole({ account: '444455556666', name: 'dev' });
  const common = `region = eu-west-1\nendpoint_url = ${emulator.url}\n`;
  const device = options.mfa ? `mfa_serial = ${user.mfaSerial}\n` : '';
  home.write(
    '.aws/config',
    `[profile work]\n${common}${device}[profile twin]\n${common}${device}` +
      `[profile dev]\nrole_arn = ${role.arn}\nsource_profile = work\n${common}${device}`,
  );
  const held = randomBytes(32);
  const said: string[] = [];
  const vault = () => heldVault(home, held);
  const scene: RotationScene = {
    home,
    emulator,
    user,
    held,
    said,
    vault,
    rotate: (profile = 'work', changes = {}) =>
      rotateKey(profile, { ...rotationRun(home, vault()), say: (line) => void said.push(line), ...changes }),
  };
  const key = { accessKeyId: user.accessKeyId, secretAccessKey: new Secret(user.secretAccessKey) };
  const added = new Date(Date.now() - 1000);
  await vault().storeAccessKeys(['work', 'twin'].map((profile) => ({ profile, key: { ...key, added } })));
  return scene;
}

/** Whether AWS knows the key that the vault holds for this profile. */
export async function works({ emulator, vault }: RotationScene, profile: string): Promise<boolean> {
  const key = await vault().accessKey(profile);
  const found = emulator.cloud.findKey(key?.accessKeyId ?? '');
  return found?.key.status === 'Active' && found.key.secret === key?.secretAccessKey.reveal();
}

export const keyIds = ({ emulator }: RotationScene) =>
  emulator.cloud.users.flatMap(({ keys }) => keys.map(({ id }) => id));
