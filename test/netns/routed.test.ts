import { expect, it } from 'vitest';
import { cli, topology, verify } from '../support/cli.js';

/** Pings over routers: each dies where its file says, of what the model says, or arrives. */

/** The frame that is lost, the hop that is blamed and a word of the reason; nothing where the ping arrives. */
type Lost = readonly [leg: string, at: string, reason: string] | undefined;

const LABS: Readonly<Record<string, readonly Lost[]>> = {
  'three-routers': [
    ...[undefined, undefined, undefined],
    ['echo request after r3', 'r3 stack', 'time to live'],
    ['echo request after r1', 'r1 stack', 'time to live'],
    ['echo request after r2', 'r2 stack', 'hop limit'],
    ...[undefined, undefined],
    ['echo request after r2', 'r2 stack', 'MTU of 1400'],
    ['echo request after r2', 'r2 stack', 'MTU of 1400'],
  ],
  'asymmetric-way': [undefined, ['echo request after strict', 'strict stack', 'reverse path']],
  'policy-routing': [
    ...[undefined, undefined, undefined, undefined],
    ['echo reply', 'strict stack', 'reverse path of 10.0.9.1 leads out by strict:eth1'],
    ['ARP reply of loose', 'isp1 stack', 'reverse path of 10.0.2.3 leads out by isp1:eth1'],
    ['echo request after net', 'net stack', 'tells 10.0.9.1 so (host unreachable)'],
  ],
  'no-way': [
    undefined,
    ['echo request after r', 'r stack', 'forwarding is off'],
    ['echo reply', 'c stack', 'no route to 10.0.1.1'],
    ['echo request after r', 'r stack', 'no route to 10.0.4.2'],
    ['echo request after c', 'c stack', 'no route to 10.0.2.1'],
  ],
};

it.each(Object.entries(LABS))('%s', async (name, losses) => {
  try {
    expect(await cli(['up', topology(`${name}.yaml`)])).toMatchObject({ exitCode: 0 });
    const { exitCode, verdicts } = await verify(name);
    expect(
      verdicts.map(({ outcome, surprise, message, blame }) => ({
        ...{ outcome, surprise, message },
        blame: blame && [blame.leg, blame.at, blame.reason, blame.predicted],
      })),
    ).toEqual(
      losses.map((loss) => ({
        ...{ outcome: 'pass', surprise: null, message: expect.any(String) as string },
        blame: loss ? [loss[0], loss[1], expect.stringContaining(loss[2]) as string, true] : null,
      })),
    );
    expect(exitCode).toBe(0);
  } finally {
    await cli(['down', name]);
  }
});
