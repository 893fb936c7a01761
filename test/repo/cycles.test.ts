import { dirname, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { texts } from './tree.js';

/** Whom the folders of src/ import. Circles between files are found by `npm run dead`. */

interface Source {
  readonly path: string;
  readonly text: string;
}

/**
 * Folders that still go round in circles: `topology` holds what all stand on (the lab, addresses, fields of schemas) as well as
 * what stands on all (the schema of the file). No other may join them.
 */
const CIRCLING = [
  'apply',
  'controllers',
  'devices',
  'guests',
  'hops',
  'ip',
  'links',
  'nft',
  'nodes',
  'plan',
  'probes',
  'topology',
];

const folderOf = (path: string): string => path.split('/')[1] ?? '';

/** Folders that a file loads from as soon as it is loaded itself: types are gone by then, and `import()` comes later. */
const importsOf = ({ path, text }: Source): readonly string[] =>
  ts.createSourceFile(path, text, ts.ScriptTarget.Latest).statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement);
    if (!isImport && !ts.isExportDeclaration(statement)) return [];
    const isType = isImport
      ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : statement.isTypeOnly;
    const { moduleSpecifier: from } = statement;
    if (isType || !from || !ts.isStringLiteral(from)) return [];
    return from.text.startsWith('.') ? [folderOf(join(dirname(path), from.text))] : [];
  });

function foldersOf(files: readonly Source[]): ReadonlyMap<string, ReadonlySet<string>> {
  const folders = new Map<string, Set<string>>();
  for (const file of files) {
    const own = folderOf(file.path);
    const others = importsOf(file).filter((other) => other !== own);
    folders.set(own, new Set([...(folders.get(own) ?? []), ...others]));
  }
  return folders;
}

/** Who reaches itself. */
function circling(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const reachesItself = (start: string): boolean => {
    const seen = new Set<string>();
    const open = [...(graph.get(start) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === start) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(graph.get(next) ?? []));
    }
    return false;
  };
  return [...graph.keys()].filter(reachesItself).sort();
}

describe('imports between folders', () => {
  it('go round in no other circle than the one that is known', () => {
    expect(circling(foldersOf(texts(/^src\/.*\.ts$/)))).toEqual(CIRCLING);
  });

  it('would be seen in a circle', () => {
    const folders = foldersOf([
      {
        path: 'src/a/a.ts',
        text: "import { b } from '../b/b.js';\nimport type { c } from '../c/c.js';",
      },
      { path: 'src/b/b.ts', text: "export { a } from '../a/a.js';" },
      { path: 'src/c/c.ts', text: "import { a } from '../a/a.js';" },
    ]);
    expect(circling(folders)).toEqual(['a', 'b']);
  });
});
