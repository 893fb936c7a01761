import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathWithout } from '../support/path-without.js';
import {
  beforeSending,
  bothWays,
  expectNothingLeft,
  hostsWith,
  leftovers,
  processesIn,
  prove,
  vethPair,
} from './verify-lab.js';

/** What could not be found out is an `error`, never a pass or a failure; what is broken off leaves nothing. */

let made: Awaited<ReturnType<typeof vethPair>>;

beforeEach(async () => {
  made = await vethPair();
});

afterEach(async () => {
  try {
    await expectNothingLeft(made);
  } finally {
    await made.remove();
  }
});

/** This machine without one of its programs. */
async function without(program: string) {
  const { path, remove } = await pathWithout(program);
  const hosts = hostsWith((command) => ({
    ...command,
    argv: ['env', `PATH=${path}`, ...command.argv],
  }));
  return { hosts, remove };
}

/** Send the captures in a namespace a signal. */
async function toCaptures(stack: string, signal: NodeJS.Signals) {
  const captures = [...(await processesIn(made, stack))].filter(([, command]) =>
    command.startsWith('tcpdump'),
  );
  expect(captures).toHaveLength(1);
  for (const [pid] of captures) process.kill(pid, signal);
}

describe('a verification that cannot look', () => {
  it('for want of tcpdump finds nothing out', async () => {
    const { hosts, remove } = await without('tcpdump');
    const lab = await made.lab([
      { probe: 'arp', from: 'a:eth1', to: 'b:eth1' },
      { probe: 'icmp', from: 'a:eth1', to: 'b:eth1', expect: 'blocked' },
    ]);
    const { verdicts } = await prove(lab, {}, hosts).finally(remove);
    expect(verdicts.map(({ outcome, blame }) => [outcome, blame])).toEqual([
      ['error', null],
      ['error', null],
    ]);
    expect(verdicts[0]?.message).toContain('tcpdump');
    expect(verdicts[0]?.hops.map(({ seen }) => seen)).toEqual([null, null]);
  });

  it.each(['ladvd', 'arping'])('for want of %s says which program is missing', async (program) => {
    const { hosts, remove } = await without(program);
    const probe = program === 'ladvd' ? 'lldp' : 'arp';
    const lab = await made.lab([{ probe, from: 'a:eth1', to: 'b:eth1' }]);
    const { verdicts } = await prove(lab, {}, hosts).finally(remove);
    expect(verdicts[0]).toMatchObject({ outcome: 'error', blame: null });
    expect(verdicts[0]?.message).toContain(program);
    expect(verdicts[0]?.ms).toBeLessThan(1000);
  });

  it('because a capture was killed on the way does not call the frame lost', async () => {
    const lab = await made.lab([
      { probe: 'arp', from: 'a:eth1', to: 'b:eth1', expect: 'blocked' },
      { probe: 'icmp', from: 'a:eth1', to: 'b:eth1' },
    ]);
    const hosts = beforeSending('arping', async () => {
      for (const [pid, command] of await processesIn(made, 'a'))
        if (command.startsWith('tcpdump')) process.kill(pid, 'SIGKILL');
    });
    const { verdicts } = await prove(lab, { attempts: 1 }, hosts);
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['error', 'error']);
    expect(verdicts[0]?.message).toMatch(/^tcpdump on a:eth1: ended/);
  });

  it('because a capture stands still does not call the frame lost', async () => {
    const lab = await made.lab([{ probe: 'arp', from: 'a:eth1', to: 'b:eth1' }]);
    const hosts = beforeSending('arping', () => toCaptures('a', 'SIGSTOP'));
    const { verdicts } = await prove(lab, { attempts: 1 }, hosts);
    expect(verdicts[0]).toMatchObject({ outcome: 'error', blame: null });
    expect(verdicts[0]?.message).toMatch(/^tcpdump on a:eth1: it does not answer/);
  });

  it('because a capture had no time for all frames does not call the frame lost', async () => {
    const lab = await made.lab([{ probe: 'arp', from: 'a:eth1', to: 'b:eth1' }]);
    const hosts = beforeSending('arping', async () => {
      await toCaptures('a', 'SIGSTOP');
      // More than its ring holds, so that the frames of the check find no room.
      const arp =
        '{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x08, 0x06, fill(0, 46) }';
      const flood = ['trafgen', '--dev', 'eth1', '--cpus', '1', '--num', '1000', '--in', '-'];
      await execa('ip', ['netns', 'exec', made.netns['b'] ?? '', ...flood], { input: arp });
      setTimeout(() => void toCaptures('a', 'SIGCONT'), 800);
    });
    const { verdicts } = await prove(lab, { attempts: 1 }, hosts);
    expect(verdicts[0]).toMatchObject({ outcome: 'error', blame: null });
    expect(verdicts[0]?.message).toMatch(/^tcpdump on a:eth1: it missed [1-9]\d* frames/);
  });

  it('because the device has gone does not call the frame lost', async () => {
    const lab = await made.lab([{ probe: 'arp', from: 'a:eth1', to: 'b:eth1' }]);
    const hosts = beforeSending('arping', () => made.ip('a', 'link', 'del', 'eth1'));
    const { verdicts } = await prove(lab, { attempts: 1 }, hosts);
    expect(verdicts[0]?.outcome).toBe('error');
  });

  it('whose witness does not answer says that it does not answer', async () => {
    const lab = await made.lab([{ probe: 'lldp', from: 'a:eth1', to: 'b:eth1' }]);
    const hosts = hostsWith((command) =>
      command.argv.includes('ladvdc')
        ? { ...command, argv: command.argv.map((word) => (word === 'ladvdc' ? 'false' : word)) }
        : command,
    );
    const { verdicts } = await prove(lab, { attempts: 1 }, hosts);
    expect(verdicts[0]).toMatchObject({ outcome: 'error' });
    expect(verdicts[0]?.message).toContain('ladvd there does not answer');
  });
});

