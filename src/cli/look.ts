import type { StreamTraits } from './output.ts';

/** How text is laid out on one stream: the width of a line, and the colours. */
export interface Look {
  /**
   * Columns of a line. Infinite if the stream is not a terminal, so that programs reading a pipe
   * get whole lines.
   */
  readonly room: number;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const asItIs = (text: string) => text;

/** No colours and no maximum width. */
export const plainLook: Look = {
  room: Number.POSITIVE_INFINITY,
  bold: asItIs,
  dim: asItIs,
  red: asItIs,
  green: asItIs,
  yellow: asItIs,
};

/** Uses only the sixteen basic colours, whose look is set by the user's terminal theme. */
export async function lookOf({ isTerminal, colours, columns }: StreamTraits): Promise<Look> {
  const room = isTerminal ? columns : plainLook.room;
  if (!colours) return { ...plainLook, room };
  // chalk is loaded only if there are colours to print.
  const chalk = new (await import('chalk')).Chalk({ level: 1 });
  const { bold, dim, red, green, yellow } = chalk;
  return { room, bold, dim, red, green, yellow };
}
