import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { check, contributions, type State, stateOf } from './check.ts';
import { Model } from './model.ts';
import { assignment, type Look, readLook, type Setup, toolLines, WatchedShell } from './shells.ts';
import type { FileStep, Sequence, Step } from './steps.ts';
import { writeToolFile } from './tool-files.ts';
import { type Place, placeAt, type World } from './world.ts';

/* Runs a sequence in a shell and its twin, and checks the invariant after each step. */

export interface Failure {
  setup: Setup;
  /** The sequence up to the step that broke the invariant, without steps that were skipped. */
  sequence: Sequence;
  problems: string[];
}

export interface RunOptions {
  /** Called after each step with the expected state of the shell. */
  onStep?: ((state: State) => void) | undefined;
}

/** Runs the sequence to its end, or to the first step after which the invariant fails. */
export async function runSequence(
  world: World,
  setup: Setup,
  sequence: Sequence,
  options: RunOptions = {},
): Promise<Failure | null> {
  world.reset();
  const run = await SequenceRun.start(world, setup, sequence);
  const steps: Step[] = [];
  try {
    let problems = await run.checkNow();
    for (const step of sequence.steps) {
      if (problems.length > 0) break;
      if (!run.isPossible(step)) continue;
      steps.push(step);
      problems = await run.take(step);
      options.onStep?.(run.state);
    }
    return problems.length === 0 ? null : { setup, sequence: { ...sequence, steps }, problems };
  } catch (error) {
    return { setup, sequence: { ...sequence, steps }, problems: [`the shell did not answer: ${error}`] };
  } finally {
    await run.close();
  }
}

const hasFiles = ({ tool }: Setup) => tool !== 'nothing else' && tool !== 'virtualenv';

export class SequenceRun {
  private lastTwin: Look = { environment: {}, declared: '' };
  private lastMain: Look = this.lastTwin;
  private early: string[] = [];

  private get tool(): { isUnknownTool: boolean } {
    return { isUnknownTool: this.setup.tool === 'snapshots' };
  }

  private constructor(
    private readonly world: World,
    private readonly setup: Setup,
    private readonly model: Model,
    private readonly main: WatchedShell,
    private readonly twin: WatchedShell,
    private marks: number,
  ) {}

  static async start(world: World, setup: Setup, sequence: Omit<Sequence, 'steps'>): Promise<SequenceRun> {
    const model = new Model(sequence.start, sequence.own);
    let marks = 0;
    for (const step of sequence.before) {
      marks += 1;
      await writeFile(world, setup, model, { step, mark: marks });
    }
    const options = { cwd: world.path(sequence.start), own: sequence.own };
    const [main, twin] = await Promise.all([
      WatchedShell.open(world, setup, { ...options, awsh: true }),
      WatchedShell.open(world, setup, { ...options, awsh: false }),
    ]);
    return new SequenceRun(world, setup, model, main, twin, marks);
  }

  async close(): Promise<void> {
    await Promise.all([this.main.close(), this.twin.close()]);
  }

  async checkNow(): Promise<string[]> {
    const [main, twin] = await Promise.all([this.main.look(), this.twin.look()]);
    Object.assign(this, { lastMain: main, lastTwin: twin });

    const noise = this.main.takeNoise().slice(0, 3);
    return [
      ...noise.map((line) => `the hook printed: ${line}`),
      ...check({ model: this.model, world: this.world, main, twin, ...this.tool }),
    ];
  }

  get state(): State {
    return stateOf(this.model, this.lastTwin);
  }

  /** Skips steps that make no sense in the shell's current directory. */
  isPossible(step: Step): boolean {
    const { level, levels, wanted } = this.model;
    if (level.isRemoved && !(step.do === 'cd' && step.to !== level.place)) return false;
    switch (step.do) {
      case 'popd':
        return level.stack.length > 0;
      case 'tool file':
        return hasFiles(this.setup);
      case 'direnv allow':
      case 'direnv reload':
      case 'direnv deny':
        return this.setup.tool === 'direnv';
      case 'remove folder':
        return ['sub', 'own', 'b', 't'].includes(level.place);
      case 'type inside':
        return this.canType(step.variables);
      case 'exec, refused':
        return level.exec !== null;
      case 'clean shell':
        return levels.length < 3;
      case 'awsh':
        return level.exec === null;
      case 'nested shell':
        return levels.length < 3;
      case 'awsh exec':
        return levels.length < 3;
      case 'exit':
        return levels.length > 1;
      case 'own':
        return (
          level.exec === null && wanted === null && contributions(this.model, this.lastTwin).length === 0
        );
      default:
        return true;
    }
  }

  /** Runs the step in both shells, and returns the problems afterwards. */
  async take(step: Step): Promise<string[]> {
    this.early = [];
    await this.perform(step);
    return [...this.early, ...(await this.checkNow())];
  }

