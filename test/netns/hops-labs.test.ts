import { expect, it } from 'vitest';
import { cli, expectHostAsBefore, hostSnapshot, topology, verify } from '../support/cli.js';

/** The labs of topologies/ that show what the model says of switches, macvlans and redirects, and some that show what a topology may say. */

it.each([
  'bridge-settings',
  'joined-groups',
  'listed-macs',
  'ring-failover',
  'ovs-normal',
  'patched-and-mirrored',
  'moved-patches',
  'macvlan-modes',
  'macvlan-own-parent',
  'macvlan-five',
  'cloud-switch',
  'tc-redirect',
  'vxlan',
  'reserved-groups',
  'typed',
  'fat-tree',
])('%s holds what its file says, and leaves the host as it was', async (name) => {
  const before = await hostSnapshot();
  expect(await cli(['up', topology(name)])).toMatchObject({ exitCode: 0 });
  const { exitCode, verdicts, findings } = await verify(name).finally(() => cli(['down', name]));
  const unexpected = verdicts.filter(
    ({ outcome, surprise }) => outcome !== 'pass' || surprise !== null,
  );
  expect(unexpected).toEqual([]);
  expect(findings).toEqual([]);
  expect(exitCode).toBe(0);
  await expectHostAsBefore(before);
});
