import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitAgent } from '../../src/apply/await-agent.js';
import { down } from '../../src/apply/down.js';
import type { Host } from '../../src/apply/hosts/define.js';
import { openHosts, type LabHosts } from '../../src/apply/hosts/index.js';
import { listLabs, status } from '../../src/apply/status.js';
import { up } from '../../src/apply/up.js';
import { ensureGuest } from '../../src/guests/cache.js';
import { uuid } from '../../src/plan/names.js';
import { commandOf } from '../../src/plan/resources/kinds/command.js';
import { LOCAL, type Domain, type Plan, type Step } from '../../src/plan/step.js';
import type { Lab } from '../../src/topology/lab.js';

const name = `g${process.pid.toString(36)}`;
const domainName = `${name}.sw1`;
const inside = { stage: 'inside', lane: 'sw1' } as const;
const guest = { machine: 'local', inside: 'sw1' } as const;

function planOf(domain: Domain): Plan {
  const steps: Step[] = [
    {
      id: 'domain',
      stage: 'guests',
      lane: 'sw1',
      where: LOCAL,
      do: { tool: 'create-domain', domain: domain.name, xml: domain.xml },
      undo: { tool: 'destroy-domain', domain: domain.name, uuid: domain.uuid },
      owns: { type: 'domain', name: domain.name, uuid: domain.uuid },
      why: 'boot sw1',
    },
    {
      ...inside,
      id: 'agent',
      where: LOCAL,
      do: { tool: 'await-agent', domain: domain.name },
      why: 'wait for sw1',
    },
    {
      ...inside,
      id: 'netns',
      where: guest,
      do: { tool: 'ip', args: ['netns', 'add', 'c1'] },
      why: 'namespace',
    },
    {
      ...inside,
      id: 'dummy',
      where: guest,
      do: { tool: 'ip', args: ['link', 'add', 'd0', 'type', 'dummy'] },
      why: 'device',
    },
    {
      ...inside,
      id: 'lo',
      where: { ...guest, netns: 'c1' },
      do: { tool: 'ip', args: ['link', 'set', 'dev', 'lo', 'up'] },
      why: 'lo of c1',
    },
    {
      ...inside,
      id: 'forward',
      where: { ...guest, netns: 'c1' },
      do: { tool: 'sysctl', key: 'net.ipv4.ip_forward', value: '1' },
      why: 'c1 forwards',
    },
  ];
  return { lab: name, resources: steps.map(commandOf), domains: [domain], requirements: [] };
}

const lab: Lab = {
  name,
  title: undefined,
  allowLoops: false,
  here: { machine: 'local' },
  machine: { machine: 'local' },
  id: 'guesthostt',
  nodes: [
    {
      name: 'sw1',
      kind: 'vm',
      spec: {},
      stacks: [{ id: 'sw1', namespace: undefined, where: guest }],
      ports: [],
      devices: [],
      addresses: [],
      routes: [],
      rules: [],
      sysctls: [],
      rulesets: [],
      programs: [],
    },
  ],
  links: [],
  checks: [],
  steps: [],
};

let scratch: string;
let hosts: LabHosts;
let sw1: Host;
let plan: Plan;
const stateBefore = process.env.PATCHLAB_STATE;

beforeAll(async () => {
  const image = await ensureGuest('mini');
  scratch = await mkdtemp(join(tmpdir(), 'patchlab-guest-host-'));
  process.env.PATCHLAB_STATE = join(scratch, 'state');
  const id = uuid(name, 'sw1');
  plan = planOf({
    node: 'sw1',
    name: domainName,
    uuid: id,
    xml: `<domain type='qemu'><name>${domainName}</name><uuid>${id}</uuid>
<memory unit='MiB'>256</memory><vcpu>1</vcpu><os><type>hvm</type>
<kernel>${image.kernel}</kernel><initrd>${image.initrd}</initrd>
<cmdline>${image.kernelArgs.join(' ')}</cmdline></os><features><acpi/></features>
<devices><serial type='pty'/><memballoon model='none'/>
<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
</devices></domain>`,
  });
  await up(lab, plan);
  hosts = openHosts(plan);
  sw1 = hosts.at(guest);
});
afterAll(async () => {
  await hosts.close();
  await down(name);
  if (stateBefore === undefined) delete process.env.PATCHLAB_STATE;
  else process.env.PATCHLAB_STATE = stateBefore;
  await rm(scratch, { recursive: true });
});

