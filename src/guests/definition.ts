import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf, PatchlabError } from '../errors.js';

/** Folder of the guest templates, beside `src` and `dist` alike. */
const TEMPLATES = fileURLToPath(new URL('../../templates/guests/', import.meta.url));

const definitionSchema = z.strictObject({
  title: z.string(),
  kernel: z.string().describe('Debian package of the kernel, or one that depends on it'),
  packages: z.array(z.string()).describe('Debian packages that the programs come from'),
  programs: z
    .array(z.string().startsWith('/'))
    .describe('Programs that go in, with their libraries'),
  modules: z
    .array(z.array(z.string()))
    .describe('Kernel modules that go in, with their dependencies'),
  kernelArgs: z.array(z.string()).describe('Kernel command line'),
});

/** What `templates/guests/NAME/` says: `guest.yaml`, `init`, and the tree `files/`. */
export interface GuestDefinition extends z.output<typeof definitionSchema> {
  readonly name: string;
  /** Files that go in as they are, by their absolute path in the guest. */
  readonly files: readonly GuestFile[];
  /** Twelve hexadecimal digits of the definition's content: what changes it changes the image. */
  readonly key: string;
}

export interface GuestFile {
  readonly path: string;
  readonly mode: number;
  readonly bytes: Uint8Array;
}

/**
 * Read a guest template.
 * @throws PatchlabError `guest/unknown`, `guest/definition`
 */
export async function loadDefinition(name: string): Promise<GuestDefinition> {
  const folder = join(TEMPLATES, name);
  if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(join(folder, 'guest.yaml'))) {
    const known = (await readdir(TEMPLATES)).join(', ');
    throw new PatchlabError('guest/unknown', {
      what: `There is no guest template \`${name}\`.`,
      fix: `Use one of: ${known}.`,
    });
  }
  const tree = await readTree(folder, '');
  const text = tree.find(({ path }) => path === '/guest.yaml')?.bytes;
  const parsed = definitionSchema.safeParse(parse(Buffer.from(text ?? []).toString()));
  if (!parsed.success) {
    throw new PatchlabError('guest/definition', {
      what: `The guest template \`${name}\` does not hold.`,
      why: messageOf(z.prettifyError(parsed.error)),
    });
  }
  const files = tree.flatMap((file) => {
    if (file.path === '/init') return [file];
    return file.path.startsWith('/files/')
      ? [{ ...file, path: file.path.slice('/files'.length) }]
      : [];
  });
  return { ...parsed.data, name, files, key: keyOf(tree) };
}

/** All files below a folder, sorted, with only their permission to execute kept: git keeps no more. */
async function readTree(folder: string, prefix: string): Promise<GuestFile[]> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  const sorted = entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: GuestFile[] = [];
  for (const entry of sorted) {
    const path = `${prefix}/${entry.name}`;
    if (entry.isDirectory()) files.push(...(await readTree(folder, path)));
    else {
      const { mode } = await stat(join(folder, path));
      const bytes = await readFile(join(folder, path));
      files.push({ path, mode: mode & 0o100 ? 0o755 : 0o644, bytes });
    }
  }
  return files;
}

/** The key of a template: twelve hexadecimal digits over the path, mode and content of all its files, in their order. */
export function keyOf(tree: readonly GuestFile[]): string {
  const hash = createHash('sha256');
  for (const { path, mode, bytes } of tree)
    hash.update(`${path}\0${mode}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex').slice(0, 12);
}
