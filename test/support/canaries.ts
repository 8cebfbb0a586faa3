import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Secrets by kind, to search for in everything that may have been written. */
export class Canaries {
  readonly #forms = new Map<string, readonly (string | RegExp)[]>();

  add(what: string, secret: string): void {
    if (!this.#forms.has(what)) this.#forms.set(what, formsOf(secret));
  }

  /** The names of the secrets in this text, without `except`, those that it should contain. */
  in(text: string, except: (what: string) => boolean = () => false): string[] {
    const holds = (form: string | RegExp) =>
      typeof form === 'string' ? text.includes(form) : form.test(text);
    return [...this.#forms].flatMap(([what, forms]) => (!except(what) && forms.some(holds) ? [what] : []));
  }

  /** `FILE holds WHAT` for every file below the folder whose content or name contains a secret. */
  inFilesBelow(folder: string): string[] {
    return filesBelow(folder).flatMap((file) =>
      this.in(`${file}\n${contentOf(file)}`).map((what) => `${file} holds ${what}`),
    );
  }
}

/** Empty if a program has removed the file since it was listed. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

export function filesBelow(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/**
 * As it is, in a URL, in base64 and in hexadecimal. A code of six digits must be a separate word.
 */
function formsOf(secret: string): readonly (string | RegExp)[] {
  if (/^\d{6}$/.test(secret)) return [new RegExp(`(?<![\\w.:-])${secret}(?![\\w.:-])`)];
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    bytes.toString('hex'),
    // Without the last letters, which depend on what follows. The first byte may be in any of three
    // positions.
    ...[0, 1, 2].map((skip) =>
      bytes
        .subarray(skip)
        .toString('base64')
        .replace(/.{2}=*$/, ''),
    ),
  ];
}
