import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand, tryCommand } from '../../src/apply/command.js';
import { down } from '../../src/apply/down.js';
import type { ApplyEvent } from '../../src/apply/events.js';
import { listLabs, readLab, status } from '../../src/apply/status.js';
import { up } from '../../src/apply/up.js';
import { messageOf, PatchlabError } from '../../src/errors.js';
import { commandOf } from '../../src/plan/resources/kinds/command.js';
import { LOCAL, type Plan, type Step } from '../../src/plan/step.js';
import { pings, smallLab, traces, type SmallLab } from '../support/small-lab.js';

let serial = 0;
let scratch: string;
let small: SmallLab;
const stateBefore = process.env.PATCHLAB_STATE;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'patchlab-apply-'));
  process.env.PATCHLAB_STATE = join(scratch, 'state');
  small = smallLab(`t${process.pid.toString(36)}-${serial++}`);
});
afterEach(async () => {
  await down(small.lab.name);
  if (stateBefore === undefined) delete process.env.PATCHLAB_STATE;
  else process.env.PATCHLAB_STATE = stateBefore;
  await rm(scratch, { recursive: true });
});

const state = (): string => process.env.PATCHLAB_STATE ?? '';

const failing = (argv: readonly string[]): Step => ({
  id: 'doomed',
  stage: 'flows',
  lane: 'host',
  where: LOCAL,
  do: { tool: 'exec', argv },
  why: 'fail on purpose',
});
const withStep = (plan: Plan, step: Step): Plan => ({
  ...plan,
  resources: [...plan.resources, commandOf(step)],
});

const errorOf = async (promise: Promise<unknown>): Promise<PatchlabError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PatchlabError) return error;
  throw new Error(`no PatchlabError but: ${messageOf(error)}`);
};

describe('up and down', () => {
  it('builds a lab that works, and leaves the host as it was', async () => {
    expect(await up(small.lab, small.plan)).toEqual({ changed: true });
    expect(await pings(small)).toBe(true);
    expect((await traces(small)).length).toBeGreaterThan(5);
    expect(await down(small.lab.name)).toEqual({ changed: true });
    expect(await traces(small)).toEqual([]);
    expect(existsSync(state())).toBe(false);
  });

  it('does nothing the second time', async () => {
    await up(small.lab, small.plan);
    const events: ApplyEvent[] = [];
    const again = await up(small.lab, small.plan, { onEvent: (event) => events.push(event) });
    expect(again).toEqual({ changed: false });
    expect(events).toEqual([]);
    await down(small.lab.name);
    expect(await down(small.lab.name)).toEqual({ changed: false });
    expect((await errorOf(down(small.lab.name, { mustExist: true }))).code).toBe('lab/unknown');
  });

  it('checks the host only where it has something to build', async () => {
    const refuse = () => Promise.reject(new PatchlabError('host/lacks', { what: 'no' }));
    const refused = await errorOf(up(small.lab, small.plan, { beforeBuild: refuse }));
    expect(refused.code).toBe('host/lacks');
    expect(existsSync(state())).toBe(false);
    await up(small.lab, small.plan);
    expect(await up(small.lab, small.plan, { beforeBuild: refuse })).toEqual({ changed: false });
  });

  it('does not mix two versions of a lab', async () => {
    await up(small.lab, small.plan);
    const other = withStep(small.plan, failing(['true']));
    expect((await errorOf(up(small.lab, other))).code).toBe('lab/differs');
    expect(await pings(small)).toBe(true);
  });

  it('builds anew what is partly gone', async () => {
    await up(small.lab, small.plan);
    await runCommand(['ip', 'netns', 'del', small.namespaces[1]]);
    expect((await status(small.lab.name)).state).toBe('partial');
    const notes: string[] = [];
    const onEvent = (event: ApplyEvent): void => {
      if (event.type === 'note') notes.push(event.text);
    };
    expect(await up(small.lab, small.plan, { onEvent })).toEqual({ changed: true });
    expect(notes.join()).toContain('partly gone');
    expect(await pings(small)).toBe(true);
  });

  it('is locked while it works', async () => {
    // It works until the others have been answered.
    const go = join(scratch, 'go');
    const plan = withStep(small.plan, {
      ...failing(['sh', '-c', 'until [ -e "$0" ]; do :; done', go]),
      id: 'patient',
      why: 'wait for the others',
    });
    const others: Promise<PatchlabError>[] = [];
    const states: Promise<readonly { readonly state: string }[]>[] = [];
    const onEvent = (event: ApplyEvent): void => {
      if (event.type !== 'stage' || event.stage !== 'devices') return;
      others.push(errorOf(up(small.lab, plan)), errorOf(down(small.lab.name)));
      states.push(listLabs());
      void Promise.allSettled([...others, ...states]).then(() => writeFile(go, ''));
    };
    await up(small.lab, plan, { onEvent });
    const codes = (await Promise.all(others)).map(({ code }) => code);
    expect(codes).toEqual(['lab/busy', 'lab/busy']);
    expect((await Promise.all(states))[0]?.[0]?.state).toBe('building');
  });
});

