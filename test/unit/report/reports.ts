import { readFileSync } from 'node:fs';
import { wire } from '../../../src/plan/wire.js';
import { prepareChecks } from '../../../src/probes/prepare.js';
import { reportOf, type Report, type VerifyResult } from '../../../src/report/result.js';
import { resultSchemas } from '../../../src/report/schemas/index.js';
import { shippedLab } from '../../../src/topology/load-labs.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';

/**
 * Reports of real runs. The files in results/ are what `patchlab verify LAB --json` printed on a real host with real
 * guests; `macvtap-arp-relay-fails` is that lab with its `expect: blocked` taken out of the file.
 */

const RESULTS = {
  'macvtap-arp-relay': 'macvtap-arp-relay',
  'macvtap-arp-relay-fails': 'macvtap-arp-relay',
  'bridge-eats-lldp': 'bridge-eats-lldp',
  'namespace-cable': 'namespace-cable',
  'reserved-groups': 'reserved-groups',
} as const;
export type ResultName = keyof typeof RESULTS;

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** What `verify` printed. */
export const realResult = (name: ResultName): VerifyResult =>
  resultSchemas.verify.parse(JSON.parse(read(`test/unit/report/results/${name}.json`)));

/** A lab of topologies/ with its hops. */
export function labOf(name: string) {
  const file = shippedLab(name)?.file ?? '';
  const text = readFileSync(file, 'utf8');
  const { lab } = parseTopology(parseYaml(file, text));
  const { graph, model } = wire(lab, { accelerator: 'tcg', ovsDatapath: 'netdev', guests: {} });
  return { lab, graph, model, source: { file, text } };
}

/** The report of a real run, with the result changed where a test needs what did not happen in it. */
export function realReport(
  name: ResultName,
  change: (result: VerifyResult) => VerifyResult = (result) => result,
): Report {
  const { lab, graph, model, source } = labOf(RESULTS[name]);
  const { checks } = prepareChecks(lab, model);
  return reportOf(change(realResult(name)), { lab, graph, checks, source });
}

/** A real run in which the second verdict is an error, the third one skipped, and the last one unpredicted. */
export const mixed = (): Report =>
  realReport('macvtap-arp-relay', (result) => ({
    ...result,
    verdicts: result.verdicts.map((verdict, index) => ({
      ...verdict,
      ...(index === 1 && { outcome: 'error', blame: null, message: 'The agent is gone.' }),
      ...(index === 2 && { outcome: 'skipped', blame: null, message: 'It needs IPv6.' }),
      ...(index === 4 && { surprise: 'The model says that it arrives.' }),
    })),
  }));

/** Text that would be markup, a table's cell, or a forbidden character where it is not escaped. */
export const HOSTILE = '<script>hit()</script> & "x" | `y` *z* ]]> \u0007';

/** A result with hostile text wherever a topology or a message could bring it in. */
export const hostile = (): Report => {
  const report = realReport('macvtap-arp-relay-fails', (result) => ({
    ...result,
    title: HOSTILE,
    evidence: `${HOSTILE}.pcapng`,
    verdicts: result.verdicts.map((verdict) => ({
      ...verdict,
      message: HOSTILE,
      surprise: HOSTILE,
      blame: verdict.blame && { ...verdict.blame, reason: HOSTILE, remedy: HOSTILE },
    })),
  }));
  return {
    ...report,
    lab: { ...report.lab, title: HOSTILE },
    source: { file: HOSTILE, text: HOSTILE },
  };
};
