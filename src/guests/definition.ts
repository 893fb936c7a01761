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

const paths = z.array(z.string().startsWith('/')).default([]);

const definitionSchema = z.strictObject({
  title: z.string(),
  base: z.string().optional().describe('Template that this one adds to'),
  kernel: z.string().optional().describe('Debian package of the kernel, or one that depends on it'),
  packages: z.array(z.string()).describe('Debian packages that the programs come from'),
  programs: paths.describe('Programs that go in, with their libraries'),
  applets: z
    .array(z.string())
    .default([])
    .describe('Programs that busybox is in the guest, of those that labs need'),
  data: paths.describe('Other files of the packages that go in'),
  modules: z
    .array(z.array(z.string()))
    .describe('Kernel modules that go in, with their dependencies'),
  compiled: z
    .array(z.strictObject({ name: z.string(), folder: z.string(), config: z.string() }))
    .default([])
    .describe('Modules that the kernel is without, by folder of its source and option of Kconfig'),
  kernelArgs: z.array(z.string()).default([]).describe('Kernel command line'),
});
type Written = z.output<typeof definitionSchema>;

/** What `templates/guests/NAME/` says: `guest.yaml`, `init`, and the tree `files/`. */
export interface GuestDefinition extends Omit<Written, 'base' | 'kernel'> {
  readonly name: string;
  readonly kernel: string;
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

/** A template by itself, without what it adds to. */
interface Template {
  readonly written: Written;
  readonly tree: readonly GuestFile[];
}

/**
 * Read a guest template, together with the one that it adds to.
 * @throws PatchlabError `guest/unknown`, `guest/definition`
 */
export async function loadDefinition(name: string): Promise<GuestDefinition> {
  const template = await readTemplate(name);
  const { base } = template.written;
  const all = [...(base === undefined ? [] : [await readTemplate(base)]), template];
  const kernel = all.find(({ written }) => written.kernel !== undefined)?.written.kernel;
  if (kernel === undefined) {
    throw new PatchlabError('guest/definition', {
      what: `The guest template \`${name}\` names no kernel.`,
      fix: 'Write `kernel`, or `base` with a template that has one.',
    });
  }
  const together = <T>(list: (written: Written) => readonly T[]): T[] =>
    all.flatMap(({ written }) => [...list(written)]);
  return {
    ...{ name, kernel, title: template.written.title },
    packages: together(({ packages }) => packages),
    programs: together(({ programs }) => programs),
    applets: together(({ applets }) => applets),
    data: together(({ data }) => data),
    modules: together(({ modules }) => modules),
    compiled: together(({ compiled }) => compiled),
    kernelArgs: together(({ kernelArgs }) => kernelArgs),
    files: all.flatMap(({ tree }) => tree.flatMap(inGuest)),
    key: keyOf(all.flatMap(({ tree }) => tree)),
  };
}

/** A file of a template, where it is in the guest; nothing where it does not go in. */
function inGuest(file: GuestFile): readonly GuestFile[] {
  if (file.path === '/init') return [file];
  return file.path.startsWith('/files/')
    ? [{ ...file, path: file.path.slice('/files'.length) }]
    : [];
}

async function readTemplate(name: string): Promise<Template> {
  const folder = join(TEMPLATES, name);
  if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(join(folder, 'guest.yaml'))) {
    const known = (await readdir(TEMPLATES)).sort().join(', ');
    throw new PatchlabError('guest/unknown', {
      what: `There is no guest template \`${name}\`.`,
      fix: `Use one of: ${known}.`,
    });
  }
  const tree = await readTree(folder, '');
  const text = tree.find(({ path }) => path === '/guest.yaml')?.bytes;
  const parsed = definitionSchema.safeParse(parse(Buffer.from(text ?? []).toString()));
  if (parsed.success) return { written: parsed.data, tree };
  throw new PatchlabError('guest/definition', {
    what: `The guest template \`${name}\` does not hold.`,
    why: messageOf(z.prettifyError(parsed.error)),
  });
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
