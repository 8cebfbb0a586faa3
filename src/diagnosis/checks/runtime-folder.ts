import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { isJobPath } from '../../agent/index.ts';
import {
  printablePath,
  type RuntimeFault,
  runtimeBase,
  runtimeBaseFault,
  statIfThere,
} from '../../system/index.ts';
import { type Finding, note } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { unsetCommand, word } from '../shown.ts';

const reasons: Readonly<Record<RuntimeFault, string>> = {
  relative: 'it is not an absolute path',
  missing: 'there is no such folder',
  'no folder': 'it is not a folder',
  "another's": 'it belongs to another user',
  unwritable: 'its mode does not allow you to write to it',
  'read-only': 'its file system is read-only',
};

/** An XDG_RUNTIME_DIR that awsh does not use, or that does not follow the XDG specification. */
export const runtimeFolder: Check = {
  name: 'runtime-folder',
  run(scene): Finding[] {
    const path = scene.environment.XDG_RUNTIME_DIR;
    if (!path) return [];
    const fault = runtimeBaseFault(path);
    const shown = `XDG_RUNTIME_DIR (${printablePath(path, scene.paths.home)})`;
    if (fault === null) return openFault(path, shown);
    const place = printablePath(scene.paths.state, scene.paths.home);
    const why = `the agent and grants use ${isJobPath(scene.paths) ? 'the folder of the job' : place} instead`;
    return [note(`${shown} is not used: ${reasons[fault]}`, why, nextFor(fault, path, scene))];
  },
};

function openFault(path: string, shown: string): Finding[] {
  const mode = (statIfThere(path)?.mode ?? 0) & 0o777;
  if ((mode & 0o077) === 0) return [];
  const why =
    (mode & 0o022) === 0
      ? 'other programs expect a folder that only you can enter'
      : 'another user can hide the agent from your shells, and each load then starts Node';
  return [note(`${shown} has mode 0${mode.toString(8)} instead of 0700`, why, `chmod 700 ${word(path)}`)];
}

function nextFor(fault: RuntimeFault, path: string, scene: Scene): string {
  if (fault === 'unwritable') return `chmod 700 ${word(path)}`;
  if (fault === 'missing' && canMake(path)) return `mkdir -m 700 ${word(path)}`;
  const usual = `/run/user/${process.geteuid?.()}`;
  if (runtimeBase(usual) !== undefined) return `export XDG_RUNTIME_DIR=${usual}`;
  return unsetCommand('XDG_RUNTIME_DIR', scene);
}

function canMake(path: string): boolean {
  try {
    accessSync(dirname(path), constants.W_OK | constants.X_OK);
    return statIfThere(dirname(path))?.uid === process.geteuid?.();
  } catch {
    return false;
  }
}
