import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Secrets by what they are, to be looked for wherever something may have been written down. */
export class Canaries {
  readonly #forms = new Map<string, readonly (string | RegExp)[]>();

  add(what: string, secret: string): void {
    if (!this.#forms.has(what)) this.#forms.set(what, formsOf(secret));
  }

  /** What this text holds, by name. `except`: those that it is meant to hold. */
  in(text: string, except: (what: string) => boolean = () => false): string[] {
    const holds = (form: string | RegExp) =>
      typeof form === 'string' ? text.includes(form) : form.test(text);
    return [...this.#forms].flatMap(([what, forms]) => (!except(what) && forms.some(holds) ? [what] : []));
  }

  /** `FILE holds WHAT` for every file below the folder whose content or name holds one. */
  inFilesBelow(folder: string): string[] {
    return filesBelow(folder).flatMap((file) =>
      this.in(`${file}\n${readFileSync(file, 'latin1')}`).map((what) => `${file} holds ${what}`),
    );
  }
}

export function filesBelow(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/** As it is, in a URL, in base64 and in hexadecimal. A code of six digits is looked for as a word of its own. */
function formsOf(secret: string): readonly (string | RegExp)[] {
  if (/^\d{6}$/.test(secret)) return [new RegExp(`(?<![\\w.:-])${secret}(?![\\w.:-])`)];
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    bytes.toString('hex'),
    // Without the last letters, which depend on what follows; the first byte may stand at any of three places.
    ...[0, 1, 2].map((skip) =>
      bytes
        .subarray(skip)
        .toString('base64')
        .replace(/.{2}=*$/, ''),
    ),
  ];
}
