import { expect, it } from 'vitest';
import {
  cli,
  cliJson,
  scratchFolder,
  status,
  topologyFile,
  verify,
  restoresHost,
} from '../support/cli.js';

/** A guest whose agent was replaced from inside by one that lies. */

const folder = scratchFolder();
restoresHost();

const LAB = `name: hostile
nodes:
  sw1: { kind: vm, addresses: { eth1: 10.7.1.1/24 } }
  n1: { kind: netns, addresses: { eth1: 10.7.0.1/24, eth2: 10.7.1.2/24 } }
  n2: { kind: netns, addresses: { eth1: 10.7.0.2/24 } }
links:
  - { kind: veth, ends: [n1:eth1, n2:eth1] }
  - { kind: macvtap, mode: passthru, allmulticast: true, ends: [sw1:eth1, n1:eth2] }
`;

/**
 * It answers what libvirt asks to know that somebody is there, and everything else with one text.
 * A read ends at once while the host has not connected yet. An agent that left then would close the port, and libvirt
 * would hang up before the next one reads; so it reads again, as the real one does.
 */
const agentThatSays = (answer: string): string => `#!/bin/sh
exec 3<>"$4"
while :; do
  read -r line <&3 || { sleep 0.1; continue; }
  case $line in
    *guest-sync*)
      id=\${line#*\\"id\\":}
      printf '{"return":%s}\\n' "\${id%%\\}*}" >&3
      ;;
    *) printf '%s\\n' '${answer}' >&3 ;;
  esac
done
`;

/** Put another agent in the place of the guest's, which init starts again when it ends; in a session of its own, which `exec` leaves. */
const REPLACE = `
cat >/tmp/agent && chmod 755 /tmp/agent && mv /tmp/agent /usr/sbin/qemu-ga
setsid sh -c '
  sleep 0.5
  for process in /proc/[0-9]*; do
    read -r name <"$process/comm" && [ "$name" = qemu-ga ] && kill "\${process#/proc/}"
  done
' >/dev/null 2>&1 </dev/null &
`;

it.each([
  ['null', '{"return":null}'],
  ['the wrong types', '{"return":{"pid":"7","exited":"yes","exitcode":1e99}}'],
])('spoils the checks of its guest alone: %s', async (_, answer) => {
  expect((await cli(['up', await topologyFile(folder, 'hostile.yaml', LAB)])).exitCode).toBe(0);
  const script = `cat <<'AGENT' | sh -c '${REPLACE.replaceAll("'", `'\\''`)}'\n${agentThatSays(answer)}AGENT\n`;
  expect((await cli(['exec', 'sw1', '--', 'sh', '-c', script])).exitCode).toBe(0);
  const ask = async () => (await cli(['exec', 'sw1', '--', 'true'])).stderr;
  await expect.poll(ask, { timeout: 30_000, interval: 500 }).toContain('what no agent says');
  expect((await cli(['exec', 'sw1', '--', 'true'])).exitCode).toBe(3);

  const { exitCode, verdicts } = await verify('hostile');
  expect(exitCode).toBe(3);
  const isOfGuest = (check: { from: string; to: string }) =>
    [check.from, check.to].some((end) => end.startsWith('sw1'));
  const outcomes = (ofGuest: boolean) =>
    new Set(verdicts.filter((one) => isOfGuest(one) === ofGuest).map(({ outcome }) => outcome));
  expect(outcomes(true)).toEqual(new Set(['error']));
  expect(outcomes(false)).toEqual(new Set(['pass']));

  expect((await status('hostile')).nodes.map(({ state }) => state)).toEqual([
    ...['running', 'present', 'present'],
  ]);
  const { result } = await cliJson('neighbors', 'hostile');
  expect(result.neighbours.find(({ port }) => port === 'sw1:eth1')?.state).toBe('unknown');
});
