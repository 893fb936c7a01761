import { describe, expect, it } from 'vitest';
import { filterHost, isHostFilter } from '../../../src/plan/host-filter.js';
import { LOCAL, type Owned, type Step } from '../../../src/plan/step.js';
import { commandLine } from '../../../src/plan/tools/index.js';
import { parseRuleset } from '../../../src/nft/ruleset.js';

const makes = (owns: Owned): Step => ({
  ...{ id: owns.name, stage: 'devices', lane: 'host', where: LOCAL, why: '', owns },
  do: { tool: 'ip', args: [] },
});
const veth = makes({ type: 'link', name: 've1', mac: '02:00:00:00:00:01' });
const bridge = makes({ type: 'link', name: 'br1', mac: '02:00:00:00:00:02', bridge: true });
const ovs = makes({ type: 'ovs-bridge', name: 'ov1' });
const namespace = makes({ type: 'netns', name: 'demo.a' });

describe('the filter of a lab', () => {
  it('is not there where the lab has no device on the host', () => {
    expect(filterHost('demo', [namespace])).toEqual([]);
  });

  it('hears nothing by any device but a bridge, whose packets it would take for its own, and says nothing by any', () => {
    const [step] = filterHost('demo', [namespace, veth, bridge, ovs, veth]);
    expect(step?.owns).toEqual({ type: 'nft-table', name: 'patchlab.demo' });
    const rules = step?.do.tool === 'nft' ? step.do.rules : '';
    expect(rules).toContain('define lab = {\n  "ve1",\n  "ov1",\n}\n');
    expect(rules).toContain('define lab_all = {\n  $lab,\n  "br1",\n}\n');
    expect(rules.match(/^table \w+/gm)).toEqual(['table arp', 'table inet', 'table bridge']);
  });

  it('is made and removed by one transaction each', () => {
    const [step] = filterHost('demo', [veth]);
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
