import { expect, it } from 'vitest';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';
import { TopologyError } from '../../../src/topology/topology-error.js';

/** Files of a stranger's: whatever their size, the answer comes soon, is short, and says where. */

function errorOf(text: string): TopologyError {
  try {
    parseTopology(parseYaml('lab.yaml', text));
  } catch (error) {
    if (error instanceof TopologyError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

/** Characters of all that is printed. */
const sizeOf = ({ what, fix }: TopologyError): number => what.length + fix.length;

/** Milliseconds that any of these files may take on a machine that is busy. */
const SOON = 8000;

it('1500 nodes and 3000 references to others are counted, and the first problems told', () => {
  const names = (prefix: string) => Array.from({ length: 1500 }, (_, i) => `${prefix}-${i}-name`);
  const nodes = names('node').map((name) => `  ${name}: { kind: netns }`);
  const links = names('nude').map((name) => `  - { kind: veth, ends: [${name}:a, x${name}:b] }`);
  const begin = performance.now();
  const error = errorOf(['name: lab', 'nodes:', ...nodes, 'links:', ...links].join('\n'));
  expect(performance.now() - begin).toBeLessThan(SOON);
  expect(error.count).toBe(3000);
  expect(error.problems).toHaveLength(50);
  expect(error.what).toBe('lab.yaml has 3000 problems; these are the first 50.');
  expect(error.fix).toContain('... and 2950 more');
  expect(error.problems[0]?.fix).toBe('did you mean `node-0-name`?');
  expect(error.problems.map(({ position }) => position?.line)).toEqual(
    Array.from({ length: 50 }, (_, i) => 1504 + Math.floor(i / 2)),
  );
});

it.each([
  ['open lists', '['.repeat(100_000)],
  ['items in items', '- '.repeat(100_000)],
  ['keys in keys', '{a: '.repeat(50_000)],
  ['marks of keys', '? '.repeat(50_000)],
  ['lists in the file', `name: lab\nnodes: ${'['.repeat(200)}${']'.repeat(200)}`],
])('%s that lie too deep in one another are one short problem with a place', (_, text) => {
  const begin = performance.now();
  const error = errorOf(text);
  expect(performance.now() - begin).toBeLessThan(SOON);
  expect(error.problems.map(({ code }) => code)).toEqual(['topology/too-large']);
  expect(error.problems[0]?.position).toBeDefined();
  expect(sizeOf(error)).toBeLessThan(1000);
});

it('a text of many megabytes is cut, in the message and in the line', () => {
  const begin = performance.now();
  const error = errorOf(`name: ${'x'.repeat(20_000_000)}\nnodes: {}\n`);
  expect(performance.now() - begin).toBeLessThan(SOON);
  expect(sizeOf(error)).toBeLessThan(1000);
  expect(error.problems).toHaveLength(1);
});

it('a problem far to the right shows what stands around it', () => {
  const nodes = Array.from({ length: 2000 }, (_, i) => `n${i}: { kind: netns }`);
  const error = errorOf(`name: lab\nnodes: { ${nodes.join(', ')}, last: { kind: netnss } }\n`);
  const [place = '', line = '', marks = ''] = error.fix.split('\n');
  expect(place).toMatch(/^lab\.yaml:2:\d{5}: /);
  expect(line).toMatch(/^ {2}2 \| ….{120}$/);
  expect(line.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe('netnss');
});

it('aliases that multiply are refused before they are written out', () => {
  const lines = Array.from({ length: 30 }, (_, i) =>
    i === 0
      ? 'k0: &k0 [x, x, x, x]'
      : `k${i}: &k${i} [${Array(8)
          .fill(`*k${i - 1}`)
          .join(', ')}]`,
  );
  const begin = performance.now();
  const error = errorOf(lines.join('\n'));
  expect(performance.now() - begin).toBeLessThan(SOON);
  expect(error.problems.map(({ code }) => code)).toEqual(['topology/too-large']);
  expect(error.problems[0]?.position?.line).toBeGreaterThan(1);
});

it('what could move the cursor is not in the message', () => {
  const error = errorOf(
    'name: lab\nnodes: {}\n"\u001b[31mred\u0007\u202e": 1\ntitle: "\u009b1m"\n',
  );
  expect(`${error.what}${error.fix}`).not.toMatch(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/,
  );
  expect(error.problems.map(({ position }) => position?.line)).toEqual([3, 4]);
});
