import type { StreamTraits } from './output.ts';

/** How text is laid out for one stream: how much room a line has, and what its colours are. */
export interface Look {
  /** Columns of a line; without end where no terminal shows it, so that what reads a pipe gets whole lines. */
  readonly room: number;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const asItIs = (text: string) => text;

/** No colours, no end of the line. */
export const plainLook: Look = {
  room: Number.POSITIVE_INFINITY,
  bold: asItIs,
  dim: asItIs,
  red: asItIs,
  green: asItIs,
  yellow: asItIs,
};

/** The sixteen colours of every terminal alone: the person's own theme says what they look like. */
export async function lookOf({ isTerminal, colours, columns }: StreamTraits): Promise<Look> {
  const room = isTerminal ? columns : plainLook.room;
  if (!colours) return { ...plainLook, room };
  // chalk is only worth its import where there is colour to give.
  const chalk = new (await import('chalk')).Chalk({ level: 1 });
  const { bold, dim, red, green, yellow } = chalk;
  return { room, bold, dim, red, green, yellow };
}