describe('a guest as a host', () => {
  it('runs programs, with their exit code and what they say', async () => {
    const result = await sw1.run({ argv: ['sh', '-c', 'echo out; echo err >&2; exit 3'] });
    expect(result).toMatchObject({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  it('hands on arguments and standard input as they are', async () => {
    const odd = `it's "odd" \\ $HOME #1 ä\n`;
    expect((await sw1.run({ argv: ['printf', '%s', odd] })).stdout).toBe(odd);
    expect((await sw1.run({ argv: ['cat'], input: odd })).stdout).toBe(odd);
    const large = `${'0123456789'.repeat(8)}\n`.repeat(1000);
    expect((await sw1.run({ argv: ['cat'], input: large })).stdout).toBe(large);
  });

  it('enters namespaces', async () => {
    const links = async (netns?: string) =>
      (await sw1.run({ argv: ['ip', '-o', 'link'], netns })).stdout;
    expect(await links()).toContain('d0');
    expect(await links('c1')).not.toContain('d0');
    const forward = { argv: ['cat', '/proc/sys/net/ipv4/ip_forward'] };
    expect((await sw1.run({ ...forward, netns: 'c1' })).stdout).toBe('1\n');
    expect((await sw1.run(forward)).stdout).toBe('0\n');
  });

  it('runs several programs at the same time', async () => {
    const slow = sw1.run({
      argv: ['sh', '-c', 'until [ -e /tmp/go ]; do sleep 0.1; done; echo went'],
    });
    expect((await sw1.run({ argv: ['touch', '/tmp/go'] })).exitCode).toBe(0);
    expect((await slow).stdout).toBe('went\n');
  });

  it('ends a program at its time limit, and when it is told to', async () => {
    const argv = ['sleep', '4711'];
    await expect(sw1.run({ argv, timeout: 300 })).rejects.toMatchObject({
      code: 'command/timeout',
    });
    const abort = new AbortController();
    const run = sw1.run({ argv, signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(run).rejects.toThrow('enough');
    const gone = async () => (await sw1.run({ argv: ['ps'] })).stdout;
    await expect.poll(gone, { timeout: 60_000 }).not.toContain('4711');
  });

  it('tells that a program is missing', async () => {
    await expect(sw1.run({ argv: ['no-such-program'] })).rejects.toMatchObject({
      code: 'command/missing',
      what: 'The program `no-such-program` is not installed in guest `sw1`.',
    });
  });

  it('is seen by status, and an up of the same plan changes nothing', async () => {
    expect(await status(name)).toMatchObject({
      state: 'up',
      nodes: [{ name: 'sw1', domain: domainName, state: 'running' }],
    });
    expect(await up(lab, plan)).toEqual({ changed: false });
  });
});

describe('a guest that stops', () => {
  it('is told at once, and its lab is partial, then gone', async () => {
    const agent = hosts.agent(domainName);
    const stop = { path: 'sh', arg: ['-c', 'kill -STOP $(pidof qemu-ga)'] };
    await agent
      .command('guest-exec', z.unknown(), { args: stop, seconds: 2 })
      .catch(() => undefined);
    const ping = () =>
      agent.command('guest-ping', z.unknown(), { seconds: 1 }).catch(() => 'silent');
    await expect.poll(ping, { timeout: 60_000 }).toBe('silent');
    const waiting = awaitAgent(hosts, domainName, new AbortController().signal, 180_000);
    const [end] = await Promise.allSettled([
      waiting,
      hosts.libvirt.destroy(plan.domains[0]?.uuid ?? ''),
    ]);
    expect(end).toMatchObject({
      status: 'rejected',
      reason: { code: 'guest/died', why: expect.stringContaining(`${domainName}.log`) as string },
    });
    expect((await status(name)).state).toBe('partial');
    expect(await listLabs()).toMatchObject([{ name, state: 'partial' }]);
    expect(await down(name)).toEqual({ changed: true });
    expect(existsSync(process.env.PATCHLAB_STATE ?? '')).toBe(false);
  });
});
