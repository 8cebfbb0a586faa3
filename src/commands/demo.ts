import { type Context, labelled, lookOf, plainLook, proseRoom, wrapWords } from '../cli/index.ts';
import { type DemoStage, openDemo, playDemo } from '../demo/index.ts';
import { silentPrompter } from '../prompt/index.ts';
import { appPaths } from '../system/index.ts';
import { openVault, vaultSettings } from '../vault/index.ts';

/** `awsh demo`: the sandbox, at a terminal as a shell to try; without one as a story that plays by itself. */
export async function run(context: Context): Promise<number> {
  const look = { ...plainLook, room: (await lookOf(context.output.stdout)).room };
  const stage: DemoStage = {
    environment: context.environment,
    packageFolder: context.packageFolder,
    write: (text) => void process.stdout.write(text),
    prose: (text) => wrapWords(text, proseRoom(look)),
    tip: (command, text) => labelled(`  ${command}`, text, 40, look),
    storeKey: async (sandbox, environment) => {
      const vault = openVault({
        paths: appPaths(environment),
        environment,
        clock: context.clock,
        prompter: silentPrompter(),
        settings: { ...vaultSettings(environment), backend: 'file' },
        notify: () => {},
      });
      await vault.storeAccessKey(sandbox.sourceProfile, {
        accessKeyId: sandbox.accessKeyId,
        secretAccessKey: sandbox.secretAccessKey,
        added: new Date(context.clock.now()),
      });
    },
  };
  const isAtTerminal = process.stdin.isTTY && process.stdout.isTTY;
  return isAtTerminal ? openDemo(stage) : playDemo(stage);
}
