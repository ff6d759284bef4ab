import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { local } from './paths.mjs';

const SKIPPED = new Set([
  'node_modules',
  'dist',
  'dist-types',
  'coverage',
  '.local',
  '.git',
]);

/** SHA-256 over names and contents of files and folders, in a fixed order. */
export function hashOf(paths, extra = '') {
  const hash = createHash('sha256').update(extra);
  for (const path of paths.flatMap(listFiles)) {
    hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

/** Whether the step was done for exactly this input. */
export function isDone(step, hash) {
  const file = stampFile(step);
  return existsSync(file) && readFileSync(file, 'utf8') === hash;
}

export function markDone(step, hash) {
  const file = stampFile(step);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
}

function stampFile(step) {
  return join(local, 'stamps', step);
}

function listFiles(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter(name => !SKIPPED.has(name))
    .sort()
    .flatMap(name => listFiles(join(path, name)));
}
