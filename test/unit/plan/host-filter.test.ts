import { describe, expect, it } from 'vitest';
import { isHostFilter } from '../../../src/plan/host-filter.js';
import { keepApart } from '../../../src/plan/keep-apart.js';
import { LOCAL } from '../../../src/plan/step.js';
import { commandLine } from '../../../src/plan/tools/index.js';
import type { Resource } from '../../../src/plan/resources/define.js';
import { bridge } from '../../../src/plan/resources/kinds/bridge.js';
import { netns } from '../../../src/plan/resources/kinds/netns.js';
import { ovsBridge } from '../../../src/plan/resources/kinds/ovs-bridge.js';
import { veth } from '../../../src/plan/resources/kinds/veth.js';
import { stepsOf } from '../../../src/plan/resources/steps.js';
import { parseRuleset } from '../../../src/nft/ruleset.js';

const onHost = { lane: 'host', where: LOCAL, in: [], why: '' };
const dress = { lab: 'demo', label: 've', up: true };
const pair = veth.of({
  ...onHost,
  id: 've',
  wanted: {
    ends: [
      { device: 've1', mac: '02:00:00:00:00:01', host: dress },
      { device: 'eth1', mac: '02:00:00:00:00:03', netns: 'demo.a' },
    ],
  },
});
const kernelBridge = bridge.of({
  ...onHost,
  id: 'br',
  wanted: { device: 'br1', mac: '02:00:00:00:00:02', options: {}, late: {}, host: dress },
});
const ovs = ovsBridge.of({
  ...onHost,
  id: 'ov',
  wanted: { name: 'ov1', lab: 'demo', datapath: 'netdev', mac: '02:00:00:00:00:04', columns: [] },
});
const namespace = netns.of({ ...onHost, id: 'ns', wanted: { name: 'demo.a' } });
const filterOf = (...resources: readonly Resource[]) =>
  stepsOf(keepApart({ name: 'demo', here: LOCAL }, resources));

describe('the filter of a lab', () => {
  it('is not there where the lab has no device on the host', () => {
    expect(filterOf(namespace)).toEqual([]);
  });

  it('hears nothing by any device but a bridge, whose packets it would take for its own, and says nothing by any', () => {
    const [step] = filterOf(namespace, pair, kernelBridge, ovs, pair);
    expect(step?.owns).toEqual({ type: 'nft-table', name: 'patchlab.demo' });
    const rules = step?.do.tool === 'nft' ? step.do.rules : '';
    expect(rules).toContain('define lab = {\n  "ve1",\n  "ov1",\n}\n');
    expect(rules).toContain('define lab_all = {\n  $lab,\n  "br1",\n}\n');
    expect(rules.match(/^table \w+/gm)).toEqual(['table arp', 'table inet', 'table bridge']);
  });

  it('is made and removed by one transaction each', () => {
    const [step] = filterOf(pair);
    if (!step?.undo) throw new Error('no step');
    expect(commandLine('nft', [step.do]).argv).toEqual(['nft', '-f', '-']);
    expect(commandLine('nft', [step.undo])).toMatchObject({
      argv: ['nft', '-f', '-'],
      input: expect.stringContaining('delete table arp patchlab.demo') as string,
    });
  });

  it('is never what a lost frame is blamed on', () => {
    const chain = (table: string): string =>
      JSON.stringify({
        nftables: [
          { chain: { family: 'bridge', table, name: 'input', hook: 'input', prio: -450 } },
        ],
      });
    expect(isHostFilter('patchlab.demo')).toBe(true);
    expect(parseRuleset(chain('patchlab.demo'), '').chains).toEqual([]);
    expect(parseRuleset(chain('theirs'), '').chains).toHaveLength(1);
  });
});
