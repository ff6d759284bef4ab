import type { ObjectRef } from '../resources/types';
import { isMap } from './json';
import type { SourceFile } from './types';

const KUSTOMIZATION = /(^|\/)(kustomization\.ya?ml|Kustomization)$/;

/** The kustomization that patches the object, or could: its path. */
export function findPatches(
  files: readonly SourceFile[],
  object: ObjectRef,
): string | undefined {
  return files.find(
    file => KUSTOMIZATION.test(file.path) && patches({ file, files, object }),
  )?.path;
}

/** The kustomization of a folder, where it lists its files one by one. */
export function findListing(
  files: readonly SourceFile[],
  folder: string,
): { file: SourceFile; value: Record<string, unknown> } | undefined {
  const file = files.find(
    ({ path }) => KUSTOMIZATION.test(path) && folderOf(path) === folder,
  );
  const value = file && readMap(file.text);
  return file && value && Array.isArray(value.resources)
    ? { file, value }
    : undefined;
}

/** `apps/catalog` of `apps/catalog/reviews.yaml`; empty at the top. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function patches(options: {
  file: SourceFile;
  files: readonly SourceFile[];
  object: ObjectRef;
}): boolean {
  const { file, files, object } = options;
  const value = readMap(file.text) ?? {};
  const entries = [
    ...listOf(value.patches),
    ...listOf(value.patchesStrategicMerge),
    ...listOf(value.patchesJson6902),
  ];
  return entries.some(entry => {
    const target = isMap(entry) && isMap(entry.target) ? entry.target : {};
    if (target.kind !== undefined || target.name !== undefined) {
      return matches(target, object);
    }
    const text = textOf(entry, { from: folderOf(file.path), files });
    const patch = readMap(text ?? '') ?? {};
    const metadata = isMap(patch.metadata) ? patch.metadata : {};
    return patch.kind === object.kind && metadata.name === object.name;
  });
}

/** Names of targets are patterns; one that is not simple may match. */
function matches(
  target: Record<string, unknown>,
  { kind, name }: ObjectRef,
): boolean {
  const fits = (pattern: unknown, value: string) =>
    pattern === undefined ||
    pattern === value ||
    !/^[\w-]+$/.test(String(pattern));
  return fits(target.kind, kind) && fits(target.name, name);
}

function textOf(
  entry: unknown,
  { from, files }: { from: string; files: readonly SourceFile[] },
): string | undefined {
  if (isMap(entry) && typeof entry.patch === 'string') return entry.patch;
  const named = isMap(entry) ? entry.path : entry;
  if (typeof named !== 'string') return undefined;
  if (named.includes('\n')) return named;
  const path = resolvePath(from, named);
  return files.find(file => file.path === path)?.text;
}

/** `apps/base/a.yaml` of `apps/prod` and `../base/a.yaml`. */
function resolvePath(folder: string, relative: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function readMap(text: string): Record<string, unknown> | undefined {
  const [value, ...more] = readValues(text) ?? [];
  return isMap(value) && more.length === 0 ? value : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
