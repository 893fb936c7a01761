import { afterEach, describe, expect, it, vi } from 'vitest';
import { overriddenAccelerator } from '../../../src/guests/accelerator.js';

afterEach(() => void vi.unstubAllEnvs());

describe('overriddenAccelerator', () => {
  it.each([
    ['kvm', 'kvm'],
    ['tcg', 'tcg'],
    ['auto', undefined],
  ])('reads PATCHLAB_ACCEL=%s', (value, expected) => {
    vi.stubEnv('PATCHLAB_ACCEL', value);
    expect(overriddenAccelerator()).toBe(expected);
  });

  it('refuses anything else', () => {
    vi.stubEnv('PATCHLAB_ACCEL', 'xen');
    expect(overriddenAccelerator).toThrow(
      expect.objectContaining({ code: 'usage/accelerator', exitCode: 2 }),
    );
  });
});
