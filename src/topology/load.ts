import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { messageOf, PatchlabError } from '../errors.js';
import { loadModule } from './load-module.js';
import { parseTopology, type ParsedTopology } from './parse.js';
import type { ResolveOptions } from './resolve.js';
import { parseYaml } from './source.js';

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
  const extension = extname(file);
  if (YAML.has(extension)) return parseTopology(parseYaml(file, await readText(file)), options);
  if (MODULES.has(extension)) {
    await readText(file);
    return parseTopology(await loadModule(file), options);
  }
  throw new PatchlabError('topology/file-type', {
    what: `${file} is neither YAML nor TypeScript.`,
    why: `its name ends in \`${extension}\``,
  });
}

async function readText(file: string): Promise<string> {
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
