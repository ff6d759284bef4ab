import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BinaryCache } from './BinaryCache';
import { RECIPES } from './recipes';

const labapp = RECIPES.find(({ name }) => name === 'labapp')!;
const folder = mkdtempSync(join(tmpdir(), 'binary-cache-'));

afterAll(() => rmSync(folder, { recursive: true }));

it('finds a program by sources and compiler, and by its sources alone where there is no compiler', () => {
  const cache = BinaryCache.create(folder);
  expect(cache.find(labapp, 'go1.26.1')).toBeUndefined();
  const stage = cache.stage(labapp, 'go1.26.1');
  const program = join(stage.folder, 'made');
  writeFileSync(program, 'a program');
  const path = cache.store(stage, { program, seconds: 3 });
  expect(readFileSync(path, 'utf8')).toBe('a program');
  expect(cache.find(labapp, 'go1.26.1')).toBe(path);
  expect(cache.find(labapp, 'go1.26.2')).toBeUndefined();
  expect(cache.find(labapp, undefined)).toBe(path);
  expect(
    cache.find({ ...labapp, flags: ['-race'] } as typeof labapp, undefined),
  ).toBeUndefined();
});
