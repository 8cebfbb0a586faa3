import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ShellName } from '../terminal.ts';
import { assignment, type Setup, type ToolName } from './shells.ts';
import type { ToolPlace, Variant } from './steps.ts';
import type { World } from './world.ts';

/* The files of direnv and mise in a place, for each variant. */

/** What a variant sets; `mark` makes the values of each file unique. */
function settings(variant: Variant, mark: string): Record<string, string> {
  const keys = { AWS_ACCESS_KEY_ID: `AKIATOOL${mark}`, AWS_SECRET_ACCESS_KEY: `tool-secret-${mark}` };
  switch (variant) {
    case 'keys and token':
    case 'dotenv':
      return { ...keys, AWS_SESSION_TOKEN: `tool-token-${mark}` };
    case 'keys without token':
      return keys;
    case 'AWS_PROFILE':
      return { AWS_PROFILE: `work${mark}` };
    case 'AWS_REGION':
    case 'AWS_DEFAULT_REGION':
      return { [variant]: 'ap-south-1' };
    case 'FOO':
      return { FOO: mark };
    default:
      return {};
  }
}

/** The variables that a variant unsets. */
const removed = (variant: Variant): string[] =>
  variant === 'unset keys'
    ? ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']
    : [variant.slice(6)];

const exportOther = 'eval "$(awsh export other --format bash)"';

function envrc(variant: Variant, mark: string): string {
  if (variant === 'awsh export') return `# ${mark}\n${exportOther}\n`;
  if (variant.startsWith('unset ')) return `# ${mark}\nunset ${removed(variant).join(' ')}\n`;
  if (variant === 'dotenv') return `# ${mark}\ndotenv .env\n`;
  return `${Object.entries(settings(variant, mark))
    .map(([name, value]) => `export ${name}=${value}`)
    .join('\n')}\n`;
}

function miseToml(variant: Variant, mark: string): string {
  if (variant === 'awsh export') return `# ${mark}\n[env]\n_.source = "./export.sh"\n`;
  if (variant.startsWith('unset '))
    return `# ${mark}\n[env]\n${removed(variant)
      .map((name) => `${name} = false\n`)
      .join('')}`;
  if (variant === 'dotenv') return `# ${mark}\n[env]\n_.file = ".env"\n`;
  return `[env]\n${Object.entries(settings(variant, mark))
    .map(([name, value]) => `${name} = "${value}"`)
    .join('\n')}\n`;
}

function snap(shell: ShellName, variant: Variant, mark: string): string {
  if (variant === 'awsh export')
    return shell === 'fish' ? 'awsh export other --format fish | source\n' : `${exportOther}\n`;
  return Object.entries(settings(variant, mark))
    .map(([name, value]) => `${assignment(shell, name, { value, exported: true })}\n`)
    .join('');
}

/** The tool's own file in this place. */
export function toolFile(world: World, tool: ToolName, at: ToolPlace): string {
  return join(world.path(at), { mise: 'mise.toml', snapshots: '.snap' }[tool as string] ?? '.envrc');
}

/** Writes, or removes, the tool's file in this place. */
export async function writeToolFile(
  world: World,
  { shell, tool }: Setup,
  { at, variant, allow, mark }: { at: ToolPlace; variant: Variant | null; allow: boolean; mark: number },
): Promise<void> {
  const file = toolFile(world, tool, at);
  if (variant === null) {
    world.remove(file);
    return;
  }
  const write = (path: string, text: string) => {
    world.write(path, text);
    // mise would not notice a change that is older than the folder's.
    if (tool === 'direnv') world.setTime(path);
  };
  const name = createHash('sha256').update(`${at}${mark}`).digest('hex').slice(0, 8).toUpperCase();
  if (variant === 'dotenv')
    write(
      join(world.path(at), '.env'),
      Object.entries(settings(variant, name))
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    );
  if (variant === 'awsh export') write(join(world.path(at), 'export.sh'), `${exportOther}\n`);
  const text = { direnv: envrc, mise: miseToml }[tool as string];
  write(file, text?.(variant, name) ?? snap(shell, variant, name));
  if (tool === 'direnv' && allow) await world.run('direnv', ['allow', file]);
}
