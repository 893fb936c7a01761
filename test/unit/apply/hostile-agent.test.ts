import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { parseAnswer } from '../../../src/apply/hosts/agent.js';
import type { Agent } from '../../../src/apply/hosts/agent.js';
import { guestHost } from '../../../src/apply/hosts/guest.js';
import { parseIpDevices } from '../../../src/apply/ip-devices.js';
import type { PatchlabError } from '../../../src/errors.js';
import { fuzzed } from '../../support/random.js';

/** A guest whose agent says what it likes: the answers are what libvirt would hand on. */
const guestThatSays = (...answers: readonly string[]) => {
  const left = [...answers];
  const agent = {
    domain: 'lab.sw1',
    command: (execute: string, answer: z.ZodType) =>
      Promise.resolve().then(() => parseAnswer('lab.sw1', execute, left.shift() ?? '', answer)),
  } as Pick<Agent, 'domain' | 'command'> as Agent;
  return guestHost('sw1', agent);
};

const STARTED = '{"return":{"pid":7}}';
const errorOf = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    (result) => ({ result }),
    (error: unknown) => error,
  );

describe('an agent', () => {
  it('is understood when it says what agents say', async () => {
    const out = Buffer.from('hello').toString('base64');
    const done = `{"return":{"exited":true,"exitcode":3,"out-data":"${out}"}}`;
    const host = guestThatSays(STARTED, '{"return":{"exited":false}}', done);
    expect(await host.run({ argv: ['true'] })).toMatchObject({ exitCode: 3, stdout: 'hello' });
  });

  it.each([
    ['nothing', ''],
    ['no object', '[]'],
    ['null', 'null'],
    ['a null result', '{"return":null}'],
    ['text for a number', '{"return":{"pid":"7"}}'],
    ['a number that is none', '{"return":{"pid":1e99}}'],
    ['a number below any', '{"return":{"pid":-1}}'],
  ])('that starts a program with %s is an error of its guest', async (_, said) => {
    const error = await errorOf(guestThatSays(said).run({ argv: ['true'] }));
    expect(error).toMatchObject({ code: 'guest/agent' });
    expect((error as PatchlabError).what).toContain('lab.sw1');
  });

  it.each([
    ['null', '{"return":null}'],
    ['a list', '{"return":[true]}'],
    ['an end that is no yes or no', '{"return":{"exited":"yes"}}'],
    ['an exit code beyond all', '{"return":{"exited":true,"exitcode":1e99}}'],
    ['an exit code in words', '{"return":{"exited":true,"exitcode":"0"}}'],
    ['a broken exit code', '{"return":{"exited":true,"exitcode":0.5}}'],
    ['a signal that does not exist', '{"return":{"exited":true,"signal":4096}}'],
    ['output that is a number', '{"return":{"exited":true,"out-data":7}}'],
    ['output that is no base64', '{"return":{"exited":true,"out-data":"\\u001b[2J"}}'],
  ])('that tells of its end with %s is an error of its guest', async (_, said) => {
    const error = await errorOf(guestThatSays(STARTED, said).run({ argv: ['true'] }));
    expect(error).toMatchObject({ code: 'guest/agent' });
  });

  it('says nothing that makes any other error, whatever it says', async () => {
    const answer = fc.oneof(
      fc.json(),
      fc.string(),
      fc.json().map((json) => `{"return":${json}}`),
    );
    await fc.assert(
      fc.asyncProperty(answer, async (said) => {
        const { code } = (await errorOf(
          guestThatSays(said, said).run({ argv: ['true'] }),
        )) as PatchlabError;
        expect(code).toBe('guest/agent');
      }),
      fuzzed('what an agent says'),
    );
  }, 3_600_000);
});

describe('what a guest says of its devices', () => {
  const device = { ifname: 'eth1', flags: ['UP'], mtu: 1500, address: '02:00:00:00:00:01' };

  it('is read as ip-address(8) writes it, and nothing else is', () => {
    const addresses = [{ local: '10.0.0.1', prefixlen: 24, scope: 'global' }];
    const text = JSON.stringify([{}, { ...device, addr_info: addresses }]);
    expect(parseIpDevices(text)).toEqual([{ ...device, addr_info: addresses }]);
    for (const wrong of [
      { ...device, mtu: '1500' },
      { ...device, flags: 'UP' },
      { ...device, ifname: 'x'.repeat(16) },
      { ...device, address: ['02'] },
      { ...device, addr_info: [{ local: 7 }] },
      { ...device, linkinfo: null },
    ])
      expect(parseIpDevices(JSON.stringify([wrong]))).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        const devices = parseIpDevices(text);
        expect(devices === undefined || Array.isArray(devices)).toBe(true);
      }),
      fuzzed('what a guest says of its devices'),
    );
  }, 3_600_000);
});
