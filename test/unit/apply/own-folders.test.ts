import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ownEnvironment, userFoldersIn } from '../../../src/apply/rootless/folders.js';

afterEach(() => vi.unstubAllEnvs());

describe('the environment of labs without root', () => {
  it('has folders by the XDG Base Directory Specification', () => {
    expect(ownEnvironment({ XDG_STATE_HOME: '/s', XDG_CACHE_HOME: 'not/absolute' })).toMatchObject({
      PATCHLAB_STATE: '/s/patchlab',
      PATCHLAB_CACHE: join(homedir(), '.cache/patchlab'),
    });
  });

  it('lets the user name others', () => {
    const env = ownEnvironment({ PATCHLAB_STATE: '/mine', XDG_STATE_HOME: '/s' });
    expect(env.PATCHLAB_STATE).toBe('/mine');
  });

  it('finds programs for root, behind those of the user', () => {
    const { PATH = '' } = ownEnvironment({ PATH: '/bin:/usr/sbin' });
    expect(PATH).toBe('/bin:/usr/sbin:/usr/local/sbin:/sbin');
  });

  it('keeps the folders that it names below another one, by whatever way', () => {
    const above = mkdtempSync(join(tmpdir(), 'patchlab-test-'));
    mkdirSync(join(above, 'user/1'), { recursive: true });
    symlinkSync(join(above, 'user'), join(above, 'link'));
    vi.stubEnv('XDG_RUNTIME_DIR', join(above, 'link/1'));
    vi.stubEnv('PATCHLAB_STATE', join(above, 'missing'));
    vi.stubEnv('TMPDIR', above);
    expect(userFoldersIn(above)).toEqual(['user/1']);
    rmSync(above, { recursive: true });
  });
});
