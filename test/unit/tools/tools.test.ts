import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/plan/step.js';
import {
  commandLine,
  failedCommands,
  inNamespace,
  succeeded,
  toolOf,
} from '../../../src/plan/tools/index.js';

const ip = (...args: string[]): Command => ({ tool: 'ip', args });
const failed = (stderr: string) => ({ exitCode: 1, stderr });

/** Words of a line as iproute2 reads them: lib/utils.c, `getcmdline` and `makeargs`. */
function readBatchLine(line: string): string[] {
  const text = line.split('#')[0] ?? '';
  return Array.from(
    text.matchAll(/[ \t\r\n]*(?:(["'])(.*?)\1|([^ \t\r\n]+))/g),
    (match) => match[2] ?? match[3] ?? '',
  );
}

describe('ip', () => {
  it('runs one command as it is, several as a batch', () => {
    expect(commandLine('ip', [ip('link', 'del', 'dev', 'x')])).toEqual({
      argv: ['ip', 'link', 'del', 'dev', 'x'],
    });
    expect(
      commandLine('ip', [ip('netns', 'add', 'a'), ip('link', 'set', 'dev', 'x', 'up')]),
    ).toEqual({ argv: ['ip', '-batch', '-'], input: 'netns add a\nlink set dev x up\n' });
    expect(commandLine('ip', [ip('a'), ip('b')], true).argv).toEqual([
      'ip',
      '-force',
      '-batch',
      '-',
    ]);
  });

  it('quotes words so that iproute2 reads them back', () => {
    const words = fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 12 }), { minLength: 1 });
    fc.assert(
      fc.property(words, (args) => {
        fc.pre(toolOf('ip').group(ip(...args)) !== undefined);
        const { input = '' } = commandLine('ip', [ip(...args), ip('x')]);
        expect(readBatchLine(input.split('\n')[0] ?? '')).toEqual(args);
      }),
    );
  });

  it('keeps what a batch cannot hold out of batches', () => {
    expect(toolOf('ip').group(ip('alias', 'a #1'))).toBeUndefined();
    expect(toolOf('ip').group(ip('alias', `a "b" 'c'`))).toBeUndefined();
    expect(toolOf('ip').group(ip('alias', 'two\nlines'))).toBeUndefined();
    expect(toolOf('ip').group(ip(...Array.from({ length: 99 }, String)))).toBeUndefined();
  });

  it('finds the commands that failed by their lines', () => {
    const commands = [ip('a'), ip('b'), ip('c')];
    const stderr =
      'Cannot find device "x"\nCommand failed -:1\nCannot find device "y"\nCommand failed -:3\n';
    expect(failedCommands('ip', commands, failed(stderr))).toEqual([0, 2]);
    expect(failedCommands('ip', commands, failed('Cannot open network namespace'))).toEqual([]);
    expect(failedCommands('ip', [ip('a')], failed('whatever'))).toEqual([0]);
  });
});

describe('the other tools', () => {
  it('join sysctls, and find the ones that failed by their keys', () => {
    const commands: Command[] = [
      { tool: 'sysctl', key: 'net.ipv4.ip_forward', value: '1' },
      { tool: 'sysctl', key: 'net.foo.bar', value: '1' },
      { tool: 'sysctl', key: 'net.ipv4.conf.lo.rp_filter', value: 'zz' },
    ];
    expect(commandLine('sysctl', commands.slice(0, 2)).argv).toEqual([
      ...['sysctl', '-q', '-w', 'net.ipv4.ip_forward=1', 'net.foo.bar=1'],
    ]);
    const stderr =
      'sysctl: cannot stat /proc/sys/net/foo/bar: No such file or directory\n' +
      'sysctl: setting key "net.ipv4.conf.lo.rp_filter": Invalid argument\n';
    expect(failedCommands('sysctl', commands, failed(stderr))).toEqual([1, 2]);
  });

  it('give nft the rules of one stack on its standard input, and never those of two', () => {
    const rules = (text: string): Command => ({ tool: 'nft', rules: text });
    expect(commandLine('nft', [rules('table ip t { }\n\n')])).toEqual({
      ...{ argv: ['nft', '-f', '-'], input: 'table ip t { }\n' },
    });
    expect(toolOf('nft').max).toBe(1);
  });

  it('give virsh the NIC on its standard input', () => {
    const attach: Command = { tool: 'attach-nic', domain: 'd', xml: '<interface/>' };
    expect(commandLine('attach-nic', [attach])).toEqual({
      argv: ['virsh', '-c', 'qemu:///system', 'attach-device', 'd', '/dev/stdin', '--live'],
      input: '<interface/>',
    });
    const detach: Command = { tool: 'detach-nic', domain: 'd', mac: '02:00:00:00:00:01' };
    expect(commandLine('detach-nic', [detach])).toEqual({
      argv: ['virsh', '-c', 'qemu:///system', 'detach-device', 'd', '/dev/stdin', '--live'],
      input: "<interface type='ethernet'><mac address='02:00:00:00:00:01'/></interface>\n",
    });
  });

  it('join ovs-vsctl commands in one transaction', () => {
    const commands: Command[] = [
      { tool: 'ovs-vsctl', args: ['add-br', 'b', '--', 'set', 'bridge', 'b', 'fail_mode=secure'] },
      { tool: 'ovs-vsctl', args: ['add-port', 'b', 'p1'] },
    ];
    expect(commandLine('ovs-vsctl', commands).argv.slice(2)).toEqual([
      ...['--', 'add-br', 'b', '--', 'set', 'bridge', 'b', 'fail_mode=secure'],
      ...['--', 'add-port', 'b', 'p1'],
    ]);
    const stderr = "ovs-vsctl: Error detected while setting up 'p1': could not open network device";
    expect(succeeded('ovs-vsctl', { exitCode: 0, stderr })).toBe(false);
    expect(succeeded('ovs-vsctl', { exitCode: 0, stderr: '' })).toBe(true);
    expect(failedCommands('ovs-vsctl', commands, { exitCode: 0, stderr })).toEqual([1]);
    expect(failedCommands('ovs-vsctl', commands, failed('ovs-vsctl: no answer'))).toEqual([]);
  });

  it('join the flows of one bridge', () => {
    const flow = (bridge: string, text: string): Command => ({
      tool: 'ovs-ofctl',
      bridge,
      flow: text,
    });
    const group = (command: Command) => toolOf('ovs-ofctl').group(command);
    expect(group(flow('b', 'x'))).not.toBe(group(flow('c', 'x')));
    const commands = [flow('b', 'in_port=1,actions=2'), flow('b', 'in_port=2,actions=1')];
    expect(commandLine('ovs-ofctl', commands)).toEqual({
      argv: ['ovs-ofctl', '--bundle', 'add-flows', 'b', '-'],
      input: 'in_port=1,actions=2\nin_port=2,actions=1\n',
    });
    const stderr = 'ovs-ofctl: -:2: unknown action bogus\n';
    expect(failedCommands('ovs-ofctl', commands, failed(stderr))).toEqual([1]);
  });

  it('keep file names from being options', () => {
    expect(commandLine('remove-file', [{ tool: 'remove-file', path: '-rf' }]).argv).toEqual([
      ...['rm', '-f', '--', '-rf'],
    ]);
  });

  it('give a domain its XML by standard input', () => {
    const command: Command = { tool: 'create-domain', domain: 'd', xml: '<domain/>' };
    expect(commandLine('create-domain', [command])).toEqual({
      argv: ['virsh', '-c', 'qemu:///system', 'create', '/dev/stdin'],
      input: '<domain/>',
    });
  });
});

describe('inNamespace', () => {
  it('enters the cheap way, or by what every guest has', () => {
    const nsenter = ['nsenter', '--net=/run/netns/n', '--'];
    expect(inNamespace(['ip', 'link'], 'n', 'nsenter')).toEqual([...nsenter, 'ip', 'link']);
    expect(inNamespace(['ping', 'x'], 'n', 'nsenter')).toEqual([...nsenter, 'ping', 'x']);
    expect(inNamespace(['ip', 'link'], 'n', 'ip')).toEqual(['ip', '-n', 'n', 'link']);
    expect(inNamespace(['ping', 'x'], 'n', 'ip')).toEqual([
      ...['ip', 'netns', 'exec', 'n', 'ping', 'x'],
    ]);
    expect(inNamespace(['ping', 'x'], undefined, 'ip')).toEqual(['ping', 'x']);
  });
});
