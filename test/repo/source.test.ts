import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { matches, texts } from './tree.js';

const longest = 220;

const sources = texts(/^src\/.*\.ts$/).map(({ path, text }) => ({
  path,
  text,
  tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true),
}));

const where = (node: ts.Node): string => {
  const file = node.getSourceFile();
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
};

/** Every node of a tree, itself included. */
function* nodes(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodes(child);
}

const isExported = (node: ts.HasModifiers): boolean =>
  node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;

const isFunction = (node: ts.Node | undefined): boolean =>
  node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));

/** The exported functions of a file, declared or assigned to a constant; of overloads the first. */
function exportedFunctions(file: ts.SourceFile): { name: string; node: ts.Node }[] {
  const found = new Map<string, ts.Node>();
  const add = (name: string, node: ts.Node) => found.has(name) || found.set(name, node);
  for (const node of file.statements) {
    if (ts.isFunctionDeclaration(node) && isExported(node)) {
      add(node.name?.text ?? 'default', node);
    } else if (ts.isVariableStatement(node) && isExported(node)) {
      for (const { name, initializer } of node.declarationList.declarations) {
        if (isFunction(initializer)) add(name.getText(), node);
      }
    }
  }
  return [...found].map(([name, node]) => ({ name, node }));
}

/** The names of the types that a file exports. */
const exportedTypes = (file: ts.SourceFile): readonly string[] =>
  file.statements.flatMap((node) =>
    (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) && isExported(node)
      ? [node.name.text]
      : [],
  );

const isKind = (node: ts.Expression): boolean =>
  (ts.isPropertyAccessExpression(node) && node.name.text === 'kind') ||
  (ts.isIdentifier(node) && node.text === 'kind');

describe('the sources', () => {
  it('are found', () => {
    expect(sources.map(({ path }) => path)).toContain('src/errors.ts');
  });

  it(`have at most ${longest} lines`, () => {
    const long = sources
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > longest)
      .map(({ path, lines }) => `${path}: ${lines} lines`);
    expect(long).toEqual([]);
  });

  it('say of every exported function what it does', () => {
    const silent = sources
      .flatMap(({ tree }) => exportedFunctions(tree))
      .filter(({ node }) => ts.getJSDocCommentsAndTags(node).length === 0)
      .map(({ name, node }) => `${where(node)}: ${name}`);
    expect(silent).toEqual([]);
  });

  it('give each exported type a name of its own', () => {
    const names = sources.flatMap(({ tree }) => exportedTypes(tree));
    expect(names).toContain('Finding');
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('say NIC, as the field does', () => {
    const card = new RegExp(`\\b${'car' + 'd'}s?\\b`, 'i');
    expect(matches(texts(/^(src|docs|templates|README)/), card)).toEqual([]);
  });

  it('switch over no kind: its descriptor answers', () => {
    const switches = sources
      .flatMap(({ tree }) => [...nodes(tree)])
      .filter((node) => ts.isSwitchStatement(node) && isKind(node.expression))
      .map(where);
    expect(switches).toEqual([]);
  });

  it('call the machine by the one name that no node can have', () => {
    const own =
      /(?:\b(?:stack|lane|id)\b\s*(?::|[!=]==|\?\?)|hopId\(|stacks\.get\(|netns \?\?)\s*'host'/;
    expect(sources.filter(({ text }) => own.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
