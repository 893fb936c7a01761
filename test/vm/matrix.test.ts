import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FRAME_CLASSES } from '../../src/frames/classes.js';
import { cli, cliJson, expectHostAsBefore, hostSnapshot } from '../support/cli.js';

/** Link kinds to guests measured for real: the model must be right in every cell. */

let before: string;

beforeAll(async () => {
  expect((await cli(['guest', 'build', 'mini'])).exitCode).toBe(0);
});

beforeEach(async () => {
  before = await hostSnapshot();
});

afterEach(() => expectHostAsBefore(before));

type Cells = Awaited<ReturnType<typeof cliJson<'matrix'>>>['result']['cells'];

const wrongIn = (cells: Cells) =>
  cells.filter(({ differs, observed }) => differs || observed === 'unknown');

describe('the matrix of', () => {
  it('macvtap is in every cell as the model predicts, and by chance only where the model says so', async () => {
    const settings = ['vepa', 'vepa allmulticast', 'bridge trustGuestRxFilters', 'passthru'];
    const { exitCode, result } = await cliJson(
      'matrix',
      ...['macvtap', '--settings', settings.join(',')],
    );
    expect(wrongIn(result.cells)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(result.cells).toHaveLength(settings.length * FRAME_CLASSES.length * 2);
    const toGuest = (variant: string, name: string) =>
      result.cells.find(
        (cell) => cell.variant === variant && cell.class === name && cell.direction === 'forth',
      );
    // Why people write to mailing lists: the reply to a container behind the guest, and multicast.
    expect(toGuest('vepa', 'unicast-foreign')).toMatchObject({
      predicted: 'drop',
      observed: 'drop',
    });
    expect(toGuest('passthru', 'unicast-foreign')?.observed).toBe('pass');
    expect(toGuest('vepa allmulticast', 'lldp')?.observed).toBe('pass');
    const random = result.cells.filter(({ predicted }) => predicted === 'random');
    expect(random.map(({ variant }) => variant)).toContain('vepa');
    for (const { reason, direction } of random)
      expect([reason, direction]).toEqual([expect.stringContaining('salted'), 'forth']);
  });

  it('udp is in every cell as the model predicts', async () => {
    const { exitCode, result } = await cliJson('matrix', 'udp');
    expect(wrongIn(result.cells)).toEqual([]);
    expect(exitCode).toBe(0);
  });
});
