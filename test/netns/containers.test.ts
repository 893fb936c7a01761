import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { execa } from 'execa';
import {
  cli,
  cliJson,
  restoresHost,
  scratchFolder,
  startCli,
  status,
  topology,
  topologyFile,
  verify,
} from '../support/cli.js';
import { containerEngine } from '../../src/containers/index.js';
import { ask, containerEngines, enginesHere, lackOf } from '../support/container-engines.js';

/** Containers of real engines as nodes: on each kind of link, looked into, stopped by hand, restarted with their engine. */

const { restartDocker } = containerEngines();
const folder = scratchFolder();
restoresHost();

const labWith = (engine: string): string => `name: boxes
nodes:
  a:
    kind: container
    engine: ${engine}
    image: busybox
    env: { GREETING: "it's $HOME; \\"here\\"" }
    mounts: [{ from: ${folder}, to: /mnt/lab, readonly: true }]
    addresses: { eth1: [10.0.1.1/24, fd00:1::1/64], eth2: 10.0.2.1/24, eth3: 10.0.3.1/24, eth4: 10.0.4.1/24 }
    routes: [{ to: default, via: 10.0.1.2 }]
  b:
    kind: container
    engine: ${engine}
    image: busybox
    command: [sh, -c, 'echo "b says $0"; exec sleep 86400', 'two words']
    addresses: { eth2: 10.0.2.2/24, eth3: 10.0.3.2/24, eth4: 10.0.4.2/24 }
  n:
    kind: netns
    addresses: { eth1: [10.0.1.2/24, fd00:1::2/64], eth2: 10.0.2.3/24 }
links:
  - { kind: veth, ends: [a:eth1, n:eth1] }
  - { name: seg, kind: bridge, ends: [a:eth2, b:eth2, n:eth2] }
  - { name: sw, kind: ovs-switch, ends: [a:eth3, b:eth3] }
  - { name: mv, kind: macvlan, mode: bridge, ends: [a:eth4, b:eth4] }
verify:
  - { probe: lldp, from: a:eth1, to: n:eth1 }
  - { probe: lldp, from: n:eth1, to: a:eth1 }
  - { probe: arp, from: a:eth2, to: b:eth2 }
  - { probe: icmp, from: a:eth2, to: n:eth2 }
  - { probe: icmp, from: a:eth3, to: b:eth3 }
  - { probe: icmp, from: b:eth4, to: a:eth4 }
  - { probe: icmp, from: n:eth1, to: a:eth1 }
  - { probe: lldp, from: a:eth2, to: b:eth2, expect: blocked }
`;

/** The same with one check that crosses both containers: what `up` mends it also checks. */
const briefly = (engine: string): string =>
  labWith(engine).replace(/verify:[^]*/, 'verify: [{ probe: icmp, from: a:eth2, to: b:eth2 }]\n');

/** At once: a shell does not mind being asked to end. */
const remove = (engine: string, ...names: readonly string[]) =>
  ask(engine, ...containerEngine(engine).removal.toSpliced(0, 0, 'rm'), ...names);

const up = async (engine: string, text = briefly(engine)): Promise<string> => {
  const file = await topologyFile(folder, 'boxes.yaml', text);
  const { exitCode, stderr } = await cli(['up', file]);
  expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
  return file;
};

