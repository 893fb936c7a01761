import { defineLab, up, type UsedLab } from 'patchlab';
import { afterAll, beforeAll, expect, it } from 'vitest';

const bridged = defineLab({
  name: 'bridged',
  nodes: {
    a: { kind: 'netns', addresses: { eth1: '10.0.0.1/24' } },
    b: { kind: 'netns', addresses: { eth1: '10.0.0.2/24' } },
  },
  links: [{ kind: 'bridge', name: 'lan', ends: ['a:eth1', 'b:eth1'] }],
  verify: [{ probe: 'icmp', from: 'a:eth1', to: 'b:eth1' }],
});

let net: UsedLab;
beforeAll(async () => {
  net = await up(bridged);
});
afterAll(() => net.down());

it('carries pings', async () => {
  const { verdicts } = await net.verify();
  expect(verdicts.map(({ outcome }) => outcome)).toEqual(['pass']);
  const { exitCode } = await net.node('a').exec(['ping', '-c', '1', '10.0.0.2']);
  expect(exitCode).toBe(0);
});

it('keeps LLDP to itself, and says where and why', async () => {
  const { arrived, blame } = await net.trace('a:eth1', 'b:eth1', { frame: 'lldp' });
  expect(arrived).toBe(false);
  expect(blame?.at).toBe('lan bridge');
  expect(blame?.reason).toContain('A bridge does not forward 01:80:c2:00:00:0e');
});

it('has ARP arrive', async () => {
  await using seen = await net.capture(['b:eth1'], { filter: 'arp', timeout: 20_000 });
  await net.node('a').exec(['arping', '-c', '1', '-I', 'eth1', '10.0.0.2']);
  const texts: string[] = [];
  for await (const { text } of seen) {
    texts.push(text);
    if (texts.length === 2) break;
  }
  expect(texts[0]).toContain('10.0.0.2');
});
