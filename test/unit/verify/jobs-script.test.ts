import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { jobsScript, type StackJobs } from '../../../src/verify/run/scripts.js';

/** Programs whose words would mean something to a shell. */
const HOSTILE = ['printf', '%s\n', 'a b', '$HOME', '"; exit 1; "', "'", '`id`', '${1}', ''];

const stack = (programs: StackJobs['programs']): StackJobs => ({
  ...{ netns: undefined, neighbours: [], sizes: false, programs },
});

/** What the script runs; programs print to the output in place of nowhere. */
function run(stacks: readonly StackJobs[]): readonly string[] {
  const [script, ...words] = jobsScript(stacks, false);
  const loud = words.map((word) => word.replaceAll('</dev/null >/dev/null 2>&1', '2>/dev/null'));
  const printed = execFileSync('/bin/sh', ['-c', script, 'test', ...loud], { encoding: 'utf8' });
  return printed.split('\n').slice(0, -1);
}

describe('the script that runs the programs of checks', () => {
  it('has numbers in its text, and every word as an argument', () => {
    const [script] = jobsScript([stack([HOSTILE])], false);
    for (const word of HOSTILE.filter((one) => one.length > 2 && one !== '${1}'))
      expect(script).not.toContain(word);
    expect(run([stack([HOSTILE])])).toEqual(HOSTILE.slice(2));
  });

  it('tells by number which programs are not there, in any stack', () => {
    const there = ['true'];
    const gone = ['patchlab-no-such-program', 'x'];
    expect(
      run([stack([there, gone]), stack([gone]), stack([there, there, gone])]).toSorted(),
    ).toEqual(['1 127', '2 127', '5 127']);
  });

  it('forgets neighbours and sizes before the first program', () => {
    const neighbours = [
      { device: 'eth1', family: 4 as const },
      { device: 'eth2', family: 6 as const },
    ];
    const jobs = { ...stack([['ping']]), neighbours, sizes: true };
    const [, , text = ''] = jobsScript([jobs], false);
    const order = [
      'ip route flush cache',
      'knows "${1}"',
      'ip -6 neigh flush dev "${2}"',
      '"${3}"',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it('tells nothing of what a program found', () => {
    expect(run([stack([['false'], ['sh', '-c', 'exit 3']])])).toEqual([]);
  });
});
