import { z } from 'zod';
import {
  containerKey,
  containerLog,
  execInContainer,
  type ContainerName,
} from '../../containers/commands.js';
import { containerEngines } from '../../containers/index.js';
import { onHost } from '../../plan/resources/define.js';
import { container as made } from '../../plan/resources/kinds/container.js';
import { containerStack } from '../../plan/resources/kinds/container-stack.js';
import { LOCAL } from '../../where.js';
import { defineNode, type NodeInside } from '../define.js';
import { inOwnNamespace, markStack, namespaceOf } from '../namespaces.js';

const form = (regex: RegExp, error: string) => z.string({ error }).regex(regex, { error });

/** What the engines' own form of a mount can hold: docker-run(1) `--mount`. */
const path = (what: string) =>
  form(/^\/[^,"\n\r\0]*$/, 'write an absolute path without commas and quotes').describe(what);

const imageField = form(
  /^[A-Za-z0-9][\w.:/@-]*$/,
  'write the name of an image, such as `debian:12` or `registry.example.org/frr:9`',
);

const wordsField = z
  .array(z.string({ error: 'write a list of words' }).regex(/^[^\0]*$/), {
    error: 'write the program and its arguments as a list of words, such as `[sleep, "1000"]`',
  })
  .default([]);

const envField = z
  .record(
    form(/^[A-Za-z_]\w*$/, 'write the name of a variable: letters, digits and `_`'),
    z.union([z.string().regex(/^[^\0]*$/), z.number(), z.boolean()]).transform(String),
    { error: 'write values by name, such as `MODE: test`' },
  )
  .default({});

/** A container of this machine: docker(1), podman(1). */
export const container = defineNode({
  kind: 'container',
  title: 'container',
  doc: `A container of Docker or Podman, run by the engine's own command line, with no network of the engine's: its ports are ends
of links as those of a namespace are, with fixed addresses and routes of the file. Pings, captures and other probes run from this machine
in its network namespace, so its image needs no tool for them; \`exec\`, \`console\` and \`logs\` go to the container itself.
Programs of \`run:\` and inner namespaces are those of this machine, beside it. A container that was stopped, or started again by hand or with its
engine, has lost its links: \`status\` says so, and \`up\` gives them back. Images are not fetched unless \`pull: missing\` says so.`,
  example: `name: container-and-namespace
nodes:
  web:
    kind: container
    image: busybox
    command: [httpd, -f, -h, /srv]
    mounts:
      - { from: /srv, to: /srv, readonly: true }
    addresses: { eth1: 10.0.0.1/24 }
  client: { kind: netns, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: veth, ends: [web:eth1, client:eth1] }
`,
  schema: z.strictObject({
    kind: z.literal('container'),
    engine: z
      .enum(containerEngines.map(({ name }) => name))
      .default('docker')
      .describe('What runs it'),
    image: imageField.describe('Image that it is made of, as its engine names it'),
    pull: z
      .enum(['never', 'missing'])
      .default('never')
      .describe('Is an image fetched that this machine does not have? That takes its time'),
    command: wordsField.describe(
      'What runs in it, as a list of words without a shell; what the image says when left out',
    ),
    env: envField.describe('Environment variables by name'),
    mounts: z
      .array(
        z.strictObject({
          from: path('File or folder of this machine'),
          to: path('Where it is seen in the container'),
          readonly: z.boolean().default(false).describe('May it only be read?'),
        }),
      )
      .default([])
      .describe('Files and folders of this machine that it sees'),
    capabilities: z
      .array(form(/^[A-Z][A-Z_]*$/, 'write a capability without `CAP_`, such as `NET_ADMIN`'))
      .default([])
      .describe('What it may do beyond what its engine allows by itself: capabilities(7)'),
  }),
  accepts: ['netdev'],
  notInGuest: 'its engine runs on this machine',
  notRootless: "containers are run by the machine's engine, outside of a user's own namespaces",
  portHop: 'veth',
  where: inOwnNamespace,
  requirements: ({ spec: { engine, image, pull, mounts } }) => [
    { check: 'netns' },
    { check: 'command', arg: 'nsenter' },
    { check: 'container-engine', arg: engine },
    ...(pull === 'never' ? [{ check: 'container-image', arg: `${engine} ${image}` }] : []),
    ...mounts.map(({ from }) => ({ check: 'path', arg: from })),
  ],
  plan(node, _attachmentAt, lab) {
    const { name, spec, stacks } = node;
    const { engine, image, pull, command, env, mounts, capabilities } = spec;
    const place = nameOf(lab.name, node);
    const [own, ...inner] = stacks;
    if (!own) return { resources: [] };
    return {
      resources: [
        made.of({
          ...{ ...onHost(lab), lane: name },
          id: `container ${name}`,
          wanted: {
            ...{ ...place, lab: lab.name, node: name, image, pull, command, env, mounts },
            ...{ capabilities, runs: true },
          },
          makes: [containerId(name)],
          why: `run container ${name} (${image}) by ${engine}`,
        }),
        containerStack.of({
          ...{ ...onHost(lab), lane: name },
          id: `netns ${name}`,
          wanted: { ...place, of: 'its container' },
          makes: [own.id],
          needs: [containerId(name)],
          why: `network namespace of container ${name}`,
        }),
        markStack(lab, name, own),
        ...inner.flatMap((stack) => namespaceOf(lab, name, stack)),
      ],
    };
  },
  inside(lab, node): NodeInside {
    const place = nameOf(lab, node);
    return {
      exec: (argv, tty) => execInContainer(place, argv, tty),
      shell: (prompt) => execInContainer(place, ['env', `PS1=${prompt}`, 'sh', '-c', SHELL], true),
      log: {
        program: 'container',
        path: containerKey(place),
        show: (lines, follow) => containerLog(place, lines, follow),
      },
      state(look) {
        const all = look(LOCAL, 'containers');
        if (typeof all === 'string' || 'why' in all) return 'unknown';
        const row = all[containerKey(place)];
        if (!row) return 'absent';
        return row.runs ? (row.isAttached ? 'running' : 'restarted') : 'exited';
      },
    };
  },
});

/** A shell that is there: of two the one that people like better. */
const SHELL = 'command -v bash >/dev/null && exec bash --norc --noprofile -i || exec sh -i';

/** Name of a container among what a lab makes. */
const containerId = (node: string): string => `container ${node}`;

const nameOf = (
  lab: string,
  { name, spec }: { readonly name: string; readonly spec: Pick<ContainerName, 'engine'> },
): ContainerName => ({ engine: spec.engine, name: `${lab}.${name}` });
