import { expect, it } from 'vitest';
import { echoFrame } from '../../../src/frames/values.js';
import { silent } from '../../../src/verify/judge/causes/silent.js';

/** A stack that ignores echo requests is no reason why an answer is lost that it only hands on. */

const reasonFor = (own: string): string | undefined => {
  const end = { id: 'r eth1', label: 'r:eth1', device: 'eth1', settings: {} };
  const frame = echoFrame(
    { family: 4, kind: 'echo-reply', id: 1, src: '10.0.0.1', dst: '10.0.1.1' },
    { src: '', dst: '' },
  );
  const stack = {
    devices: new Map([['eth1', { flags: [], addr_info: [{ local: own }] }]]),
    sysctls: new Map([['net.ipv4.icmp_echo_ignore_all', '1']]),
  };
  const scene = {
    ...{ leg: { path: [end], frame }, lastSeen: -1, firstMissed: 0 },
    ...{ stackOf: () => stack, addressesOf: () => [own] },
  };
  return silent.find(scene as never)?.reason;
};

it('names the setting at the stack that is to answer', () => {
  expect(reasonFor('10.0.0.1')).toContain('icmp_echo_ignore_all is 1');
});

it('does not at a router', () => {
  expect(reasonFor('10.0.0.254')).toBeUndefined();
});
