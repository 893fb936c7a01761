import { describe, expect, it } from 'vitest';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';
import { TopologyError } from '../../../src/topology/topology-error.js';

/** What must be there but once, and where: in one broadcast domain, and not in a lab. */

const MAC = "mac: '02:00:5e:00:53:01'";

/** Codes and places of what is wrong. */
function problemsIn(text: string): readonly string[] {
  try {
    parseTopology(parseYaml('lab.yaml', `name: lab\n${text}`));
    return [];
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    return error.problems.map(({ code, path }) => `${code} ${path.join('.')}`);
  }
}

const nodes = (...lines: readonly string[]): string =>
  ['nodes:', ...lines.map((line) => `  ${line}`)].join('\n');
const links = (...lines: readonly string[]): string =>
  ['\nlinks:', ...lines.map((line) => `  - ${line}`)].join('\n');
const node = (name: string, address: string, port = '', kind = 'netns'): string =>
  `${name}: { kind: ${kind}, ports: { eth1: { ${port} } }, addresses: { eth1: ${address} } }`;
const four = (address: string, port = ''): string =>
  nodes(
    ...['a1', 'a2', 'b1', 'b2'].map((name) =>
      node(name, name.endsWith('1') ? address : '10.0.0.2/24', name.endsWith('1') ? port : ''),
    ),
  );

describe('a MAC and an address of two devices', () => {
  const two = links(
    '{ kind: bridge, ends: [a1:eth1, a2:eth1] }',
    '{ kind: veth, ends: [b1:eth1, b2:eth1] }',
  );
  it('are fine on cables that never meet', () => {
    expect(problemsIn(four('10.0.0.1/24', MAC) + two)).toEqual([]);
  });

  const one = links('{ kind: bridge, ends: [a1:eth1, a2:eth1, b1:eth1, b2:eth1] }');
  it('are refused on one segment, each where it stands again', () => {
    expect(problemsIn(four('10.0.0.1/24', MAC) + one)).toEqual([
      'topology/duplicate-mac nodes.b1.ports.eth1.mac',
      'topology/duplicate-address nodes.b1.addresses.eth1',
      'topology/duplicate-address nodes.b2.addresses.eth1',
    ]);
  });

  it('are fine on one segment where all of them are marked', () => {
    const marked = (address: string, mark: boolean): string =>
      nodes(
        node('a1', `{ address: ${address}, duplicate: true }`, `${MAC}, duplicate: true`),
        node('b1', `{ address: ${address}, duplicate: ${mark} }`, `${MAC}, duplicate: ${mark}`),
        node('c', '10.0.0.3/24'),
      ) + links('{ kind: bridge, ends: [a1:eth1, b1:eth1, c:eth1] }');
    expect(problemsIn(marked('10.0.0.1/24', true))).toEqual([]);
    expect(problemsIn(marked('10.0.0.1/24', false))).toHaveLength(2);
  });

  const vlans = (a: number, b: number) =>
    links(
      `{ kind: bridge, vlan_filtering: true, ends: [{ port: a1:eth1, pvid: ${a} }, { port: b1:eth1, pvid: ${b} }] }`,
    );
  const pair = nodes(node('a1', '10.0.0.1/24', MAC), node('b1', '10.0.0.1/24', MAC));
  it('are fine in two VLANs of one bridge, and refused in one', () => {
    expect(problemsIn(pair + vlans(10, 20))).toEqual([]);
    expect(problemsIn(pair + vlans(10, 10))).toHaveLength(2);
  });

  it('are refused where the two do not hear each other and a third hears both', () => {
    const isolated = (third: string) =>
      links(
        `{ kind: bridge, ends: [{ port: a1:eth1, isolated: true }, { port: b1:eth1, isolated: true }, ${third}] }`,
      );
    const all = `${pair}\n  ${node('c', '10.0.0.3/24')}`;
    expect(problemsIn(all + isolated('c:eth1'))).toHaveLength(2);
    expect(problemsIn(all + isolated('{ port: c:eth1, isolated: true }'))).toEqual([]);
  });

  it('are refused twice on one device, and a guest tells its ports by their MACs', () => {
    const guest = (kind: string): string =>
      nodes(
        `a: { kind: ${kind}, ports: { eth1: { ${MAC} }, eth2: { ${MAC} } } }`,
        `b: { kind: ${kind} }`,
      ) +
      links('{ kind: bridge, ends: [a:eth1, b:eth1] }', '{ kind: bridge, ends: [a:eth2, b:eth2] }');
    expect(problemsIn(guest('netns'))).toEqual([]);
    expect(problemsIn(guest('vm'))).toEqual(['topology/duplicate-mac nodes.a.ports.eth2.mac']);
    const twice = nodes(node('a', '[10.0.0.1/24, 10.0.0.1/16]'), node('b', '10.0.0.2/24'));
    expect(problemsIn(twice + links('{ kind: veth, ends: [a:eth1, b:eth1] }'))).toEqual([
      'topology/duplicate-address nodes.a.addresses.eth1.1',
    ]);
  });
});

describe('checks that patchlab chooses', () => {
  it('ask for an address that one device alone has', () => {
    const text = `name: lab\n${nodes(
      node('a', '[{ address: 10.0.0.100/24, duplicate: true }, 10.0.0.1/24]'),
      node('b', '{ address: 10.0.0.100/24, duplicate: true }'),
      node('c', '10.0.0.3/24'),
    )}${links('{ kind: bridge, ends: [a:eth1, b:eth1, c:eth1] }')}`;
    const { lab } = parseTopology(parseYaml('lab.yaml', text));
    expect(
      lab.nodes.flatMap(({ addresses }) => addresses.map(({ duplicate }) => duplicate)),
    ).toEqual([true, undefined, true, undefined]);
    expect(lab.checks.filter(({ probe }) => probe === 'icmp')).not.toHaveLength(0);
  });
});
