import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../../src/apply/inventory.js';
import type { LinkEntry } from '../../../src/apply/things/kinds/link.js';
import { EMPTY_JOURNAL, type JournalState } from '../../../src/apply/journal.js';
import { memoryOf, ownership } from '../../../src/apply/ownership.js';
import { thingTypes } from '../../../src/apply/things/index.js';
import { LOCAL, type Owned } from '../../../src/plan/step.js';

const link = (fields: Partial<LinkEntry>): LinkEntry => ({
  name: 'dev',
  alias: undefined,
  mac: '02:00:00:00:00:99',
  altnames: [],
  kind: 'veth',
  ...fields,
});
const host = (fields: Partial<Inventory>): Inventory => ({
  link: new Map(),
  netns: new Map(),
  'ovs-bridge': new Map(),
  process: new Map(),
  container: new Map(),
  'nft-table': new Map(),
  domain: new Map(),
  ...fields,
});
const links = (entry: LinkEntry): Inventory => host({ link: new Map([['dev', entry]]) });

const dev: Owned = { type: 'link', name: 'dev', mac: '02:00:00:00:00:01' };
const ns: Owned = { type: 'netns', name: 'ns' };
const bridge: Owned = { type: 'ovs-bridge', name: 'br' };
const domain: Owned = { type: 'domain', name: 'vm', uuid: 'u1' };
const whose = (owned: Owned, inventory: Inventory, begun = false, made?: string) =>
  ownership(owned, 'demo', inventory, { unmarked: () => begun, namespace: () => made });

describe('ownership', () => {
  it('knows a link by its alias, before that by its address', () => {
    expect(whose(dev, host({}))).toBe('absent');
    expect(whose(dev, links(link({ alias: 'patchlab:demo' })))).toBe('ours');
    expect(whose(dev, links(link({ alias: 'patchlab:other', mac: dev.mac })))).toBe('foreign');
    expect(whose(dev, links(link({ mac: dev.mac })))).toBe('ours');
    expect(whose(dev, links(link({})), true)).toBe('foreign');
  });

  it('knows a tap that was made but not yet given its address', () => {
    const tap: Owned = { ...dev, lateMac: 'tun' };
    expect(whose(tap, links(link({ kind: 'tun' })), true)).toBe('ours');
    expect(whose(tap, links(link({ kind: 'tun' })), false)).toBe('foreign');
    expect(whose(tap, links(link({})), true)).toBe('foreign');
    expect(whose(dev, links(link({ kind: 'tun' })), true)).toBe('foreign');
  });

  it('leaves a device alone that has the name as its second one', () => {
    const entry = link({ name: 'eth7', altnames: ['dev'], mac: dev.mac });
    expect(whose(dev, links(entry), true)).toBe('foreign');
  });

  it('knows a namespace by its inode, before that by the journal', () => {
    const inventory = host({ netns: new Map([['ns', 'inode 1']]) });
    expect(whose(ns, host({}))).toBe('absent');
    expect(whose(ns, inventory, false, 'inode 1')).toBe('ours');
    expect(whose(ns, inventory, true, 'inode 2')).toBe('foreign');
    expect(whose(ns, inventory, true)).toBe('ours');
    expect(whose(ns, inventory, false)).toBe('foreign');
  });

  it('knows tables of nftables by their name', () => {
    const table: Owned = { type: 'nft-table', name: 'patchlab.demo' };
    expect(whose(table, host({}))).toBe('absent');
    expect(whose(table, host({ 'nft-table': new Map([['patchlab.demo', true]]) }))).toBe('ours');
    expect(whose(table, host({ 'nft-table': undefined }))).toBe('unknown');
  });

  it('knows bridges and domains by what their daemons keep', () => {
    expect(whose(bridge, host({ 'ovs-bridge': new Map([['br', 'demo']]) }))).toBe('ours');
    expect(whose(bridge, host({ 'ovs-bridge': new Map([['br', undefined]]) }))).toBe('foreign');
    expect(whose(bridge, host({ 'ovs-bridge': undefined }))).toBe('unknown');
    expect(whose(domain, host({ domain: new Map([['vm', 'u1']]) }))).toBe('ours');
    expect(whose(domain, host({ domain: new Map([['vm', 'u2']]) }))).toBe('foreign');
    expect(whose(domain, host({ domain: undefined }))).toBe('unknown');
  });
});

describe('the memory of a journal', () => {
  const begun = [
    { id: 'add', stage: 'devices', lane: 'host', where: LOCAL, why: 'x', owns: dev },
    { id: 'mark', stage: 'devices', lane: 'host', where: LOCAL, why: 'x', marks: 'dev' },
  ] as const;
  const memory = (fields: Partial<JournalState>, sameBoot = true) =>
    memoryOf({ ...EMPTY_JOURNAL, ...fields }, sameBoot);

  it('lacks the mark of a thing from the begin of the making to the end of the marking', () => {
    expect(memory({}).unmarked(dev)).toBe(false);
    expect(memory({ begun }).unmarked(dev)).toBe(true);
    expect(memory({ begun, done: new Set(['add', 'mark']) }).unmarked(dev)).toBe(false);
  });

  it('is worth nothing after a reboot', () => {
    expect(memory({ begun }, false).unmarked(dev)).toBe(false);
  });

  it('knows the inodes of namespaces', () => {
    const namespaces = new Map([['ns', 'inode 1']]);
    expect(memory({ namespaces }).namespace('ns')).toBe('inode 1');
  });
});

describe('the registry of types of things', () => {
  it('has a file for each, and each under its name', () => {
    const folder = new URL('../../../src/apply/things/kinds/', import.meta.url);
    const names = Object.entries(thingTypes).map(([name, { type }]) => [name, `${type}.ts`]);
    expect(names.map(([name = '']) => `${name}.ts`).sort()).toEqual(readdirSync(folder).sort());
    for (const [name = '', file] of names) expect(file).toBe(`${name}.ts`);
  });
});
