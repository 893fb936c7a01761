import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { PlanFacts } from '../../../src/links/define.js';
import { commandOf } from '../../../src/plan/resources/kinds/command.js';
import { stepsOf } from '../../../src/plan/resources/steps.js';
import { planLab } from '../../../src/plan/plan.js';
import { renderScripts } from '../../../src/plan/render-sh.js';
import type { Plan, Step } from '../../../src/plan/step.js';
import { batchesOf, undoSteps, type Batch } from '../../../src/plan/tools/batches.js';
import { commandLine, inNamespace } from '../../../src/plan/tools/index.js';
import type { Lab } from '../../../src/topology/lab.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { moduleSource } from '../../../src/topology/source.js';
import { TopologyError } from '../../../src/topology/topology-error.js';
import { recordingShell, type Call } from '../../support/recording-shell.js';
import { hostNameOf } from '../../../src/where.js';

/** Whatever the texts of a file are: a script runs the commands of the plan, and nothing else. */

const FACTS: PlanFacts = {
  accelerator: 'tcg',
  ovsDatapath: 'netdev',
  guests: { mini: { kernel: '/k', initrd: '/i', kernelArgs: ['console=ttyS0'] } },
};

/** A topology with something in every kind of field. */
const TOPOLOGY = {
  name: 'hostile',
  title: 'what a stranger wrote',
  nodes: {
    a: {
      kind: 'netns',
      namespaces: ['c1'],
      ports: { eth1: { mac: '02:00:00:00:00:01', mtu: 1400 } },
      devices: [
        { kind: 'veth', name: 'up1', peer: 'c1:eth0', mac: '02:00:00:00:00:02' },
        { kind: 'bridge', name: 'br0', members: ['up1'] },
      ],
      addresses: { eth1: ['10.0.0.1/24', 'fd00::1/64'], 'c1:eth0': '10.1.0.1/24' },
      routes: [{ to: '10.9.0.0/16', via: '10.0.0.2', dev: 'eth1' }],
      sysctls: { 'net.ipv4.ip_forward': '1', 'c1:net.ipv4.tcp_rmem': '4096 8192 16384' },
    },
    b: {
      kind: 'vm',
      memory: '256MiB',
      cmdline: 'quiet',
      machine: 'pc',
      cpu: 'qemu64',
      disk: '/images/b.qcow2',
      addresses: { eth1: '10.0.0.2/24' },
      sysctls: { 'kernel.domainname': 'example' },
    },
    c: {
      kind: 'vm',
      kernel: '/boot/k',
      initrd: '/boot/i',
      cmdline: 'x=y',
      run: { server: ['sh', '-c', 'echo a\n\techo "b"\n'] },
    },
  },
  links: [
    { name: 'one', kind: 'bridge', ends: ['a:eth1', 'b:eth1'] },
    { kind: 'ovs-panel', patches: [['b:eth2', 'c:eth2']] },
  ],
  verify: [{ probe: 'icmp', from: 'a:eth1', to: 'b:eth1', expect: 'blocked', at: 'one bridge' }],
};

/** What has been tried on other programs. `touch` leaves a file behind, by whatever name it is found. */
const HOSTILE = [
  '\n/bin/touch PWNED\n#',
  '\r\n/bin/touch PWNED\r\n',
  'EOF',
  'x\nEOF\n/bin/touch PWNED\ncat <<EOF',
  '$(/bin/touch PWNED)',
  '`/bin/touch PWNED`',
  "'; /bin/touch PWNED; '",
  '"; /bin/touch PWNED; "',
  ' || /bin/touch PWNED',
  '\\',
  "\\'",
  '# x',
  '>PWNED',
  '-p',
  '--help',
  '*',
  '${IFS}',
  '%s%n',
  '\u001b[31m',
  '\u0085/bin/touch PWNED',
  '\u2028/bin/touch PWNED',
  ']]><x/>',
  '&x;<!--',
  ' ',
  '',
] as const;

const hostileText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll('\0', '')),
);

/** How a text gets hold of another. */
const twist = fc.record({
  text: hostileText,
  how: fc.constantFrom('instead', 'behind', 'before'),
});
type Twist = typeof twist extends fc.Arbitrary<infer T> ? T : never;

const apply = (to: string, { text, how }: Twist): string =>
  ({ instead: text, behind: to + text, before: text + to })[how as 'instead'];

