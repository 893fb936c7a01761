import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, root, startCli, topology } from '../support/cli.js';

const bin = join(root, 'bin/patchlab');

beforeAll(() => cli(['up', topology('macvtap-arp-relay.yaml')]));
afterAll(() => cli(['down', '--all']));

/** What `exec` has put into the guest while it ran. */
const left = async (): Promise<string> => {
  const script =
    'ls /run | grep patchlab-exec | grep -v "$(basename "$PWD")"; ps | grep -c "[t]ail -f /dev/null"';
  return (await cli(['exec', 'sw1', '--', 'sh', '-c', script])).stdout;
};

describe('exec in a guest', () => {
  it('hands words on as they are, octets that are no text included', async () => {
    const words = ['0x10', '1e3', '1.0', '', '-c', '3', 'a b', '$HOME', "'"];
    const { stdout } = await cli(['exec', 'sw1/c1', '--', 'printf', '<%s>', ...words]);
    expect(stdout).toBe(words.map((word) => `<${word}>`).join(''));
    const script = `${bin} exec sw1 -- printf "$(printf '\\351\\300')" </dev/null`;
    const bytes = await execa('sh', ['-c', script], { encoding: 'buffer' });
    expect([...bytes.stdout]).toEqual([0o351, 0o300]);
  });

  it('keeps output and errors apart, and gives the exit code', async () => {
    const result = await cli(['exec', 'sw1', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect(result).toEqual({ exitCode: 7, stdout: 'out', stderr: 'err' });
  });

  it('carries more than one message both ways, octet by octet', async () => {
    const input = randomBytes(200_000);
    const { stdout } = await execa(bin, ['exec', 'sw1', 'cat'], { input, encoding: 'buffer' });
    expect(Buffer.from(stdout).equals(input)).toBe(true);
  });

  it('gives output as it comes, and takes input as it comes', async () => {
    const program = startCli(['exec', 'sw1', 'cat']);
    for (const line of ['one\n', 'two\n']) {
      const heard = new Promise((resolve) => program.stdout.once('data', resolve));
      program.stdin.write(line);
      expect(String(await heard)).toBe(line);
    }
    program.stdin.end();
    expect((await program).exitCode).toBe(0);
  });

  it('does not fill the guest with output that nobody takes', async () => {
    const { stdout } = await execa('bash', ['-c', `${bin} exec sw1 yes </dev/null | head -1`]);
    expect(stdout).toBe('y');
    expect(await left()).not.toContain('yes');
  });

  it('gives a terminal with -t, and none without', async () => {
    expect((await cli(['exec', '-t', 'sw1/c1', 'tty'])).stdout).toMatch(/^\/dev\/pts\//);
    expect((await cli(['exec', 'sw1', 'tty'])).stdout).toBe('not a tty');
  });

  it('passes signals on to all that the command started', async () => {
    const program = startCli([
      'exec',
      'sw1',
      '--',
      'sh',
      '-c',
      'echo ready; tail -f /dev/null; true',
    ]);
    await new Promise((resolve) => program.stdout.once('data', resolve));
    program.kill('SIGTERM');
    expect((await program).exitCode).toBe(143);
    expect((await left()).split('\n').at(-1)).toBe('0');
  });
});
