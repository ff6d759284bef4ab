import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastLines, readLogRequest } from './containerLogs';
import { LogFile } from './LogFile';

describe('readLogRequest', () => {
  const read = (query: string) =>
    readLogRequest(new URLSearchParams(query), 100_000);

  it('reads what kubectl sends', () => {
    expect(read('follow=true&tailLines=3&sinceSeconds=60')).toEqual({
      follow: true,
      tailLines: 3,
      limitBytes: Infinity,
      since: 40_000,
    });
    expect(read('sinceTime=1970-01-01T00:00:09Z').since).toBe(9_000);
  });

  it('refuses what is not kept', () => {
    expect(() => read('previous=true')).toThrow('"previous"');
    expect(() => read('timestamps=true')).toThrow('"timestamps"');
  });
});

describe('LogFile', () => {
  it('finds what was written since a moment, and begins anew with the file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-log-'));
    const path = join(folder, 'log');
    const log = new LogFile(path);
    log.note(500);
    expect(log.offsetSince(9_000)).toBe(0);
    writeFileSync(path, 'first\n');
    log.note(1_000);
    appendFileSync(path, 'second\n');
    log.note(2_000);
    expect(log.offsetSince(999)).toBe(0);
    expect(log.offsetSince(1_500)).toBe(6);
    expect(log.offsetSince(2_000)).toBe(13);
    writeFileSync(path, 'x');
    log.note(3_000);
    expect(log.offsetSince(2_500)).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('lastLines', () => {
  it.each([
    ['a\nb\nc\n', 2, 'b\nc\n'],
    ['a\nb\nc\n', 9, 'a\nb\nc\n'],
    ['a\nb\nc', 1, 'c'],
    ['a\n', 0, ''],
    ['', 3, ''],
    ['a\n\n', 1, '\n'],
  ])('of %j the last %i', (text, count, expected) => {
    expect(lastLines(text, count)).toBe(expected);
  });
});
