import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { deviceKinds } from '../../src/devices/index.js';
import { hopKinds } from '../../src/hops/kinds/index.js';
import { writtenLinkKinds } from '../../src/links/index.js';
import { nodeKinds } from '../../src/nodes/index.js';
import { probeKinds } from '../../src/probes/index.js';
import { root, texts } from './tree.js';

/** Who asks a kind for its name, where a field of its descriptor should answer. */

const kinds = [writtenLinkKinds, nodeKinds, deviceKinds, probeKinds, hopKinds].flat();
const names = new Set<string>(kinds.map(({ kind }) => kind));

/** A file that asks in every way, and compares what may be compared. */
const asking = 'src/plan/asking.ts';
const text = `import { linkKinds } from '../links/index.js';
import type { LabLink, LinkEnd } from '../topology/lab.js';
export const asks = [
  ({ kind }: LabLink) => kind === 'veth',
  ({ kind: other }: LabLink) => 'bridge' !== other,
  ({ kind }: LabLink) => kind !== 'of another name',
  (link: LabLink | undefined) => link?.kind.startsWith('ovs'),
  ({ kind }: LabLink) => /^ovs/.test(kind),
  ({ kind }: LabLink) => ['ovs-panel', 'ovs-switch'].includes(kind),
  (link: LabLink) => new Set(['udp']).has(link.kind ?? ''),
  ({ kind }: LabLink) => ({ veth: 1, udp: 2 })[kind as string],
  ({ kind }: LabLink) => { switch (kind) { case 'veth': return 1; default: return 0; } },
];
export const asksNot = [
  ({ kind }: LabLink, other: LabLink) => kind === other.kind,
  ({ via }: LinkEnd) => via === 'macvtap',
  ({ kind }: LabLink) => linkKinds.find((link) => link.kind === kind),
];
`;

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile.bind(ts.sys)).config,
  ts.sys,
  root,
);

function programOf(paths: readonly string[]): ts.Program {
  const host = ts.createCompilerHost(options, true);
  const readFile = host.readFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  host.readFile = (path) => (path === join(root, asking) ? text : readFile(path));
  host.fileExists = (path) => path === join(root, asking) || fileExists(path);
  return ts.createProgram(
    paths.map((path) => join(root, path)),
    options,
    host,
  );
}

/** Every node of a tree, itself included. */
function* nodesIn(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodesIn(child);
}

const isEquality = ({ kind }: ts.Node): boolean =>
  kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
  kind === ts.SyntaxKind.ExclamationEqualsEqualsToken;

/** `kind`, `x.kind`, `x?.kind ?? ''`. */
function isCalledKind(node: ts.Expression): boolean {
  if (ts.isAsExpression(node) || ts.isNonNullExpression(node) || ts.isParenthesizedExpression(node))
    return isCalledKind(node.expression);
  if (ts.isBinaryExpression(node)) return isCalledKind(node.left);
  return (ts.isPropertyAccessExpression(node) ? node.name : node).getText() === 'kind';
}

/** Where a file asks for names; `own` is the name of the kind whose file it is. */
function asksIn(file: ts.SourceFile, checker: ts.TypeChecker, own: string | undefined): number[] {
  /** A kind is any text: what has a type that lists its values is something else. */
  const isText = (node: ts.Expression): boolean =>
    checker.typeToString(checker.getNonNullableType(checker.getTypeAtLocation(node))) === 'string';
  const isKind = (node: ts.Expression): boolean => isCalledKind(node) && isText(node);
  const isName = (node: ts.Expression): boolean =>
    ts.isStringLiteral(node) && node.text !== own && names.has(node.text);
  const isOwn = (node: ts.Expression): boolean => ts.isStringLiteral(node) && node.text === own;
  const compares = (left: ts.Expression, right: ts.Expression): boolean =>
    (isName(left) && isText(right)) || (ts.isStringLiteral(left) && !isOwn(left) && isKind(right));
  const asks = (node: ts.Node): boolean => {
    if (ts.isBinaryExpression(node) && isEquality(node.operatorToken))
      return compares(node.left, node.right) || compares(node.right, node.left);
    if (ts.isSwitchStatement(node)) return isKind(node.expression);
    if (ts.isElementAccessExpression(node)) return isKind(node.argumentExpression);
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
    const { expression: receiver, name } = node.expression;
    const [argument] = node.arguments;
    if (/^(startsWith|endsWith|includes|match|search|indexOf)$/.test(name.text) && isKind(receiver))
      return true;
    return (
      /^(includes|has|test|exec|indexOf)$/.test(name.text) &&
      argument !== undefined &&
      isKind(argument)
    );
  };
  return [...nodesIn(file)]
    .filter(asks)
    .map((node) => file.getLineAndCharacterOfPosition(node.getStart()).line + 1);
}

describe('a kind', () => {
  it('is asked for its name by nobody outside its own file', () => {
    const paths = [...texts(/^src\/.*\.ts$/).map(({ path }) => path), asking];
    const program = programOf(paths);
    const checker = program.getTypeChecker();
    const found = paths.flatMap((path) => {
      const file = program.getSourceFile(join(root, path));
      const own = /\/kinds\/([^/]+)\.ts$/.exec(path)?.[1];
      return file ? asksIn(file, checker, own).map((line) => `${path}:${line}`) : [`${path}: ?`];
    });
    const bait = text.split('\n').flatMap((line, i) => (/^  \(.*=> /.test(line) ? [i + 1] : []));
    expect(found).toEqual(bait.slice(0, -3).map((line) => `${asking}:${line}`));
  });
});
