import { z } from 'zod';
import { predictDiscovery } from '../../controllers/discovery.js';
import { controllerKind } from '../../controllers/index.js';
import { differenceOf, readReport, wantedOf } from '../../controllers/report.js';
import { switchesIn, switchesOf } from '../../controllers/switches.js';
import { processFiles } from '../../plan/process-scripts.js';
import { endpointRef } from '../../topology/fields.js';
import { defineProbe } from '../define.js';

/** Milliseconds: what must not be seen would be by then, several times. */
const STEADY = 4_000;
/** Milliseconds: a switch asks for its controller every eight seconds at last; then frames go out each second. */
const PATIENCE = { early: 30_000, then: 8_000 };

/** Does a controller see the links of the topology, and no others? */
export const discovery = defineProbe({
  kind: 'discovery',
  title: 'links that a controller discovers',
  doc: `Asks the controller that runs in the node \`at\` which links it has discovered between its switches, and holds them against the links of the
topology between ports of these, each direction by itself: one that is missing, or seen in one direction alone, one that is not in the file, one
that leads to another port (a cable that is plugged wrong). What the model says of a discovery frame on its way, from the switch that sends it out by a port to the switch where it
comes in, says why a link is missing. Links that must not be seen are named by \`missing\`. In results \`from\` and \`to\` are both the node.`,
  schema: z.strictObject({
    probe: z.literal('discovery'),
    at: endpointRef.describe('The node that runs the controller'),
    missing: z
      .array(
        z.string().regex(/^\S+( > \S+)?$/, {
          error: 'write `LINK`, or `sw1:eth1 > sw2:eth1` for one direction',
        }),
      )
      .default([])
      .describe(
        'Links that it must not see: by name or by one end for both directions, or one direction as `sw1:eth1 > sw2:eth1`',
      ),
  }),
  asks: true,
  looks: { pass: 'complete', blocked: 'incomplete' },
  programs: [],
  prepare(check, ends, { lab, model }) {
    const [end] = ends.to;
    const node = lab.nodes.find(({ stacks }) => stacks.some(({ id }) => id === end?.stack.id));
    const program = node?.programs.find(({ does }) => 'controller' in does);
    if (!end || !node || !program || !('controller' in program.does))
      return [
        {
          ...{ code: 'topology/wrong-value', path: ['at'] },
          what: `${check.to} runs no controller that could be asked.`,
          fix: 'write `controller: os-ken` at that node, or name the node that runs one',
        },
      ];
    const kind = controllerKind(program.does.controller.kind);
    const switches = switchesOf(
      switchesIn(model.graph),
      node.addresses.map(({ ip }) => ip),
    );
    if (switches.length === 0)
      return [
        {
          ...{ code: 'topology/wrong-value', path: ['at'] },
          what: `No bridge has an address of ${node.name} among its controllers.`,
          fix: `write \`controllers: ['tcp:${node.addresses[0]?.ip ?? 'ADDRESS'}:6653']\` at the bridges`,
        },
      ];
    const links = predictDiscovery(lab, model, kind, switches);
    const wanted = wantedOf(links, check.missing, lab);
    if ('unknown' in wanted)
      return [
        {
          ...{ code: 'topology/wrong-value', path: ['missing', wanted.unknown] },
          what: `\`${check.missing[wanted.unknown] ?? ''}\` is no link between switches of ${node.name}.`,
          fix: `write one of ${links.map(({ from, to }) => `\`${from.label} > ${to.label}\``).join(', ') || 'none: there are no such links'}`,
        },
      ];
    const all = { node: node.name, kind, switches, ...wanted };
    return {
      kind: 'discovery',
      variant: kind.kind,
      check,
      from: end,
      to: end,
      courses: [],
      question: {
        stack: end.stack,
        argv: ['cat', processFiles(program.name).report],
        ways: wanted.links.map(({ way }) => way),
        predicted: wanted.predicted,
        steady: check.missing.length > 0 ? STEADY : 0,
        patience: PATIENCE,
        judge: (answer, ms) => differenceOf(all, readReport(answer, ms)),
      },
      uses: [],
    };
  },
});
