import { agent } from './checks/agent.ts';
import { awsFiles } from './checks/aws-files.ts';
import { awsVaultKeys } from './checks/aws-vault-keys.ts';
import { backend } from './checks/backend.ts';
import { certificateBundle } from './checks/certificate-bundle.ts';
import { clock } from './checks/clock.ts';
import { completion } from './checks/completion.ts';
import { disk } from './checks/disk.ts';
import { duplicates } from './checks/duplicates.ts';
import { extraCertificates } from './checks/extra-certificates.ts';
import { fileModes } from './checks/file-modes.ts';
import { foreignKeys } from './checks/foreign-keys.ts';
import { foreignProfile } from './checks/foreign-profile.ts';
import { foreignSettings } from './checks/foreign-settings.ts';
import { hook } from './checks/hook.ts';
import { hookOrder } from './checks/hook-order.ts';
import { ignoredSource } from './checks/ignored-source.ts';
import { indexAndVault } from './checks/index-and-vault.ts';
import { inheritedIdentity } from './checks/inherited-identity.ts';
import { invisibleCharacters } from './checks/invisible-characters.ts';
import { lock } from './checks/lock.ts';
import { nestedSession } from './checks/nested-session.ts';
import { node } from './checks/node.ts';
import { otherAwsh } from './checks/other-awsh.ts';
import { plainKeys } from './checks/plain-keys.ts';
import { plans } from './checks/plans.ts';
import { roleRegions } from './checks/role-regions.ts';
import { rotations } from './checks/rotations.ts';
import { runtimeFolder } from './checks/runtime-folder.ts';
import { settings } from './checks/settings.ts';
import { shellState } from './checks/shell-state.ts';
import { signIns } from './checks/sign-ins.ts';
import { startUpFile } from './checks/start-up-file.ts';
import { trust } from './checks/trust.ts';
import { unknownKeys } from './checks/unknown-keys.ts';
import type { Section } from './examine.ts';

/** All checks, in the order in which they are shown. */
export const sections: readonly Section[] = [
  { title: 'Program', checks: [node, extraCertificates, otherAwsh] },
  { title: 'Shell', checks: [startUpFile, shellState, hook, hookOrder, completion] },
  { title: 'Vault', checks: [lock, backend, indexAndVault, rotations, awsVaultKeys] },
  { title: 'Agent', checks: [agent, runtimeFolder] },
  {
    title: 'Files',
    checks: [
      awsFiles,
      invisibleCharacters,
      duplicates,
      unknownKeys,
      plans,
      inheritedIdentity,
      ignoredSource,
      roleRegions,
      plainKeys,
      settings,
      disk,
      fileModes,
    ],
  },
  { title: 'Sign-ins', checks: [signIns] },
  { title: 'Directories', checks: [trust] },
  {
    title: 'Environment',
    checks: [foreignKeys, foreignProfile, foreignSettings, certificateBundle, nestedSession],
  },
  { title: 'Network', checks: [clock] },
];
