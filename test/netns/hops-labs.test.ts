import { expect, it } from 'vitest';
import { cli, expectHostAsBefore, hostSnapshot, topology, verify } from '../support/cli.js';

/** The labs of topologies/ that show what the model says of switches, macvlans and redirects. */

it.each([
  'bridge-settings',
  'ovs-normal',
  'macvlan-modes',
  'macvlan-own-parent',
  'tc-redirect',
  'vxlan',
])('%s holds what its file says, and leaves the host as it was', async (name) => {
  const before = await hostSnapshot();
  expect(await cli(['up', topology(`${name}.yaml`)])).toMatchObject({ exitCode: 0 });
  const { exitCode, verdicts, findings } = await verify(name).finally(() => cli(['down', name]));
  const unexpected = verdicts.filter(
    ({ outcome, surprise }) => outcome !== 'pass' || surprise !== null,
  );
  expect(unexpected).toEqual([]);
  expect(findings).toEqual([]);
  expect(exitCode).toBe(0);
  await expectHostAsBefore(before);
});
