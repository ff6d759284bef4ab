import { presentRate } from './presentRate';

it.each([
  [0, '0.0 per second'],
  [0.004, 'less than 0.1 per second'],
  [0.05, '0.1 per second'],
  [12.34, '12.3 per second'],
])('%d a second is %s', (rate, text) => {
  expect(presentRate(rate)).toBe(text);
});
