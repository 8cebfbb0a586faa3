import { type Context, leaveNothing, lookOf, proseRoom, wrapWords } from '../cli/index.ts';
import { type DemoStage, openDemo, playDemo } from '../demo/index.ts';
import { shellCommand } from '../system/index.ts';
import { installationOf } from './linked-package.ts';

/** `awsh demo`: the sandbox, at a terminal as a shell to try; without one as scenes that play themselves. */
export async function run(context: Context): Promise<number> {
  // Not even the note of which Node ran: a user may try the demo before deciding on awsh.
  leaveNothing();
  const look = await lookOf(context.output.stdout);
  const prose = (text: string) => wrapWords(text, Math.min(proseRoom(look), 100));
  const stage: DemoStage = {
    environment: context.environment,
    packageFolder: context.packageFolder,
    write: (text) => void process.stdout.write(text),
    look: { heading: look.bold, prose },
    ending: [
      ...prose('The sandbox is removed. To use awsh with your own AWS accounts:'),
      ...installLines(context),
    ],
  };
  const isAtTerminal = process.stdin.isTTY && process.stdout.isTTY;
  return isAtTerminal ? openDemo(stage) : playDemo(stage);
}

/** From a checkout awsh is not installed yet. */
function installLines({ packageFolder, environment }: Context): string[] {
  const isCopy = installationOf(packageFolder, process.argv[1], environment) === 'copy';
  const install = shellCommand`  cd ${packageFolder} && npm ci && npm install --global --ignore-scripts "$(npm pack --silent)"`;
  return [...(isCopy ? [] : [install]), '  awsh setup'];
}
