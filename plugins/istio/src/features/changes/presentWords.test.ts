import { presentObserved, presentRate, presentStep } from './presentNumbers';
import { presentIntentType, sentences, ticketHref } from './presentWords';

describe('ticketHref', () => {
  it.each([
    ['https://tracker.example/CAT-219', 'https://tracker.example/CAT-219'],
    ['http://tracker.example/', 'http://tracker.example/'],
    ['CAT-219', undefined],
    [['javascript', 'alert(1)'].join(':'), undefined],
    [' https://tracker.example/', undefined],
    ['data:text/html,x', undefined],
    ['https://', undefined],
  ])('makes %p the link %p', (ticket, expected) => {
    expect(ticketHref(ticket)).toBe(expected);
  });
});

describe('words and numbers', () => {
  it('joins parts to sentences', () => {
    expect(sentences('one', undefined, ' two. ', '')).toBe('one. two.');
  });

  it('reads an intent’s name as words', () => {
    expect(presentIntentType('shiftTraffic')).toBe('shift traffic');
    expect(presentIntentType('revert')).toBe('revert');
  });

  it.each([
    [0.8, 0.7, '−10 points'],
    [0.2, 0.3, '+10 points'],
    [0, 0.01, '+1 point'],
    [0.333, 0.34, '+0.7 points'],
    [0.5, 0.5, 'no change'],
  ])('writes the step from %d to %d', (before, after, expected) => {
    expect(presentStep(before, after)).toBe(expected);
  });

  it('never turns an absent number into one', () => {
    expect(presentObserved(undefined)).toBe('unknown');
    expect(presentRate(undefined)).toBe('unknown');
  });
});
