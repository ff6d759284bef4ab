import { isRunning, parseStartTime, readProcess } from './procStat';

describe('parseStartTime', () => {
  it('reads field 22 behind a name with spaces and brackets', () => {
    const stat =
      '4242 (a (b) c) S 1 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 100 200';
    expect(parseStartTime(stat)).toBe(987654);
  });
});

describe('isRunning', () => {
  it('knows this very process and no other that might have its number', () => {
    const self = readProcess(process.pid);
    expect(self).toBeDefined();
    expect(isRunning(self!)).toBe(true);
    expect(isRunning({ ...self!, startTime: self!.startTime + 1 })).toBe(false);
  });

  it('is false for a number nobody has', () => {
    expect(readProcess(2 ** 22 + 1)).toBeUndefined();
  });
});
