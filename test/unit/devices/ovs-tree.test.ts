import { expect, it } from 'vitest';
import { ovsTreeProblems } from '../../../src/devices/ovs-tree.js';

const ofPorts = (count: number, protocol: 'stp' | 'rstp') => {
  const ends = Array.from({ length: count }, (_, index) => ({
    port: `a:p${index}`,
    priority: 128,
  }));
  const none = { stp: false, rstp: false, priority: 0x8000 };
  return ovsTreeProblems({ ...none, ends, [protocol]: true });
};

it('is refused more ports than spanning tree has numbers for', () => {
  expect([ofPorts(255, 'stp'), ofPorts(4095, 'rstp')]).toEqual([[], []]);
  expect(ofPorts(256, 'stp')).toMatchObject([
    { path: ['ends'], what: expect.stringMatching(/255/) as string },
  ]);
  expect(ofPorts(4096, 'rstp')).toMatchObject([{ what: expect.stringMatching(/4095/) as string }]);
});
