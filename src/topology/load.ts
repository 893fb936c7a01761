import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { messageOf, PatchlabError } from '../errors.js';
import { shippedLabs, type ShippedLab } from './load-labs.js';
import { loadModule } from './load-module.js';
import { parseTopology, type ParsedTopology } from './parse.js';
import type { ResolveOptions } from './resolve.js';
import type { Topology } from './schema.js';
import { parseYaml, type ParsedSource } from './source.js';

const YAML = new Set(['.yaml', '.yml', '.json']);
const MODULES = new Set(['.ts', '.mts', '.js', '.mjs']);

/**
 * Read a topology from a YAML file or from a TypeScript module whose default export is made by `defineLab`.
 * @throws PatchlabError `topology/not-found`, `topology/file-type`; TopologyError with all problems of the file
 */
export async function loadTopology(
  file: string,
  options: ResolveOptions = {},
): Promise<ParsedTopology> {
  return parseTopology(await readSource(file), options);
}

async function readSource(file: string): Promise<ParsedSource> {
  const extension = extname(file);
  if (YAML.has(extension)) return parseYaml(file, await readText(file));
  if (MODULES.has(extension)) {
    await readText(file);
    return loadModule(file);
  }
  throw new PatchlabError('topology/file-type', {
    what: `${file} is neither YAML nor TypeScript.`,
    why: `its name ends in \`${extension}\``,
  });
}

/** What a topology file says. @throws PatchlabError `topology/not-found` */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new PatchlabError('topology/not-found', {
      what: `${file} cannot be read.`,
      why: messageOf(error),
      cause: error,
    });
  }
}

/** What a lab that comes with patchlab says of itself. */
type Described = ShippedLab & Pick<Topology, 'title' | 'about'>;

/** The labs that come with patchlab, with what each shows. They are not looked at any closer: tests do that. */
export const loadShippedLabs = (): Promise<readonly Described[]> =>
  Promise.all(
    shippedLabs().map(async (lab) => {
      const { title, about } = (await readSource(lab.file)).value as Topology;
      return { ...lab, title, about };
    }),
  );