/** The value with its n-th text changed, keys included. */
function change(value: unknown, index: number, by: Twist): unknown {
  let left = index;
  const one = (text: string): string => (left-- === 0 ? apply(text, by) : text);
  const walk = (at: unknown): unknown => {
    if (typeof at === 'string') return one(at);
    if (Array.isArray(at)) return at.map(walk);
    if (typeof at !== 'object' || at === null) return at;
    return Object.fromEntries(Object.entries(at).map(([key, inner]) => [one(key), walk(inner)]));
  };
  return walk(value);
}

const countTexts = (value: unknown): number => {
  if (typeof value === 'string') return 1;
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, inner) => sum + countTexts(inner), own);
};

const PROGRAMS = [
  'ip',
  'sysctl',
  'ovs-vsctl',
  'ovs-ofctl',
  'ethtool',
  'bridge',
  'tc',
  'nft',
  'rm',
  'sh',
  'virsh',
];
const shell = recordingShell(PROGRAMS);
afterAll(() => shell.remove());

/** What a batch comes to: a program, or a program inside a guest. */
function expected({ tool, where, steps }: Batch, keepGoing: boolean): Call & { guest?: string } {
  const { argv, input = '' } = commandLine(
    tool,
    steps.map((step) => step.do),
    keepGoing,
  );
  const words = inNamespace(argv, where.netns, 'ip');
  const text = input === '' || input.endsWith('\n') ? input : `${input}\n`;
  return {
    argv: words,
    input: text,
    ...(hostNameOf(where) !== 'local' && { guest: hostNameOf(where).replace('guest:', '') }),
  };
}

/** What a call was: a program, or a program that a guest was told to run; nothing for a question about one that runs. */
function understood({ argv, input }: Call): (Call & { guest?: string }) | undefined {
  const [program, ...args] = argv;
  const message = args.at(-1) ?? '';
  if (program !== 'virsh' || !args.includes('qemu-agent-command') || message.includes('guest-ping'))
    return { argv, input };
  const { execute, arguments: given } = JSON.parse(message) as {
    execute: string;
    arguments: { path: string; arg: string[]; 'input-data': string };
  };
  if (execute === 'guest-exec-status') return undefined;
  return {
    argv: [given.path, ...given.arg],
    input: Buffer.from(given['input-data'], 'base64').toString(),
    guest: (args.at(-2) ?? '').split('.').at(-1) ?? '',
  };
}

function expectHarmless(lab: Lab, plan: Plan): void {
  const scripts = renderScripts(lab, plan);
  const parts = [
    ['plan.sh', batchesOf(stepsOf(plan.resources)), false],
    ['teardown.sh', batchesOf(undoSteps(stepsOf(plan.resources)), 'undo'), true],
  ] as const;
  for (const [name, batches, keepGoing] of parts) {
    const { calls, files, stderr, exitCode } = shell.run(scripts[name] ?? '');
    expect(files).toEqual([]);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(calls.flatMap((call) => understood(call) ?? [])).toEqual(
      // The question to an agent is put in a script's own way.
      batches.map((batch) => {
        const call = expected(batch, keepGoing);
        return batch.tool === 'await-agent'
          ? { ...call, argv: ['virsh', '-q', ...call.argv.slice(1)] }
          : call;
      }),
    );
  }
}

/** The topology with a text in each field that takes any. */
const withTexts = (text: string): object => ({
  ...TOPOLOGY,
  title: text,
  nodes: {
    ...TOPOLOGY.nodes,
    a: { ...TOPOLOGY.nodes.a, sysctls: { 'net.ipv4.tcp_rmem': text } },
    b: { ...TOPOLOGY.nodes.b, cmdline: text, disk: `/d${text}d` },
    c: { ...TOPOLOGY.nodes.c, cmdline: text, kernel: `/k${text}k`, initrd: `/i${text}i` },
  },
});

/** The domain is well-formed, and the kernel's command line is what the file says, and no more. */
function expectTextsOf(lab: Lab, xml: string): void {
  const domain = new DOMParser({ onError: onErrorStopParsing }).parseFromString(xml, 'text/xml');
  expect(domain.documentElement?.tagName).toBe('domain');
  const name = domain.getElementsByTagName('name')[0]?.textContent?.split('.').at(-1);
  const spec = lab.nodes.find((node) => node.name === name)?.spec as { cmdline?: string };
  const written = domain.getElementsByTagName('cmdline')[0]?.textContent;
  if (written !== undefined) expect(written).toContain(spec.cmdline ?? '');
}

