import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { PatchlabError } from '../errors.js';
import { closest } from '../topology/suggest.js';
import { UsageError } from './define.js';

/**
 * The format that a file's name asks for.
 * @param what - what is written, for the message
 * @throws UsageError where its extension stands for none
 */
export function formatOf<F extends string>(
  file: string,
  formats: Readonly<Record<string, F>>,
  what: string,
): F {
  const extension = extname(file).toLowerCase();
  const format = Object.hasOwn(formats, extension) ? formats[extension] : undefined;
  if (format !== undefined) return format;
  const known = Object.keys(formats);
  const guess = extension === '' ? undefined : closest(extension, known);
  const hint = guess === undefined ? '' : ` Did you mean \`${guess}\`?`;
  throw new UsageError(
    `No format of ${what} has the extension \`${extension}\` of ${file}. There are ${known.join(', ')}.${hint}`,
  );
}

/** @throws UsageError where a file is there that nobody wants to be written over */
export function demandNew(file: string, force: boolean): void {
  if (existsSync(file) && !force)
    throw new UsageError(
      `${file} is there already: name another file, or write over it with --force.`,
    );
}

/** Write a file that the user asked for. Folders on the way are made. @throws PatchlabError `output/failed` */
export async function writeOut(file: string, text: string, mode = 0o644): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode });
  } catch (cause) {
    throw notWritten(file, cause);
  }
}

/** A file that the user asked for, and that grows. */
export interface GrowingFile {
  /** @throws PatchlabError `output/failed` */
  readonly write: (bytes: Uint8Array) => void;
  readonly close: () => void;
}

/** Make such a file, empty; one that is there is replaced. Folders on the way are made. @throws PatchlabError `output/failed` */
export function growOut(file: string): GrowingFile {
  const trying = <T>(act: () => T): T => {
    try {
      return act();
    } catch (cause) {
      throw notWritten(file, cause);
    }
  };
  const descriptor = trying(() => {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, 'w');
  });
  return {
    write: (bytes) => trying(() => writeFileSync(descriptor, bytes)),
    close: () => closeSync(descriptor),
  };
}

const notWritten = (file: string, cause: unknown): PatchlabError =>
  new PatchlabError('output/failed', {
    what: `${file} could not be written.`,
    why: (cause as Error).message,
    cause,
  });
