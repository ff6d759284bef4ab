import { lastLines } from './containerLogs';

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