describe('failures', () => {
  it('takes everything back and names the step', async () => {
    const plan = withStep(small.plan, failing(['ls', '/no such folder']));
    const error = await errorOf(up(small.lab, plan));
    expect(error.code).toBe('apply/step');
    expect(error.what).toBe('Step `doomed` failed: fail on purpose.');
    expect(error.why).toContain("`ls '/no such folder'` failed (exit code 2).");
    expect(error.why).toContain('No such file or directory');
    expect(error.others).toEqual([]);
    expect(await traces(small)).toEqual([]);
    expect(existsSync(state())).toBe(false);
  });

  it('names the command of a batch that failed, by its line', async () => {
    const step: Step = {
      ...failing([]),
      stage: 'devices',
      do: { tool: 'ip', args: ['link', 'set', 'dev', 'no-such-dev', 'up'] },
    };
    const error = await errorOf(up(small.lab, withStep(small.plan, step)));
    expect(error.what).toContain('`doomed`');
    expect(error.why).toContain('`ip link set dev no-such-dev up` failed');
    expect(error.why).toContain('Cannot find device');
    expect(await traces(small)).toEqual([]);
  });

  it('sees an Open vSwitch port that could not be opened', async () => {
    const step: Step = {
      ...failing([]),
      stage: 'switches',
      do: { tool: 'ovs-vsctl', args: ['add-port', small.bridge, 'no-such-dev'] },
    };
    const error = await errorOf(up(small.lab, withStep(small.plan, step)));
    expect(error.what).toContain('`doomed`');
    expect(error.why).toContain('could not open network device no-such-dev');
    expect(await traces(small)).toEqual([]);
  });

  it('stops when it is told to, and takes everything back', async () => {
    const abort = new AbortController();
    const onEvent = (event: ApplyEvent): void => {
      if (event.type === 'stage-done' && event.stage === 'devices') abort.abort();
    };
    const error = await errorOf(up(small.lab, small.plan, { signal: abort.signal, onEvent }));
    expect(error.code).toBe('apply/aborted');
    expect(await traces(small)).toEqual([]);
    expect(existsSync(state())).toBe(false);
  });
});

describe('what is not the lab’s', () => {
  const mac = '02:11:22:33:44:55';
  const address = async (device: string): Promise<string> =>
    (await runCommand(['ip', '-o', 'link', 'show', 'dev', device])).stdout;

  it('is not touched when it has a name that the lab needs', async () => {
    const [device] = small.devices;
    const argv = ['link', 'add', device, 'address', mac, 'type', 'veth', 'peer', 'name'];
    await runCommand(['ip', ...argv, `${device}x`]);
    try {
      const error = await errorOf(up(small.lab, small.plan));
      expect(error.code).toBe('apply/taken');
      expect(error.exitCode).toBe(4);
      expect(error.what).toContain(device);
      expect(error.fix).toContain(`ip link del dev ${device}`);
      expect(await address(device)).toContain(mac);
      expect(existsSync(state())).toBe(false);
    } finally {
      await runCommand(['ip', 'link', 'del', 'dev', device]);
    }
    expect(await traces(small)).toEqual([]);
  });

  it('is not removed with the lab, even where it took the name of a thing of the lab', async () => {
    await up(small.lab, small.plan);
    const [device] = small.devices;
    await runCommand(['ip', 'link', 'del', 'dev', device]);
    const argv = ['link', 'add', device, 'address', mac, 'type', 'veth', 'peer', 'name'];
    await runCommand(['ip', ...argv, `${device}x`]);
    await runCommand(['ip', 'netns', 'del', small.namespaces[0]]);
    await runCommand(['ip', 'netns', 'add', small.namespaces[0]]);
    try {
      const error = await errorOf(down(small.lab.name));
      expect(error.code).toBe('apply/foreign');
      expect([error.what, ...error.others.map(messageOf)].join()).toContain(device);
      expect([error.what, ...error.others.map(messageOf)].join()).toContain(small.namespaces[0]);
      expect(await address(device)).toContain(mac);
      expect((await tryCommand(['ip', '-n', small.namespaces[0], 'link'])).exitCode).toBe(0);
    } finally {
      await runCommand(['ip', 'link', 'del', 'dev', device]);
      await runCommand(['ip', 'netns', 'del', small.namespaces[0]]);
    }
    expect(await traces(small)).toEqual([]);
    expect(await down(small.lab.name)).toEqual({ changed: false });
  });
});

