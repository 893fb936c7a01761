import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal, readJournal, undosOf } from '../../../src/apply/journal.js';
import { LOCAL, type Step } from '../../../src/plan/step.js';

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchlab-journal-'));
  path = join(dir, 'journal.ndjson');
});
afterEach(() => rm(dir, { recursive: true }));

const step = (name: string): Step => ({
  id: `netns ${name}`,
  stage: 'stacks',
  lane: 'host',
  where: LOCAL,
  do: { tool: 'ip', args: ['netns', 'add', name] },
  undo: { tool: 'ip', args: ['netns', 'del', name] },
  owns: { type: 'netns', name },
  why: `namespace ${name}`,
});
const mark = (name: string): Step => ({
  id: `mark ${name}`,
  stage: 'inside',
  lane: name,
  where: LOCAL,
  do: { tool: 'ip', args: ['link', 'set', 'dev', name, 'alias', 'patchlab:demo'] },
  why: `mark ${name}`,
});

describe('the journal', () => {
  it('tells what began and what is to be undone, last things first', async () => {
    const journal = await openJournal(path, 'demo');
    await journal.begin([step('a'), step('b')]);
    await journal.done([step('a')]);
    await journal.begin([mark('a')]);
    await journal.close();
    const state = await readJournal(path);
    expect(state.begun.map(({ id }) => id)).toEqual(['netns a', 'netns b', 'mark a']);
    expect([...state.done]).toEqual(['netns a']);
    expect(state.begun[2]?.marks).toBe('a');
    expect(undosOf(state).map((undo) => undo.do)).toEqual([step('b').undo, step('a').undo]);
  });

  it('forgets what was undone', async () => {
    const journal = await openJournal(path, 'demo');
    await journal.begin([step('a'), step('b')]);
    await journal.undone(['netns a']);
    await journal.close();
    expect((await readJournal(path)).begun.map(({ id }) => id)).toEqual(['netns b']);
  });

  it('knows no more of what is made again than that it began', async () => {
    const journal = await openJournal(path, 'demo');
    const steps = [step('a'), step('b'), mark('a')];
    await journal.begin(steps);
    await journal.done(steps);
    await journal.undone(['netns a', 'mark a']);
    await journal.begin([step('a'), mark('a')]);
    await journal.close();
    const { begun, done } = await readJournal(path);
    expect(begun.map(({ id }) => id)).toEqual(['netns b', 'netns a', 'mark a']);
    expect([...done]).toEqual(['netns b']);
  });

  it('keeps whole lines when many lanes write at once', async () => {
    const journal = await openJournal(path, 'demo');
    const names = Array.from({ length: 50 }, (_, n) => `n${n}`);
    await Promise.all(names.map((name) => journal.begin([step(name), mark(name)])));
    await journal.close();
    expect((await readJournal(path)).begun).toHaveLength(100);
  });

  it('has the records on file before begin resolves', async () => {
    const journal = await openJournal(path, 'demo');
    const first = journal.begin([step('a')]);
    const second = journal.begin([step('b')]);
    await second;
    expect(await readFile(path, 'utf8')).toContain('"netns b"');
    await first;
    await journal.close();
  });

  it('is empty where there is none, and does not mind a line that was cut off', async () => {
    expect((await readJournal(path)).begun).toEqual([]);
    const journal = await openJournal(path, 'demo');
    await journal.begin([step('a')]);
    await journal.close();
    await appendFile(path, '{"event":"beg');
    expect((await readJournal(path)).begun.map(({ id }) => id)).toEqual(['netns a']);
  });

  it('leaves out lines that are damaged, and says that it is not whole', async () => {
    const journal = await openJournal(path, 'demo', { boot: 'this one' });
    await journal.begin([step('a'), step('b')]);
    await journal.close();
    expect(await readJournal(path)).toMatchObject({ boot: 'this one', isWhole: true });
    const lines = (await readFile(path, 'utf8')).split('\n');
    for (const damage of [
      '',
      '{"event":',
      'null',
      '{"event":"begin","id":7}',
      '[]',
      'x'.repeat(99),
    ]) {
      await writeFile(path, [lines[0], damage, ...lines.slice(2)].join('\n'));
      const { begun, isWhole } = await readJournal(path);
      expect([begun.map(({ id }) => id), isWhole]).toEqual([['netns b'], false]);
    }
    await writeFile(path, '');
    expect(await readJournal(path)).toMatchObject({ begun: [], isWhole: false });
  });
});