  private async perform(step: Step): Promise<void> {
    const { model, world } = this;
    switch (step.do) {
      case 'cd':
        model.go(step);
        model.level.tookAlong = this.setup.tool === 'virtualenv';
        return this.go(step);
      case 'popd':
        model.arrive(model.level.stack.pop() ?? 'root');
        mkdirSync(world.path(model.level.place), { recursive: true });
        return this.both('popd');
      case 'cd -':
        await this.both('cd -');
        return model.arrive(placeAt(world, (await this.main.look()).environment.PWD) ?? model.level.place);
      case 'remove folder':
        model.removeFolder();
        return this.both(`rm -rf ${world.path(model.level.place)}`);
      case 'source rc':
        // mise, which then runs at once, looks like the user.
        if (this.setup.tool === 'mise') model.type(['AWS_REGION', 'AWS_DEFAULT_REGION'], false);
        await Promise.all([this.main.sourceRc(), this.twin.sourceRc()]);
        return;
      case 'subshell':
        mkdirSync(world.path(step.to), { recursive: true });
        return this.both(this.inSubshell(`cd ${world.path(step.to)}`));
      case 'directory file':
      case 'tool file':
        return this.edit(step);
      case 'direnv allow':
      case 'direnv reload':
      case 'direnv deny':
        return this.both(step.do);
      case 'awsh':
        model.run(step.words);
        return this.inMain(`awsh ${step.words}`);
      case 'nested shell':
        model.enterShell(null, false, this.isExecAside);
        return this.start('');
      case 'awsh exec':
        return this.startExec(step.profile);
      case 'clean shell':
        model.enterCleanShell();
        await Promise.all([this.main.run(this.main.cleanCommand), this.twin.run(this.twin.cleanCommand)]);
        return;
      case 'exec, refused':
        return this.both('awsh exec dev -- true');
      case 'exit':
        model.levels.pop();
        return this.both('exit');
      case 'load tool':
        return this.loadTool(step.how);
      case 'type':
        return this.both(step.line);
      case 'own':
        return this.assign(step.variables);
      case 'type inside':
        model.type(Object.keys(step.variables), step.variables.AWS_PROFILE != null);
        return this.assign(step.variables);
    }
  }

  /** A user types a profile or a region over awsh's, and unsets the profile again. */
  private canType(variables: (Step & { do: 'own' })['variables']): boolean {
    const { level, wanted } = this.model;
    if (level.exec !== null || level.mode !== 'auto' || wanted === null || level.isBehind) return false;
    if (contributions(this.model, this.lastTwin).length > 0) return false;
    return variables.AWS_PROFILE !== null || level.overrides === 'here';
  }

  /** A shell of exec has removed what exec gave it, because another tool has set something here. */
  private get isExecAside(): boolean {
    return this.model.level.exec !== null && this.lastMain.environment.AWS_VAULT === undefined;
  }

  private async startExec(profile: 'dev' | 'ops'): Promise<void> {
    // Inside exec, awsh refuses as long as AWS_VAULT is set.
    const isInside = this.model.level.exec !== null;
    this.model.enterShell(profile, contributions(this.model, this.lastTwin).length > 0);
    return this.start(`${isInside ? 'env -u AWS_VAULT ' : ''}awsh exec ${profile} -- `);
  }

  private async go({ to, how }: Step & { do: 'cd' }): Promise<void> {
    const path = this.world.path(to);
    // It may have been removed.
    mkdirSync(path, { recursive: true });
    if (how !== 'cd and look') return this.both(`${how} ${path}`);
    const [main, twin] = [this.main.nextLook(), this.twin.nextLook()];
    await Promise.all([
      this.main.run(`cd ${path} && __look ${main}`),
      this.twin.run(`cd ${path} && __look ${twin}`),
    ]);
    const seen = { main: await readLook(main), twin: await readLook(twin) };
    const problems = check({ model: this.model, world: this.world, ...seen, early: true, ...this.tool });
    this.early = problems.map((line) => `in the line of the cd: ${line}`);
  }

  private async edit(step: FileStep): Promise<void> {
    this.marks += 1;
    await writeFile(this.world, this.setup, this.model, { step, mark: this.marks });
    const isAllowed = step.do === 'directory file' && step.allow && step.content !== null;
    if (!isAllowed || this.model.level.exec !== null) return this.both('true');
    this.model.allow(step.at);
    return this.inMain(`awsh allow ${this.world.path(step.at)}`);
  }

  private async assign(variables: (Step & { do: 'own' })['variables']): Promise<void> {
    const { own } = this.model.level;
    const lines = Object.entries(variables).map(([name, variable]) => {
      if (variable === null) delete own[name];
      else own[name] = variable;
      return assignment(this.setup.shell, name, variable);
    });
    await this.both(lines.join('; '));
  }

  private async loadTool(how: 'typed' | 'rc file'): Promise<void> {
    const lines = toolLines(this.setup.shell, this.setup.tool);
    if (how === 'typed') return this.both(lines);
    await Promise.all([this.main.extendRc(lines), this.twin.extendRc(lines)]);
  }

  /** Starts a nested shell in each of the shells. */
  private async start(prefix: string): Promise<void> {
    await Promise.all([
      this.main.run(`${prefix}${this.main.command}`),
      this.twin.run(`${prefix}${this.twin.command}`),
    ]);
  }

  private inSubshell(line: string): string {
    return this.setup.shell === 'fish' ? `sh -c '${line}'` : `(${line})`;
  }

  private async both(line: string): Promise<void> {
    await Promise.all([this.main.run(line), this.twin.run(line)]);
  }

  private async inMain(line: string): Promise<void> {
    await Promise.all([this.main.run(line), this.twin.run('true')]);
  }
}

async function writeFile(
  world: World,
  setup: Setup,
  model: Model,
  { step, mark }: { step: FileStep; mark: number },
): Promise<void> {
  mkdirSync(world.path(step.at as Place), { recursive: true });
  if (step.do === 'tool file') {
    if (hasFiles(setup)) await writeToolFile(world, setup, { ...step, mark });
    return;
  }
  model.write(step.at, step.content);
  const file = join(world.path(step.at as Place), '.awsprofile');
  if (step.content === null) world.remove(file);
  else world.write(file, `${step.content}\n`);
}
