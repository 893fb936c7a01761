import { expect, it } from 'vitest';
import { differences, tellDifferences } from '../../../src/cli/difference.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';

const lab = (nodes: string, links: string) =>
  parseTopology(parseYaml('x.yaml', `name: x\nnodes: ${nodes}\nlinks: ${links}\n`)).lab;

const CABLE = '[{ name: cable, kind: veth, ends: [a:eth1, b:eth1] }]';
const before = lab('{ a: { kind: netns }, b: { kind: netns } }', CABLE);
const stored = JSON.parse(JSON.stringify(before)) as typeof before;

it('finds none between a lab and what was stored of it', () => {
  expect(tellDifferences(stored, before)).toBeUndefined();
});

it('names each thing that is new, gone or other', () => {
  const after = lab(
    '{ a: { kind: netns, addresses: { eth1: 10.0.0.1/24 } }, c: { kind: netns } }',
    '[{ name: cable, kind: bridge, ends: [a:eth1, c:eth1] }]',
  );
  expect(differences(stored, after)).toEqual([
    'node a differs in addresses',
    'node b is up, but not in the file',
    expect.stringMatching(/^link cable differs in kind.*ends/),
    'node c is new in the file',
  ]);
});
