import { streamOutput } from '../../src/cli/output.ts';
import { commandModules } from '../../src/entry/command-modules.ts';
import { runCommandLine } from '../../src/entry/main.ts';
import { systemClock } from '../../src/system/index.ts';
import { heldVault } from './rotation-process.ts';
import { type Answer, CapturedText, packageFolder } from './run-awsh.ts';

const held = new Uint8Array(32).fill(5);

/** The vault of {@link runHeld}. */
export const heldFiles = (environment: Record<string, string>) => heldVault({ environment }, held);

/**
 * Runs a command line in this process, as runHere does. The key of the encrypted files is known, so
 * no passphrase needs 600 000 rounds.
 */
export async function runHeld(args: readonly string[], environment: Record<string, string>): Promise<Answer> {
  const [out, err] = [new CapturedText(), new CapturedText()];
  const files = async () => heldFiles(environment);
  const commands = Object.entries(commandModules).map(([name, load]) => {
    const run: Awaited<ReturnType<typeof load>>['run'] = async (context, input) =>
      (await load()).run(
        {
          ...context,
          vault: environment.AWSH_BACKEND === 'file' ? files : context.vault,
          vaultIn: (backend) => (backend === 'file' ? files() : context.vaultIn(backend)),
        },
        input,
      );
    return [name, async () => ({ run })] as const;
  });
  const output = streamOutput(out, err, environment);
  const status = await runCommandLine(args, {
    environment,
    cwd: () => environment.HOME ?? '/',
    clock: systemClock,
    output,
    packageFolder,
    commands: Object.fromEntries(commands),
  });
  return { status, out: out.text, err: err.text };
}
