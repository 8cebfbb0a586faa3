import { dirname } from 'node:path';
import {
  type AllowRecord,
  DirectoryFileError,
  readDirectoryFile,
  TrustStore,
} from '../../directory/index.ts';
import { inspectDirectoryFile } from '../../loading/index.ts';
import { AwshError, editCommand, lstatIfThere, operandWord, printablePath } from '../../system/index.ts';
import { type Finding, note, ok } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { numberOf, word } from '../shown.ts';

/** Allowed directory files that no longer exist, or have changed since. */
export const trust: Check = {
  name: 'trust',
  run(scene): Finding[] {
    const store = new TrustStore(scene.paths.trust, scene.clock);
    const allowed = store.list().filter((record) => record.decision === 'allow');
    const gone = allowed.filter(({ path }) => lstatIfThere(path) === undefined);
    const there = allowed.filter((record) => !gone.includes(record));
    const services = servicesOf(scene, store);
    const changed = there.flatMap((record) => change(record, services, scene));
    const findings = gone.length === 0 ? [] : [forgotten(gone, scene)];
    if (allowed.length === 0 || findings.length + changed.length > 0) return [...findings, ...changed];
    return [ok(`${numberOf(allowed.length, '.awsprofile file')} allowed, each as it was`)];
  },
};

function forgotten(gone: readonly AllowRecord[], { paths }: Scene): Finding {
  const first = printablePath(gone[0]?.path ?? '', paths.home);
  const what = `${numberOf(gone.length, 'allowed .awsprofile file')} gone: ${first}${gone.length > 1 ? ' …' : ''}`;
  return note(
    what,
    'if such a file returns with the same content, it loads without asking',
    'awsh allow --prune',
  );
}

type Services = Parameters<typeof inspectDirectoryFile>[2];

/** Null if the AWS files cannot be read: then no profile can be compared. */
function servicesOf({ files, keys }: Scene, store: TrustStore): Services | null {
  const stored = [...keys];
  return files && { awsFiles: () => files, keys: () => stored, trust: store };
}

function change(record: AllowRecord, services: Services | null, { paths }: Scene): Finding[] {
  const shown = printablePath(record.path, paths.home);
  try {
    const file = readDirectoryFile(record.path);
    if (file.profile === null)
      return [
        note(
          `${shown} was allowed and names no profile now`,
          'the shell is blocked there; write the name of a profile into it',
          editCommand(record.path),
        ),
      ];
    if (services === null) return [];
    const { decision, fault, faultNext } = inspectDirectoryFile(file, file.profile, services);
    // A file without a plan cannot be allowed: that must be fixed first.
    if (fault !== '') {
      const next = faultNext ?? `awsh explain ${operandWord(file.profile)}`;
      return [note(`${shown} blocks the shell`, fault, next)];
    }
    if (decision.state !== 'changed') return [];
    const why = decision.what === 'content' ? 'its text has changed' : 'its profile has changed';
    return [note(`${shown} is not what was allowed`, why, `awsh allow ${word(dirname(record.path))}`)];
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    const line = error instanceof DirectoryFileError && error.line !== null ? `:${error.line}` : '';
    const next = error.next ?? editCommand(record.path);
    return [note(`${shown}${line} was allowed and cannot be used`, error.why ?? error.what, next)];
  }
}
