import { describe, expect, it } from 'vitest';
import { FRAME_CLASSES } from '../../../src/frames/classes.js';
import { linkKinds } from '../../../src/links/index.js';
import { scratchLab } from '../../../src/matrix/scratch.js';
import { only, variantsOf } from '../../../src/matrix/variants.js';
import type { Lab } from '../../../src/topology/lab.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';

const labOf = (definition: object): Lab =>
  parseTopology(parseYaml('scratch.yaml', JSON.stringify(definition))).lab;

const guests = ({ nodes }: Lab) => nodes.filter(({ kind }) => kind === 'vm');

describe('the scratch lab of', () => {
  it.each(linkKinds.map(({ kind }) => kind))('%s holds, with a check for each cell', (kind) => {
    const set = variantsOf(kind);
    const { definition, cells } = scratchLab(set, FRAME_CLASSES);
    const { checks } = labOf(definition);
    expect(checks.map(({ from, to }) => [from, to])).toEqual(
      cells.map(({ from, to }) => [from, to]),
    );
    // Every class under every setting, both ways, once.
    const keys = cells.map((cell) => `${cell.variant} ${cell.class} ${cell.direction}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toHaveLength(set.variants.length * FRAME_CLASSES.length * 2);
  });

  it('macvtap has room for all NICs in few guests', () => {
    const { definition } = scratchLab(variantsOf('macvtap'), FRAME_CLASSES);
    const all = guests(labOf(definition));
    expect(all.map(({ ports }) => ports.length)).toEqual([20, 12]);
  });

  it('udp boots two guests, with a bridge where a NIC must be promiscuous', () => {
    const { definition, cells } = scratchLab(variantsOf('udp'), ['lacp', 'unicast-foreign']);
    const all = guests(labOf(definition));
    expect(all.map(({ devices }) => devices.map(({ kind }) => kind))).toEqual([
      ['bridge'],
      ['bridge'],
    ]);
    const portsOf = (name: string) =>
      new Set(cells.filter((cell) => cell.class === name).map(({ to }) => to.split(':')[1]));
    expect([portsOf('lacp'), portsOf('unicast-foreign')]).toEqual([
      new Set(['p1']),
      new Set(['p2']),
    ]);
  });

  it('a kind between namespaces needs no guest and one cable for each setting', () => {
    const { definition } = scratchLab(variantsOf('bridge'), FRAME_CLASSES);
    const lab = labOf(definition);
    expect(guests(lab)).toEqual([]);
    expect(lab.links).toHaveLength(variantsOf('bridge').variants.length);
  });
});

describe('the settings of a kind', () => {
  it('are those that its descriptor names, or the choices of its schema', () => {
    const names = (kind: string) => variantsOf(kind).variants.map(({ name }) => name);
    expect(names('veth')).toEqual(['default']);
    expect(names('macvtap')).toContain('passthru allmulticast');
    expect(names('bridge')).toContain('mask 0xfffd');
  });

  it('can be cut down to some', () => {
    const set = only(variantsOf('macvtap'), ['passthru', 'vepa']);
    expect(set.variants.map(({ name }) => name)).toEqual(['vepa', 'passthru']);
    expect(() => only(set, ['vepa promiscuous'])).toThrow('no setting `vepa promiscuous`');
    expect(() => variantsOf('macvtop')).toThrow('no link kind `macvtop`');
  });
});
