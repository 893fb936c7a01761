import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The root of the repository. */
export const root = join(import.meta.dirname, '../..');

const generated = new Set(['.git', 'node_modules', 'dist']);

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (generated.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : entry.isFile() ? [relative(root, path)] : [];
  });
}

/**
 * The files that are, or would be, committed, relative to the root. Without git, or in a copy without
 * its history: all files but the generated ones.
 */
function committedFiles(): string[] {
  try {
    const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
    return listed.split('\0').filter((path) => path && statSync(join(root, path), quiet)?.isFile());
  } catch {
    return walk(root);
  }
}

const quiet = { throwIfNoEntry: false } as const;

/** The committed files that `pattern` matches, with their text; binary files are left out. */
export function texts(pattern: RegExp): { path: string; text: string }[] {
  return committedFiles()
    .filter((path) => pattern.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'));
}

/** `path:line: text` of every line that `pattern` matches. */
export function matches(files: readonly { path: string; text: string }[], pattern: RegExp) {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, i) => {
      const hit = pattern.test(line);
      return hit ? [`${path}:${i + 1}: ${line.trim().slice(0, 120)}`] : [];
    }),
  );
}
