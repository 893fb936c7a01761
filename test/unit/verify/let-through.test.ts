import { describe, expect, it } from 'vitest';
import { ANY_FACTS } from '../../../src/links/define.js';
import { wire } from '../../../src/plan/wire.js';
import { prepareChecks } from '../../../src/probes/prepare.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { moduleSource } from '../../../src/topology/source.js';
import { letThrough } from '../../../src/verify/judge/let-through.js';

/** What is said of the first check of a cable between two namespaces. */
function saidOf(link: object, check: object): string | undefined {
  const ends = ['a:eth1', 'b:eth1'];
  const addresses = (ip: string) => ({ kind: 'netns', addresses: { eth1: ip } });
  const value = {
    name: 'lab',
    nodes: { a: addresses('10.0.0.1/24'), b: addresses('10.0.0.2/24') },
    links: [{ ends, ...link }],
    verify: [{ from: ends[0], to: ends[1], expect: 'blocked', ...check }],
  };
  const { lab } = parseTopology({ source: moduleSource('test'), value, problems: [] });
  const { model } = wire(lab, ANY_FACTS);
  const [prepared] = prepareChecks(lab, model).checks;
  return prepared && letThrough(model, prepared);
}

describe('what arrives though it is to be blocked', () => {
  it.each([
    [{ kind: 'bridge', group_fwd_mask: 0x4004 }, 'group_fwd_mask: 0x4004'],
    [{ kind: 'bridge', bridge_group_fwd_mask: 0x4000 }, 'bridge_group_fwd_mask: 0x4000'],
    [{ kind: 'ovs-switch', forward_bpdu: true }, 'forward_bpdu: true'],
  ])('is let through by %j', (link, setting) => {
    expect(saidOf(link, { probe: 'frame', class: 'lldp' })).toContain(`\`${setting}\``);
  });

  it('is let through by no setting where nothing would drop it', () => {
    expect(saidOf({ kind: 'bridge', group_fwd_mask: 0x4000 }, { probe: 'icmp' })).toBeUndefined();
  });
});
