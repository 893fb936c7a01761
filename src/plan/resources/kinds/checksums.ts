import { defineResource } from '../define.js';
import { readFrom } from '../look.js';

const ethtool = (tx: 'on' | 'off') => {
  return ({ device }: { readonly device: string }) => [
    { do: { tool: 'exec', argv: ['ethtool', '-K', device, 'tx', tx] } as const },
  ];
};

/** A device that finishes its checksums itself, as a datapath needs it that hands them on as they are: ethtool(8). */
export const checksums = defineResource<{ readonly device: string }>({
  type: 'checksums',
  noun: 'setting of checksums',
  stage: () => 'attach',
  make: ethtool('off'),
  remove: ethtool('on'),
  questions: ({ device }, where) => [{ where, what: 'offloads', name: device }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'offloads'), wanted, (all) =>
      /^tx-checksumming: off/m.test(all[wanted.device] ?? '') ? wanted : undefined,
    ),
});
