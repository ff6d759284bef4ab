import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Hint } from './Hint';

describe('Hint', () => {
  it('can be tabbed to, and says more', async () => {
    render(<Hint text="All pods carry a sidecar">Sidecar 1.31.0</Hint>);
    await userEvent.tab();
    expect(screen.getByText('Sidecar 1.31.0')).toHaveFocus();
    await userEvent.hover(screen.getByText('Sidecar 1.31.0'));
    expect(await screen.findByRole('tooltip')).toHaveTextContent(
      'All pods carry a sidecar',
    );
    expect(screen.getByText('Sidecar 1.31.0')).toHaveAccessibleDescription(
      'All pods carry a sidecar',
    );
  });

  it('is plain words where there is nothing more to say', async () => {
    render(<Hint text={undefined}>Sidecar</Hint>);
    await userEvent.tab();
    expect(document.body).toHaveFocus();
  });
});
