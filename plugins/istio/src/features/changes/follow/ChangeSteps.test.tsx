import { render, screen, within } from '@testing-library/react';
import { buildChange } from '../__fixtures__/changes';
import { ChangeSteps } from './ChangeSteps';

describe('ChangeSteps', () => {
  it('lists the steps with their state in words, and marks the one under way', () => {
    render(
      <ChangeSteps
        change={buildChange({
          state: 'applied',
          waitingFor: '12 requests since, 50 are needed to tell',
          events: [
            { at: '2026-07-14T14:20:00Z', kind: 'requested', text: '' },
            { at: '2026-07-14T14:20:01Z', kind: 'applied', text: '' },
            { at: '2026-07-14T14:20:02Z', kind: 'observed', text: '' },
          ],
        })}
      />,
    );
    const steps = within(screen.getByRole('list', { name: 'Steps' }));
    expect(
      steps.getAllByRole('listitem').map(({ textContent }) => textContent),
    ).toEqual([
      expect.stringMatching(/^Requested, done/),
      expect.stringMatching(/^Applied in \d of \d clusters?, done/),
      expect.stringMatching(/^Seen by the portal, done/),
      'Seen in traffic, under wayNot yet: 12 requests since, 50 are needed to tell',
    ]);
    expect(
      steps
        .getAllByRole('listitem')
        .filter(step => step.getAttribute('aria-current') === 'step'),
    ).toHaveLength(1);
  });
});
