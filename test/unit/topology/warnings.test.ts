import { expect, it } from 'vitest';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';
import { formatProblem } from '../../../src/topology/topology-error.js';

/** The warnings of a lab whose nodes have one address each on one link. */
function warningsIn(
  addresses: Readonly<Record<string, string>>,
  kind = 'bridge',
  more: Readonly<Record<string, string>> = {},
): readonly string[] {
  const nodes = Object.entries(addresses).map(
    ([name, list]) => `  ${name}: { kind: netns, addresses: { eth1: ${list} }${more[name] ?? ''} }`,
  );
  const ends = Object.keys(addresses).map((name) => `${name}:eth1`);
  const link = `  - { kind: ${kind}, ends: [${ends.join(', ')}] }`;
  const text = ['name: lab', 'nodes:', ...nodes, 'links:', link].join('\n');
  const { source, warnings } = parseTopology(parseYaml('lab.yaml', text));
  return warnings.map((warning) => formatProblem(source, warning));
}

it('two ends of a cable in different subnets are told once, with their place', () => {
  const [warning = '', ...more] = warningsIn({ a: '10.0.0.1/24', b: '10.0.1.2/24' }, 'veth');
  expect(more).toEqual([]);
  expect(warning.split('\n').slice(0, 3)).toEqual([
    'lab.yaml:6:26: warning: a:eth1 (10.0.0.1/24) shares no subnet with b:eth1 (10.0.1.2/24) on their link.',
    '  6 |   - { kind: veth, ends: [a:eth1, b:eth1] }',
    '    |                          ^^^^^^',
  ]);
});

it.each([
  ['one subnet', { a: '10.0.0.1/24', b: '10.0.0.2/24' }],
  ['one subnet of two lengths', { a: '10.0.0.1/16', b: '10.0.0.2/24' }],
  [
    'another address of one subnet',
    { a: '[10.9.0.1/24, fd00::1/64]', b: '[10.8.0.1/24, fd00::2/64]' },
  ],
  [
    'a router with an address in each',
    { r: '[10.0.0.1/24, 10.0.1.1/24]', a: '10.0.0.2/24', b: '10.0.1.2/24' },
  ],
])('%s is no reason to warn', (_, addresses) => {
  expect(warningsIn(addresses as unknown as Record<string, string>)).toEqual([]);
});

it('a route by the device says that it is meant', () => {
  const route = { a: ', routes: [{ to: 10.0.1.0/24, dev: eth1 }]' };
  expect(warningsIn({ a: '10.0.0.1/24', b: '10.0.1.2/24' }, 'veth', route)).toEqual([]);
});

it('on a segment the one that shares a subnet with nobody is told', () => {
  const warnings = warningsIn({ a: '10.0.0.1/24', b: '10.0.0.2/24', c: '10.9.0.3/24' });
  expect(warnings.map((text) => text.split('\n')[0])).toEqual([
    'lab.yaml:7:44: warning: c:eth1 (10.9.0.3/24) shares no subnet with a:eth1 (10.0.0.1/24) or b:eth1 (10.0.0.2/24) on their link.',
  ]);
});
