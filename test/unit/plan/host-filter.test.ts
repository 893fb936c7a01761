import { describe, expect, it } from 'vitest';
import { filterHost, isHostFilter } from '../../../src/plan/host-filter.js';
import { LOCAL, type Owned, type Step } from '../../../src/plan/step.js';
import { commandLine } from '../../../src/plan/tools/index.js';
import { droppingRules } from '../../../src/verify/judge/causes/filter.js';

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

  it('is made from standard input, and removed by a line that can be pasted', () => {
    const [step] = filterHost('demo', [veth]);
    if (!step?.undo) throw new Error('no step');
    expect(commandLine('nft', [step.do]).argv).toEqual(['nft', '-f', '-']);
    const { argv, input } = commandLine('nft', [step.undo]);
    expect(input).toBeUndefined();
    expect(argv).toEqual(['nft', expect.stringContaining('delete table arp patchlab.demo')]);
  });

  it('is never what a lost frame is blamed on', () => {
    const rule = (table: string): string =>
      `table bridge ${table} {\n chain input {\n type filter hook input priority -450; policy accept;\n iifname { "ve1" } counter packets 1 bytes 1 drop\n }\n}\n`;
    expect(isHostFilter('patchlab.demo')).toBe(true);
    expect(droppingRules(rule('patchlab.demo'))).toEqual([]);
    expect(droppingRules(rule('theirs'))).toHaveLength(1);
  });
});
