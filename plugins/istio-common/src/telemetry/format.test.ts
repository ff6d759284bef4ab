import {
  formatCount,
  formatDuration,
  formatList,
  formatMilliseconds,
  formatPoints,
  formatQuantity,
  formatRate,
  formatShare,
  formatTime,
  formatWrittenShare,
} from './format';

describe('numbers as people read them', () => {
  it.each([
    [0.032, '3.2 %'],
    [0, '0.0 %'],
    [1, '100 %'],
    [0.0004, '< 0.1 %'],
    [0.9999, '> 99.9 %'],
    [0.839, '83.9 %'],
    [0.5, '50.0 %'],
  ])('share %d', (value, text) => expect(formatShare(value)).toBe(text));

  it.each([
    [0.01, '1 %'],
    [0.9, '90 %'],
    [0.125, '12.5 %'],
    [1, '100 %'],
    [0, '0 %'],
    [0.29, '29 %'],
  ])('written share %d', (value, text) =>
    expect(formatWrittenShare(value)).toBe(text),
  );

  it.each([
    [0, '0'],
    [41.4, '41'],
    [999.5, '1,000'],
    [1280, '1,280'],
    [1234567, '1,234,567'],
  ])('count %d', (value, text) => expect(formatCount(value)).toBe(text));

  it.each([
    [6.83, '6.8'],
    [0, '0.0'],
    [0.03, '<0.1'],
    [0.05, '0.1'],
    [1234.56, '1,234.6'],
    [999.96, '1,000.0'],
  ])('rate %d', (value, text) => expect(formatRate(value)).toBe(text));

  it.each([
    [45, '45 s'],
    [300, '5 min'],
    [90, '1 min 30 s'],
    [3600, '1 h'],
    [5400, '1 h 30 min'],
    [3601, '1 h'],
  ])('duration %d', (value, text) => expect(formatDuration(value)).toBe(text));

  it.each([
    [38.2, '38 ms'],
    [2040, '2.04 s'],
    [1000, '1 s'],
  ])('milliseconds %d', (value, text) =>
    expect(formatMilliseconds(value)).toBe(text),
  );

  it('the rest', () => {
    expect(formatPoints(-0.0061)).toBe('0.6 points');
    expect(formatQuantity(1, 'pod')).toBe('1 pod');
    expect(formatQuantity(1280, 'request')).toBe('1,280 requests');
    expect(formatQuantity(2, 'entry', 'entries')).toBe('2 entries');
    expect(formatList([])).toBe('');
    expect(formatList(['a'])).toBe('a');
    expect(formatList(['a', 'b', 'c'])).toBe('a, b and c');
    expect(formatTime(Date.UTC(2026, 6, 14, 14, 21, 59))).toBe('14:21 UTC');
  });
});