describe('a verification that can look', () => {
  it('keeps what it saw before a capture was killed', async () => {
    const lab = await made.lab([
      { probe: 'arp', from: 'a:eth1', to: 'b:eth1' },
      { probe: 'icmp', from: 'a:eth1', to: 'b:eth1' },
    ]);
    const hosts = beforeSending('ping', async () => {
      for (const [pid, command] of await processesIn(made, 'a'))
        if (command.startsWith('tcpdump')) process.kill(pid, 'SIGKILL');
    });
    const { verdicts } = await prove(lab, { attempts: 1 }, hosts);
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['pass', 'error']);
  });
});

describe('a frame that arrived past a capture that stands still', () => {
  it('arrived, and nobody knows whether it was there', async () => {
    const lab = await made.lab([{ probe: 'arp', from: 'a:eth1', to: 'b:eth1' }]);
    const hosts = beforeSending('arping', () => toCaptures('b', 'SIGSTOP'));
    const { verdicts } = await prove(lab, { attempts: 1 }, hosts);
    expect(verdicts[0]).toMatchObject({ outcome: 'pass', surprise: null });
    expect(verdicts[0]?.hops.map(({ seen }) => seen)).toEqual([null, true]);
  });
});

describe('a frame that nobody has seen', () => {
  it('is not lost while the captures had no time to write it', async () => {
    const lab = await made.lab([{ probe: 'arp', from: 'a:eth1', to: 'b:eth1' }]);
    const both = async (signal: NodeJS.Signals) => {
      for (const stack of ['a', 'b']) await toCaptures(stack, signal);
    };
    let isAsleep = false;
    const hosts = hostsWith(async (command) => {
      const does = (text: string): boolean => command.argv.some((word) => word.includes(text));
      if (does('arping')) {
        await both('SIGSTOP');
        isAsleep = true;
      } else if (isAsleep && does('kill -USR1')) await both('SIGCONT');
      return command;
    });
    const { verdicts } = await prove(lab, { attempts: 1 }, hosts);
    expect(isAsleep).toBe(true);
    expect(verdicts[0]).toMatchObject({ outcome: 'pass', surprise: null });
    expect(verdicts[0]?.hops.map(({ seen }) => seen)).toEqual([true, true]);
  });

  it('is sent again, and then nothing is known of it: its program did not send it', async () => {
    const lab = await made.lab([{ probe: 'arp', from: 'a:eth1', to: 'b:eth1' }]);
    let sent = 0;
    const hosts = hostsWith((command) => {
      if (!command.argv.includes('arping')) return command;
      sent += 1;
      return {
        ...command,
        argv: command.argv.map((word) => (word === 'arping' ? 'true' : word)),
      };
    });
    const { verdicts } = await prove(lab, {}, hosts);
    expect(verdicts[0]).toMatchObject({ outcome: 'error', blame: null, surprise: null });
    expect(verdicts[0]?.message).toMatch(/^`arping` ran to its end in a, .* no capture saw/);
    expect(sent).toBeGreaterThan(3);
  });

  it('but at last is sent arrived', async () => {
    const lab = await made.lab([{ probe: 'arp', from: 'a:eth1', to: 'b:eth1' }]);
    let sent = 0;
    const hosts = hostsWith((command) => {
      if (!command.argv.includes('arping') || (sent += 1) > 4) return command;
      return {
        ...command,
        argv: command.argv.map((word) => (word === 'arping' ? 'true' : word)),
      };
    });
    const { verdicts } = await prove(lab, {}, hosts);
    expect(verdicts[0]).toMatchObject({ outcome: 'pass', surprise: null });
    expect(sent).toBe(5);
  });
});

describe('a verification that is broken off', () => {
  it('leaves neither processes nor files, whenever that is', { timeout: 300_000 }, async () => {
    const lab = await made.lab([
      ...bothWays('lldp', 'a:eth1', 'b:eth1'),
      ...bothWays('arp', 'a:eth1', 'b:eth1'),
    ]);
    const moments = Array.from({ length: 30 }, (_, index) => 1 + index * 10);
    for (const ms of moments) {
      const signal = AbortSignal.timeout(ms);
      const outcome = await prove(lab, { signal }).then(
        () => 'done',
        (error: unknown) => (error === signal.reason ? 'broken off' : error),
      );
      expect(['done', 'broken off']).toContain(outcome);
      await expect.poll(() => leftovers(made), { timeout: 30_000, interval: 20 }).toEqual([]);
    }
  });

  it('ends soon, although a frame that is lost would have more time', async () => {
    await made.ip('b', 'link', 'set', 'eth1', 'arp', 'off');
    const lab = await made.lab([{ probe: 'arp', from: 'a:eth1', to: 'b:eth1' }]);
    const controller = new AbortController();
    const reason = new Error('broken off');
    const running = prove(lab, {
      signal: controller.signal,
      onWave: () => controller.abort(reason),
    });
    const begin = performance.now();
    await expect(running).rejects.toBe(reason);
    expect(performance.now() - begin).toBeLessThan(3000);
  });
});