describe('status', () => {
  it('tells what is there', async () => {
    const [device] = small.devices;
    const extra = { hops: { cable: [{ host: 'local', device, kind: 'veth' }] }, more: 1 };
    const links = [{ id: 'cable', kind: 'veth', spec: {}, ends: [], cables: [] }];
    await up({ ...small.lab, links }, small.plan, { extra });
    expect((await readLab(small.lab.name)).extra).toEqual(extra);
    const found = await status(small.lab.name);
    expect(found.state).toBe('up');
    expect(found.nodes[0]).toMatchObject({
      name: 'n1',
      netns: small.namespaces[0],
      state: 'present',
      ports: [{ name: 'eth1', addresses: ['10.99.0.1/24'] }],
    });
    expect(found.links).toEqual([
      {
        ...{ id: 'cable', kind: 'veth', state: 'up', impaired: [] },
        hops: extra.hops.cable.map((hop) => ({ ...hop, present: true })),
      },
    ]);
    expect(await listLabs()).toMatchObject([{ name: small.lab.name, state: 'up', nodes: 2 }]);
    await runCommand(['ip', 'link', 'del', 'dev', device]);
    const after = await status(small.lab.name);
    expect([after.state, after.links[0]?.state]).toEqual(['partial', 'partial']);
  });

  it('reads back what it shows, and `up` says what is not in the file', async () => {
    await up(small.lab, small.plan);
    const [n1] = small.namespaces;
    const inside = (...args: readonly string[]) => runCommand(['ip', '-n', n1, ...args]);
    expect(await up(small.lab, small.plan)).toEqual({ changed: false });
    await inside('link', 'set', 'eth1', 'mtu', '1400');
    await inside('addr', 'del', '10.99.0.1/24', 'dev', 'eth1');
    await inside('addr', 'add', '10.99.7.1/24', 'dev', 'eth1');
    await inside('link', 'add', 'odd', 'type', 'bridge');
    await inside('link', 'set', 'odd', 'up');
    const [node] = (await status(small.lab.name)).nodes;
    expect(node?.ports).toMatchObject([
      { name: 'eth1', state: 'up', kind: 'veth', mtu: 1400, addresses: ['10.99.7.1/24'] },
    ]);
    expect(node?.devices).toMatchObject([{ name: 'odd', differs: ['it is not in the file'] }]);
    expect((await up(small.lab, small.plan)).differs).toEqual([
      'n1:eth1: 10.99.7.1/24 is not in the file',
      'n1:odd: it is not in the file',
    ]);
    await inside('link', 'set', 'eth1', 'name', 'gone');
    const after = await status(small.lab.name);
    expect([after.state, after.nodes[0]?.ports[0]]).toMatchObject([
      'partial',
      { state: 'absent', mac: null, mtu: null, addresses: null },
    ]);
  });

  it('does not show as a fact what it could not read', async () => {
    await up(small.lab, small.plan);
    await runCommand(['ip', 'netns', 'del', small.namespaces[0]]);
    const [node] = (await status(small.lab.name)).nodes;
    expect(node).toMatchObject({
      state: 'absent',
      unread: 'n1: it is not there',
      ports: [{ name: 'eth1', state: 'unknown', mac: null, mtu: null, addresses: null }],
    });
    expect(await listLabs()).toMatchObject([{ name: small.lab.name, state: 'partial' }]);
  });
});
