import type { OwnVariables } from './shells.ts';
import type { AwshWords, Step } from './steps.ts';
import { allowedAtStart, type Place, type Profile, type ProjectPlace } from './world.ts';

/*
 * What awsh should do at each step, as far as files, decisions and modes determine it. What another
 * tool does is not modelled: the twin shows it.
 */

/** One of several nested shells. */
export interface Level {
  place: Place;
  stack: Place[];
  mode: 'auto' | 'off' | { pin: Profile };
  /** Started by `awsh exec`, which determines its variables. */
  exec: Profile | null;
  own: OwnVariables;
  /**
   * The user's values at the start. A tool that unset one restores it, whatever the user has set
   * since.
   */
  ownAtStart: OwnVariables;
  /**
   * A parent shell had loaded awsh's credentials, so this shell did not inherit the user's own
   * secrets.
   */
  lostSecrets: boolean;
  /**
   * A parent shell that `awsh exec` had started left its directory to another tool when it started
   * this shell, which therefore has got nothing of exec.
   */
  lostExec: boolean;
  /** Another tool's credentials were set when the first `awsh exec` was started. */
  startedAmongOthers: boolean;
  /** The user has set variables by hand inside a project, and has left it since. */
  tookAlong: boolean;
  /**
   * A decision was made in a nested shell. This shell need not know it while it stays in its
   * directory.
   */
  isBehind: boolean;
  /** What the user has typed inside a project, by name. */
  typed: ReadonlySet<string>;
  /**
   * The user has typed a profile inside a project: it overrides awsh here. `moved`: the shell has
   * been elsewhere since, so awsh may load again.
   */
  overrides: 'here' | 'moved' | null;
  /** The shell's current folder was removed. */
  isRemoved: boolean;
}

/** The nearest place with a directory file is searched in this order. */
const above: Record<Place, Place[]> = {
  root: [],
  out: [],
  a: ['a'],
  sub: ['a'],
  own: ['own', 'a'],
  b: ['b'],
  t: ['t'],
};

export class Model {
  readonly levels: Level[];
  readonly files = new Map<Place, 'dev' | 'ops'>();
  private readonly decisions = new Map<Place, string>(Object.entries(allowedAtStart) as [Place, string][]);

  constructor(start: Place, own: OwnVariables) {
    this.levels = [
      {
        place: start,
        stack: [],
        mode: 'auto',
        exec: null,
        lostExec: false,
        own: { ...own },
        ownAtStart: { ...own },
        lostSecrets: false,
        startedAmongOthers: false,
        tookAlong: false,
        isBehind: false,
        typed: new Set(),
        overrides: null,
        isRemoved: false,
      },
    ];
  }

  get level(): Level {
    const level = this.levels.at(-1);
    if (level === undefined) throw new Error('no shell is left');
    return level;
  }

  /** The place whose directory file is used here. */
  get governing(): Place | undefined {
    return above[this.level.place].find((place) => this.files.has(place));
  }

  /** The directory file is used here, and it is not allowed in its current form. */
  get refused(): boolean {
    const place = this.governing;
    return place !== undefined && this.decisions.get(place) !== this.files.get(place);
  }

  /** The profile that awsh should have loaded, if no other tool overrides it. */
  get wanted(): Profile | null {
    const { mode } = this.level;
    if (mode === 'off') return null;
    if (mode !== 'auto') return mode.pin;
    const place = this.governing;
    return place === undefined || this.refused ? null : (this.files.get(place) ?? null);
  }

  write(at: ProjectPlace, content: 'dev' | 'ops' | null): void {
    if (content === null) this.files.delete(at);
    else this.files.set(at, content);
  }

  decide(at: Place | undefined, decision: 'allow' | 'deny'): void {
    const content = at === undefined ? undefined : this.files.get(at);
    if (at === undefined || content === undefined) return;
    this.decisions.set(at, decision === 'allow' ? content : 'denied');
    for (const level of this.levels) level.isBehind = level !== this.level;
  }

  /** `awsh allow` with a path. */
  allow(at: Place): void {
    this.decide(at, 'allow');
    this.move();
  }

  /** The profile that the directory file names, allowed or not. */
  get asked(): Profile | null {
    const place = this.governing;
    return place === undefined ? null : (this.files.get(place) ?? null);
  }

  run(words: AwshWords): void {
    this.level.isBehind = false;
    this.move();
    if (words === 'allow' || words === 'deny') this.decide(this.governing, words);
    else if (words === 'off') this.level.mode = 'off';
    else if (words === 'use --auto') this.level.mode = 'auto';
    else if (words !== 'refresh') this.level.mode = { pin: words.slice(4) as Profile };
  }

  go(step: Step & { do: 'cd' }): void {
    if (step.how === 'pushd') this.level.stack.push(this.level.place);
    const before = this.governing;
    this.arrive(step.to);
    if (this.governing !== before) this.level.isBehind = false;
  }

  /** The shell's folder is removed, with the files in it. */
  removeFolder(): void {
    const { place } = this.level;
    for (const level of this.levels) level.isRemoved ||= level.place === place;
    this.files.delete(place);
  }

  arrive(place: Place): void {
    this.level.place = place;
    this.level.isRemoved = false;
    this.move();
  }

  /** Awsh may now choose again between its profile and what the user has typed. */
  private move(): void {
    if (this.level.overrides !== null) this.level.overrides = 'moved';
  }

  /** The user types assignments where awsh has loaded a profile. */
  type(names: string[], hasProfile: boolean): void {
    const { level } = this;
    level.typed = new Set([...level.typed, ...names]);
    if (names.includes('AWS_PROFILE')) level.overrides = hasProfile ? 'here' : null;
  }

  /** A shell that got nothing from this one. */
  enterCleanShell(): void {
    this.enterShell(null, false);
    const fresh = {
      exec: null,
      lostExec: false,
      own: {},
      ownAtStart: {},
      lostSecrets: false,
      startedAmongOthers: false,
    };
    Object.assign(this.level, { ...fresh, mode: 'auto', typed: new Set(), overrides: null });
  }

  enterShell(exec: Profile | null, amongOthers: boolean, isExecAside = false): void {
    const { level } = this;
    const own = Object.entries(level.own).filter(([, variable]) => variable.exported);
    this.levels.push({
      ...level,
      stack: [],
      overrides: level.overrides && 'moved',
      own: Object.fromEntries(own),
      exec: exec ?? level.exec,
      lostExec: exec === null && (level.lostExec || isExecAside),
      lostSecrets: level.lostSecrets || this.wanted !== null,
      startedAmongOthers: level.startedAmongOthers || (exec !== null && amongOthers),
    });
  }
}
