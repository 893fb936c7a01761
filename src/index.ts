/**
 * patchlab as a library: labs that are up, and each step from text to lab, plan and verdicts.
 *
 * @example
 * await using net = await up('lab.yaml');
 * const { verdicts } = await net.verify();
 * const { stdout } = await net.node('sw1').exec(['ip', 'addr']);
 *
 * @example
 * const { lab } = await loadTopology('lab.yaml');
 * const plan = planLab(lab, facts);
 */
export { down, type DownOptions, type DownResult } from './apply/down.js';
export { checkRequirements, doctorAll, requireHost } from './apply/doctor/index.js';
export { readFacts } from './apply/facts.js';
export { withHosts } from './apply/session.js';
export { listLabs, readLab, status, type Status } from './apply/status.js';
export { up as buildLab, type UpOptions, type UpResult } from './apply/up.js';
export { errorTable, EXIT, PatchlabError } from './errors.js';
export { ensureGuest, locateGuest } from './guests/cache.js';
export { hearingOn, type Hearing } from './hops/hearing.js';
export { predict } from './hops/predict.js';
export { walk, type WalkNode } from './hops/walk.js';
export { labUp, up, type LabOptions, type UsedLab } from './library/up.js';
export type { CaptureOptions, HeardFrame, RunningCapture } from './library/running-capture.js';
export type { ExecOptions, RunningLab, RunningNode, TraceOptions } from './library/running-lab.js';
export type { PlanFacts } from './links/define.js';
export { linkHops } from './plan/link-hops.js';
export { pairsOf } from './plan/pairs.js';
export { planLab } from './plan/plan.js';
export { stepsOf } from './plan/resources/steps.js';
export { renderScripts } from './plan/render-sh.js';
export type { Plan, Step } from './plan/step.js';
export { wire } from './plan/wire.js';
export { prepareChecks } from './probes/prepare.js';
export { formatMatrix } from './report/terminal/prediction-matrix.js';
export { formatJunit } from './report/junit.js';
export { formatMarkdown } from './report/markdown.js';
export { reportOf, type Report, type VerifyResult } from './report/result.js';
export { formatTerminal } from './report/terminal/verify.js';
export { defineLab, type LabDefinition } from './topology/define-lab.js';
export type { Lab } from './topology/lab.js';
export { loadTopology } from './topology/load.js';
export { parseTopology } from './topology/parse.js';
export { parseYaml } from './topology/source.js';
export { TopologyError } from './topology/topology-error.js';
export { writeEvidence } from './verify/evidence/evidence.js';
export type { Verdict } from './verify/judge/verdict.js';
export { verifyLab } from './verify/verify.js';