describe('the scripts of a plan', () => {
  it('run the commands of the plan', () => {
    const { lab } = parseTopology({ source: moduleSource('x'), value: TOPOLOGY, problems: [] });
    expectHarmless(lab, planLab(lab, FACTS));
  });

  it.each(HOSTILE)('run nothing else where all free texts of the file hold %j', (text) => {
    const value = withTexts(text);
    let lab: Lab;
    try {
      ({ lab } = parseTopology({ source: moduleSource('x'), value, problems: [] }));
    } catch (error) {
      expect(error).toBeInstanceOf(TopologyError);

      expect(text).toMatch(/[\u0000-\u001f\u0085\u2028]/);
      return;
    }
    const plan = planLab(lab, FACTS);
    plan.domains.forEach(({ xml }) => expectTextsOf(lab, xml));
    expectHarmless(lab, plan);
  });

  it('run nothing else, whatever any one text of the file is', { timeout: 120_000 }, () => {
    let accepted = 0;
    let refused = 0;
    const index = fc.integer({ min: 0, max: countTexts(TOPOLOGY) - 1 });
    fc.assert(
      fc.property(index, twist, (at, by) => {
        const value = change(TOPOLOGY, at, by);
        let lab: Lab;
        try {
          ({ lab } = parseTopology({ source: moduleSource('x'), value, problems: [] }));
        } catch (error) {
          expect(error).toBeInstanceOf(TopologyError);
          refused += 1;
          return;
        }
        accepted += 1;
        const plan = planLab(lab, FACTS);
        plan.domains.forEach(({ xml }) => expectTextsOf(lab, xml));
        expectHarmless(lab, plan);
      }),
      { numRuns: 300 },
    );
    expect(accepted).toBeGreaterThan(5);
    expect(refused).toBeGreaterThan(100);
  });

  it('hand over texts that hold the word which would end them', () => {
    const { lab } = parseTopology({ source: moduleSource('x'), value: TOPOLOGY, problems: [] });
    const plan = planLab(lab, FACTS);
    const steps = stepsOf(plan.resources).flatMap((step): Step[] =>
      step.do.tool === 'create-domain'
        ? [{ ...step, do: { ...step.do, xml: 'a\nEOF\n/bin/touch PWNED\nEOF2\nEOF3 \n\n' } }]
        : [],
    );
    expectHarmless(lab, { ...plan, resources: steps.map(commandOf) });
  });

  it('run nothing else, whatever a text of the plan itself is', { timeout: 120_000 }, () => {
    const { lab } = parseTopology({ source: moduleSource('x'), value: TOPOLOGY, problems: [] });
    const plan = planLab(lab, FACTS);
    const onHost = stepsOf(plan.resources).filter(({ where }) => hostNameOf(where) === 'local');
    const step = fc.constantFrom(...onHost);
    fc.assert(
      fc.property(step, fc.nat(), twist, twist, twist, (chosen, at, word, why, title) => {
        const changed: Step = {
          ...chosen,
          why: apply(chosen.why, why),
          do: spoil(chosen, at, word),
        };
        const steps = onHost.map((one) => (one === chosen ? changed : one));
        expectHarmless(
          { ...lab, title: apply('title', title) },
          { ...plan, resources: steps.map(commandOf) },
        );
      }),
      { numRuns: 40 },
    );
  });
});

/** The step's command with a text of its own changed that is neither its tool nor its program. */
function spoil({ do: command }: Step, at: number, by: Twist): Step['do'] {
  const { tool, ...rest } = command;
  const [program, ...words] = 'argv' in rest ? rest.argv : [];
  const free = 'argv' in rest ? words : rest;
  const changed = change(free, at % Math.max(1, countTexts(free)), by);
  if ('argv' in rest) return { tool, argv: [program, ...(changed as string[])] } as Step['do'];
  const keys = Object.keys(rest);
  const values = Object.values(changed as object);
  return { tool, ...Object.fromEntries(keys.map((key, i) => [key, values[i]])) } as Step['do'];
}
