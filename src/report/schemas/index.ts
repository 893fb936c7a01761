import { z } from 'zod';
import { logsResult } from './logs.js';
import { matrixResult, testimony, traceFields, traceHopFields } from './matrix.js';
import { finding, neighbour } from './findings.js';
import { ofTheFile, predictedCheck, predictedDiscovery, predictedPair } from './prediction.js';
import { captureResult } from './capture.js';
import { firstSchemas } from './first.js';
import { flowsResult } from './flows.js';
import { guestSchemas, startedGuests } from './guests.js';
import { impairResult } from './impair.js';
import { patchResult } from './patch.js';
import { kindsResult } from './kinds.js';
import { listResult, statusResult } from './status.js';
import { changes, planFields } from './plan.js';
import { pruneResult } from './prune.js';
import { pluggingResult, stepResult } from './steps.js';
import { version } from './version.js';
import { predictedWalk } from './walks.js';
import { watchResult } from './watch.js';

/**
 * What each command prints with `--json`, version 1. Other tools attach through these shapes, so they name real
 * things of the host. docs/schema/results.json is made from them, and the tests hold real output against them.
 */

const ms = z.number().describe('Milliseconds');
const timings = z
  .array(z.strictObject({ what: z.string(), ms }))
  .describe(
    'Where the time went, in the order in which the parts ended; `start` is the loading of patchlab itself',
  );

const verdict = z.strictObject({
  probe: z.string(),
  variant: z.string().nullable().describe('Class, tag and payload of a generated frame'),
  from: z.string(),
  to: z.string(),
  expect: z.enum(['pass', 'blocked']),
  at: z.string().nullable().describe('Hop where the frame must be blocked'),
  outcome: z
    .enum(['pass', 'fail', 'error', 'skipped'])
    .describe('`fail`: the lab is not as intended; `error`: it could not be found out'),
  predicted: z.strictObject({
    outcome: z
      .enum(['pass', 'blocked', 'random'])
      .describe('`random`: the file alone does not decide it'),
    leg: z.string().nullable(),
    at: z.string().nullable(),
  }),
  leg: z.string().describe('The frame that decided: the lost one, or the last one'),
  hops: z
    .array(
      z.strictObject({
        host: z.string(),
        stack: z.string().describe('A node, NODE/NAMESPACE, or `@host`, this machine'),
        device: z.string(),
        kind: z.string(),
        label: z.string(),
        seen: z.boolean().nullable().describe('`null` where nobody could look'),
        altered: z
          .string()
          .nullable()
          .describe('With which tags the frame came, where it should have had others'),
      }),
    )
    .describe('The way of that frame, in its direction'),
  blame: z
    .strictObject({
      leg: z.string(),
      lastSeen: z.string().nullable(),
      firstMissed: z.string(),
      at: z.string(),
      reason: z.string().nullable(),
      remedy: z.string().nullable(),
      predicted: z.boolean(),
      source: z.string().nullable(),
      kernel: testimony.optional().describe('What the kernel itself says of the drop'),
    })
    .nullable()
    .describe('Where the frame died; `null` when it did not'),
  overheard: z
    .strictObject({
      predicted: z.array(z.string()).describe('As the model has it'),
      by: z.array(z.string()).describe('As it was'),
    })
    .nullable()
    .describe('Ends that hear it as well, where none may (`nowhere_else`)'),
  message: z.string(),
  surprise: z.string().nullable().describe('Where model and kernel differ'),
  ms,
});

/** Of `up`, and of what ends and starts nodes again. */
const upResult = z.strictObject({
  version,
  lab: z.string(),
  changed: z.boolean(),
  changes,
  differs: z
    .array(z.string())
    .describe('What is there of a lab that was up already and not in its file: it is left alone'),
  verdicts: z.array(verdict).describe('Of the checks that a change has touched'),
  findings: z.array(finding),
  guests: startedGuests,
  ms,
  timings,
});

/** The result of each command by its name; `error` is what every command prints instead when it raises one. */
export const resultSchemas = {
  up: upResult,
  restart: upResult,
  down: z.strictObject({
    version,
    labs: z.array(z.strictObject({ lab: z.string(), changed: z.boolean(), ms, timings })),
  }),
  cut: pluggingResult,
  plug: pluggingResult,
  patch: patchResult,
  impair: impairResult,
  prune: pruneResult,
  verify: z.strictObject({
    version,
    lab: z.string(),
    title: z.string().nullable().describe('As the topology has it'),
    patchlab: z.string().describe('Version of patchlab'),
    began: z.iso.datetime(),
    verdicts: z.array(verdict),
    steps: z.array(stepResult).describe('What the file has done between checks, in its order'),
    findings: z.array(finding).describe('What nobody asked about'),
    ms,
    timings,
    evidence: z
      .string()
      .nullable()
      .describe('The pcapng file with all captures, where one is kept'),
  }),
  trace: verdict
    .pick({ from: true, to: true, blame: true, predicted: true, surprise: true })
    .extend({
      ...traceFields,
      hops: z.array(verdict.shape.hops.element.extend(traceHopFields)),
    }),
  capture: captureResult,
  watch: watchResult,
  matrix: matrixResult,
  status: statusResult,
  list: listResult,
  exec: z.strictObject({
    version,
    node: z.string(),
    argv: z.array(z.string()),
    exitCode: z.int(),
    stdout: z.string(),
    stderr: z.string(),
  }),
  logs: logsResult,
  plan: z.strictObject({
    version,
    lab: z.string(),
    ...planFields,
    ...ofTheFile,
  }),
  graph: z.strictObject({
    version,
    lab: z.string(),
    format: z.enum(['svg', 'mermaid']),
    text: z.string().describe('The drawing itself'),
  }),
  flows: flowsResult,
  neighbors: z.strictObject({ version, lab: z.string(), neighbours: z.array(neighbour) }),
  predict: z.strictObject({
    version,
    lab: z.string(),
    pairs: z.array(predictedPair),
    walks: z
      .array(predictedWalk)
      .describe(
        'With `--from`: the frames in the order in which they are sent, up to the one that is lost',
      ),
    discovery: predictedDiscovery,
    checks: z.array(predictedCheck).describe('What becomes of each check of the file'),
    ...ofTheFile,
  }),
  doctor: z.strictObject({
    version,
    results: z.array(
      z.strictObject({
        check: z.string(),
        arg: z.string().optional(),
        ok: z.boolean(),
        severity: z.enum(['error', 'warning']),
        found: z.string(),
        remedy: z.string().optional(),
        ms,
      }),
    ),
  }),
  kinds: kindsResult,
  ...firstSchemas,
  ...guestSchemas,
  error: z.strictObject({
    error: z.looseObject({
      code: z.string().optional(),
      exit: z.int().describe('Exit code of the command'),
      what: z.string(),
    }),
  }),
} as const;
