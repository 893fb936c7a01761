import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands.js';
import { nameOf } from '../../../src/cli/entry.js';
import { UsageError } from '../../../src/cli/define.js';
import { findCommand } from '../../../src/cli/find.js';
import { helpOf, overview } from '../../../src/cli/help.js';
import { parseWords } from '../../../src/cli/parse.js';

const parse = async (...words: readonly string[]) => {
  const found = findCommand(words, commands);
  if (found.ask !== 'command') throw new Error(`no command in ${words.join(' ')}`);
  return parseWords(found.entry, await found.entry.load(), found.words);
};
const wrong = async (...words: readonly string[]): Promise<string> => {
  const error: unknown = await parse(...words).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UsageError);
  return (error as Error).message;
};

describe('words of the command line', () => {
  it('stay as they are, whatever they look like', async () => {
    const words = ['0x10', '1e3', '1.0', '', 'a b', '-c', '3', '--json', '--', 'x'];
    expect(await parse('exec', 'sw1', '--', ...words)).toMatchObject({
      node: 'sw1',
      command: words,
    });
    expect(await parse('up', '1e3')).toMatchObject({ file: '1e3' });
  });

  it('belong to the command of `exec` from its first word on', async () => {
    expect(await parse('exec', '--lab', 'l', 'sw1', 'ping', '-c', '3', '10.0.0.1')).toMatchObject({
      lab: 'l',
      command: ['ping', '-c', '3', '10.0.0.1'],
    });
    const hint = await wrong('exec', 'sw1', 'ip', '--json', 'addr');
    expect(hint).toContain('`patchlab exec sw1 -- ip --json addr`');
  });

  it('may have the common options before the command', async () => {
    expect(await parse('--json', 'list')).toMatchObject({ json: true });
  });

  it('name any number of places, with options between them', async () => {
    const words = ['a:eth1', '--filter', 'arp', 'b', '-w', '-', 'a:eth1 veth'];
    expect(await parse('capture', 'l', ...words)).toMatchObject({
      ...{ lab: 'l', place: ['a:eth1', 'b', 'a:eth1 veth'], filter: 'arp', write: '-' },
    });
    expect(await parse('capture', 'l')).toMatchObject({ place: [] });
    expect(await wrong('capture', 'l', '--fliter', 'arp')).toContain('`--filter`');
  });

  it('give lists where an option may be given several times, and numbers where it is one', async () => {
    const reports = await parse('verify', 'l', '--report', 'a.html', '--report=b.md');
    expect(reports).toMatchObject({ report: ['a.html', 'b.md'], twice: false });
    expect(await parse('trace', 'a', 'b', '--vlan', '7')).toMatchObject({ vlan: 7 });
  });
});

describe('wrong usage', () => {
  it.each([
    [['destroy'], '`patchlab down`'],
    [['lst'], '`patchlab list`'],
    [['ssh', 'a'], '`patchlab console`'],
    [['guest', 'bild'], '`patchlab guest build`'],
    [['verify', 'l', '--reprot', 'x'], '`--report`'],
    [['--jsno', 'list'], '`--json`'],
  ])('%j: suggests %s', async (words, suggestion) => {
    expect(await wrong(...words)).toContain(`Did you mean ${suggestion}?`);
  });

  it.each([
    [['up'], '<file>'],
    [['trace', 'a'], '<to>'],
    [['exec'], '<node>'],
    [['predict'], '<file>'],
  ])('%j: says what is missing, with an example', async (words, argument) => {
    const text = await wrong(...words);
    expect(text).toContain(argument);
    expect(text).toMatch(/For example: .*patchlab /);
  });

  it.each([
    [['up', 'a', 'b'], '`b` is one argument too many'],
    [['trace', 'a', 'b', '--vlan', 'x'], 'takes a number'],
    [['verify', 'l', '--report'], 'needs a value'],
    [['graph', 'f', '-o', '--json'], 'needs a value'],
    [['plan', 'f', '--format', 'xml'], 'none of sh, json'],
    [['guest'], 'one more word'],
  ])('%j: %s', async (words, said) => {
    expect(await wrong(...words)).toContain(said);
  });
});

describe('the help', () => {
  it('has examples that the commands themselves understand, and each argument explained', async () => {
    let examples = 0;
    for (const entry of commands) {
      const command = await entry.load();
      for (const [line] of command.examples ?? []) {
        const [, words = ''] = /\$0 (.*)$/.exec(line) ?? [];
        const [own = ''] = words.split(' | ');
        await parse(...own.replaceAll(/['"]/g, '').split(' '));
        examples += 1;
      }
      const names = [...entry.usage.matchAll(/[<[]([a-z]+)/g)].map(([, name]) => name);
      expect(Object.keys(command.positionals ?? {})).toEqual(names);
    }
    expect(examples).toBeGreaterThan(15);
  });

  it.each([60, 80, 200])('fits into %d columns', async (width) => {
    const texts = [overview(commands, width)];
    for (const entry of commands) texts.push(helpOf(entry, await entry.load(), width));
    const prose = texts
      .flatMap((text) => text.split('\n'))
      .filter((line) => !/^ {2}.*patchlab /.test(line));
    expect(prose.filter((line) => line.length > width)).toEqual([]);
  });

  it('has no word for two commands', () => {
    const words = commands.flatMap((entry) => [nameOf(entry), ...(entry.also ?? [])]);
    expect(words).toEqual([...new Set(words)]);
  });
});
