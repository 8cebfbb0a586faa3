import { describe, expect, it } from 'vitest';
import { type Part, startParts } from '../../src/entry/lazy-parts.ts';

type Exports = Record<string, unknown>;

/** Starts these parts with `main`, and notes which ones run. */
function start(parts: Readonly<Record<string, (load: (id: string) => Exports) => Exports>>) {
  const runs: string[] = [];
  const noting = Object.entries(parts).map(([id, body]): [string, Part] => [
    id,
    (load, give) => {
      runs.push(id);
      give(body(load as (id: string) => Exports));
    },
  ]);
  const main = startParts(Object.fromEntries(noting), 'main', (id) => ({ id })) as Exports;
  return { main, runs };
}

describe('a part of main.cjs', () => {
  it('runs when something of it is first read, and once', () => {
    const { main, runs } = start({
      main: (load) => {
        const used = load('used');
        load('unused');
        return { answer: () => used.value };
      },
      used: () => ({ value: 1 }),
      unused: () => ({}),
    });
    expect(runs).toEqual([]);
    const answer = main.answer as () => unknown;
    expect(runs).toEqual(['main']);
    expect([answer(), answer()]).toEqual([1, 1]);
    expect(runs).toEqual(['main', 'used']);
  });

  it('gives the same values to those that load it and to those that copy it before it runs', () => {
    const { main } = start({
      main: (load) => {
        const first = load('other');
        // As esbuild copies what import() loads.
        const copy = Object.create(Object.getPrototypeOf(load('other')));
        return { copied: copy.value, loaded: first.value };
      },
      other: () => ({ value: {} }),
    });
    expect(main.copied).toBeDefined();
    expect(main.loaded).toBe(main.copied);
  });

  it('may be used by a part that it uses, once both have run', () => {
    const { main } = start({
      main: (load) => {
        const { ask } = load('other');
        return { name: 'main', ask };
      },
      other: (load) => ({ ask: () => load('main').name }),
    });
    expect((main.ask as () => unknown)()).toBe('main');
  });

  it('runs again after an error', () => {
    let isBroken = true;
    const { main } = start({
      main: () => {
        if (isBroken) throw new Error('broken');
        return { value: 1 };
      },
    });
    expect(() => main.value).toThrow('broken');
    isBroken = false;
    expect(main.value).toBe(1);
  });

  it('loads what is not a part as a module', () => {
    const { main } = start({ main: (load) => ({ fs: load('node:fs') }) });
    expect(main.fs).toEqual({ id: 'node:fs' });
  });
});