/** All is heard as the file has it. */
async function demandWell(lab = 'boxes'): Promise<void> {
  const { exitCode, verdicts } = await verify(lab);
  expect(verdicts.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  expect(exitCode).toBe(0);
}

for (const [engine, lack] of ['docker', 'podman'].map((name) => [name, lackOf(name)] as const))
  describe.skipIf(lack !== undefined)(`${engine}${lack === undefined ? '' : ` (${lack})`}`, () => {
    it('joins containers to each other and to namespaces, is looked into, and mended by up', async () => {
      await up(engine, labWith(engine));
      await demandWell();
      const greeting = await cli(['exec', 'a', '--', 'sh', '-c', 'echo "$GREETING"; ls /mnt/lab']);
      expect(greeting).toMatchObject({ exitCode: 0, stdout: 'it\'s $HOME; "here"\nboxes.yaml' });
      const routes = await cli(['exec', 'a', '--', 'ip', 'route']);
      expect(routes.stdout).toContain('default via 10.0.1.2 dev eth1');
      expect((await cli(['exec', 'b', '--', 'sh', '-c', 'exit 3'])).exitCode).toBe(3);
      const { result } = await cliJson('logs', 'b');
      expect(result.logs).toEqual([
        { program: 'container', path: `${engine}/boxes.b`, lines: ['b says two words'] },
      ]);
      const console = await execa('script', ['-qec', 'bin/patchlab console a', '/dev/null'], {
        input: 'echo $((6 * 7)) in $HOSTNAME\nexit\n',
        reject: false,
      });
      expect(console.stdout).toContain('42 in a');
      // Its own, and none of the engine's.
      const networks = '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}';
      expect(await ask(engine, 'container', 'inspect', '-f', networks, 'boxes.a')).toMatch(
        /^(none)?$/,
      );

      // Each `up` says by the check that crosses what it has mended whether that is well.
      await ask(engine, 'stop', '-t', '0', 'boxes.a');
      const stopped = await status('boxes');
      expect(stopped.nodes.map(({ state }) => state)).toEqual(['exited', 'running', 'present']);
      expect(stopped.drift[0]).toMatchObject({
        ...{ how: 'change', id: 'container a', because: 'runs false -> true' },
      });
      await up(engine);
      await ask(engine, 'restart', '-t', '0', 'boxes.a');
      await remove(engine, 'boxes.b');
      const { nodes, drift } = await status('boxes');
      expect(nodes.map(({ state }) => state)).toEqual(['restarted', 'absent', 'present']);
      expect(drift.map(({ id, how }) => `${how} ${id}`)).toEqual(
        expect.arrayContaining(['replace netns a', 'create container b', 'replace netns b']),
      );
      await up(engine);
      // By patchlab, and where the name of its stack was taken away, it starts again for a new one.
      const started = () => ask(engine, 'inspect', '-f', '{{.State.Pid}}', 'boxes.a');
      const first = await started();
      expect((await cli(['restart', 'boxes', 'a'])).exitCode).toBe(0);
      const second = await started();
      const b = () => ask(engine, 'inspect', '-f', '{{.Id}}', 'boxes.b');
      const before = await b();
      await execa('ip', ['netns', 'del', 'boxes.a']);
      await up(engine, briefly(engine).replace('two words', 'three words'));
      expect(new Set([first, second, await started()]).size).toBe(3);
      expect(await b()).not.toBe(before);
      expect((await cli(['logs', 'b'])).stdout).toContain('b says three words');
      expect((await status('boxes')).drift).toEqual([]);
    });

    it('goes after an up that was killed or failed, and what has nearly its name stays', async () => {
      await ask(engine, 'run', '-d', '-i', '--network', 'none', '--name', 'boxes.c', 'busybox');
      await ask(
        ...[engine, 'create', '--network', 'none', '--label', 'patchlab.lab=boxes-2'],
        ...['--name', 'boxes.d', 'busybox'],
      );
      const named = () => ask(engine, 'ps', '-a', '--format', '{{.Names}}');
      const before = (await named()).split('\n').toSorted();
      const file = await topologyFile(folder, 'boxes.yaml', labWith(engine));
      const killed = startCli(['up', file]);
      await expect.poll(named, { interval: 50, timeout: 30_000 }).toMatch(/boxes\.[ab]$/m);
      killed.kill('SIGKILL');
      await killed;
      expect((await cli(['down', 'boxes'])).exitCode).toBe(0);
      expect((await named()).split('\n').toSorted()).toEqual(before);
      // Another's of its very name is in the way, and stays too.
      await ask(engine, 'rename', 'boxes.c', 'boxes.a');
      const { exitCode, stderr } = await cli(['up', file]);
      expect([exitCode, stderr]).toEqual([
        expect.any(Number),
        expect.stringContaining(`container \`${engine}/boxes.a\``),
      ]);
      expect(await named()).toContain('boxes.a');
      await remove(engine, 'boxes.a', 'boxes.d');

      // What is missing is told before anything is touched.
      const lacking = await topologyFile(
        folder,
        'boxes.yaml',
        labWith(engine)
          .replace(`from: ${folder}`, 'from: /nowhere')
          .replace(/busybox/, 'nobox:7'),
      );
      const asked = await cli(['up', lacking]);
      expect(asked.exitCode).toBe(4);
      expect(asked.stderr).toContain(`${engine} pull nobox:7`);
      expect(asked.stderr).toContain('There is no `/nowhere`.');

      // What ends as soon as it begins says why.
      const ending = await topologyFile(
        folder,
        'boxes.yaml',
        labWith(engine).replace('exec sleep 86400', 'exit 7'),
      );
      const ended = await cli(['up', ending]);
      expect(ended.exitCode).toBe(3);
      expect(ended.stderr).toContain('b says two words');
    });
  });

it.skipIf(!enginesHere.includes('docker'))(
  'is missed and mended where its engine was restarted',
  async () => {
    await up('docker');
    await restartDocker();
    const { nodes } = await status('boxes');
    expect(nodes.map(({ state }) => state)).toEqual(['exited', 'exited', 'present']);
    await up('docker');
    expect((await status('boxes')).drift).toEqual([]);
  },
);

describe.skipIf(!enginesHere.includes('docker'))('the labs', () => {
  it('are as they say', async () => {
    for (const name of ['container-cable', 'bridged-containers']) {
      expect((await cli(['up', topology(name)])).exitCode).toBe(0);
      await demandWell(name);
    }
  });

  it('bridged-containers: a ping to anybody mends what the router still knows of a container that has another MAC', async () => {
    const text = readFileSync(topology('bridged-containers'), 'utf8');
    const lab = text.replace(/verify:[^]*/, 'verify: []\n');
    const anew = lab.replace(
      '  blog:\n',
      "  blog:\n    ports: { eth0: { mac: '02:00:00:00:22:02' } }\n",
    );
    expect(anew).not.toBe(lab);
    const known = async () => {
      const { stdout } = await cli(['exec', 'gw', '--', 'ip', 'neigh', 'show', '192.168.22.222']);
      return /lladdr (\S+)/.exec(stdout)?.[1];
    };
    const ping = async (from: string, to: string) =>
      (await cli(['exec', from, '--', 'ping', '-c', '1', '-W', '1', to])).exitCode;
    const upOf = async (one: string) =>
      (await cli(['up', await topologyFile(folder, 'bridged.yaml', one)])).exitCode;
    expect(await upOf(lab)).toBe(0);
    expect(await ping('user', '192.168.22.222')).toBe(0);
    const before = await known();
    expect(await upOf(anew)).toBe(0);
    // The router sends to whom is not there any more.
    expect([await ping('user', '192.168.22.222'), await known()]).toEqual([1, before]);
    // The container asks for its host's MAC, and not the router's.
    expect(await ping('blog', '192.168.22.217')).toBe(0);
    expect(await known()).toBe('02:00:00:00:22:02');
    expect(await ping('user', '192.168.22.222')).toBe(0);
  });
});
