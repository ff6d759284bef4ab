import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dump } from 'js-yaml';
import type { MeshFile } from './meshObjects';

/** Writes the files below the folder; gives how many objects and bytes they hold. */
export function writeMeshFiles(
  folder: string,
  files: readonly MeshFile[],
): { objects: number; bytes: number } {
  let objects = 0;
  let bytes = 0;
  for (const file of files) {
    const text = file.objects
      .map(object => dump(object, { noRefs: true }))
      .join('---\n');
    mkdirSync(dirname(join(folder, file.path)), { recursive: true });
    writeFileSync(join(folder, file.path), text);
    objects += file.objects.length;
    bytes += Buffer.byteLength(text);
  }
  return { objects, bytes };
}
