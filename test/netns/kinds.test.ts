import { execa } from 'execa';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deviceKinds } from '../../src/devices/index.js';
import { writtenLinkKinds } from '../../src/links/index.js';
import { nodeKinds } from '../../src/nodes/index.js';
import { probeKinds } from '../../src/probes/index.js';
import { resultSchemas } from '../../src/report/schemas/index.js';
import { cli, cliJson, root } from '../support/cli.js';

/** `patchlab kinds`: what a topology may write, and what this machine has for it. */

it('lists every kind, and says the same of this host as the doctor', async () => {
  const { result } = await cliJson('kinds');
  const named = (area: string, kinds: readonly { readonly kind: string }[]) =>
    kinds.map(({ kind }) => `${area} ${kind}`);
  expect(result.kinds.map(({ area, kind }) => `${area} ${kind}`)).toEqual([
    ...named('link', writtenLinkKinds),
    ...named('node', nodeKinds),
    ...named('device', deviceKinds),
    ...named('probe', probeKinds),
  ]);
  const { result: doctor } = await cliJson('doctor');
  const told = new Map(doctor.results.map(({ check, arg, ok }) => [`${check} ${arg ?? ''}`, ok]));
  const needs = result.kinds.flatMap((kind) =>
    [kind, ...kind.settings].flatMap((one) => one.needs),
  );
  expect(needs.length).toBeGreaterThan(20);
  for (const { check, arg = '', ok } of needs)
    expect([check, arg, ok]).toEqual([check, arg, told.get(`${check} ${arg}`)]);
});

it('asks this kernel without root too, and says what that leaves open', async () => {
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];
  const { stdout } = await execa('setpriv', [
    ...[...nobody, process.execPath, join(root, 'bin/patchlab'), 'kinds', '--json'],
  ]);
  const { kinds } = resultSchemas.kinds.parse(JSON.parse(stdout));
  const here = (area: string, kind: string) =>
    kinds.find((one) => one.area === area && one.kind === kind)?.here;
  expect([here('device', 'veth'), here('link', 'bridge'), here('node', 'vm')]).toEqual([
    ...[true, true, null],
  ]);
  expect((await cli(['kinds'])).stdout).not.toContain('takes root');
});
