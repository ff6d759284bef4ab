import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { CopyText } from './CopyText';

describe('CopyText', () => {
  it('copies the text as it stands', async () => {
    const user = userEvent.setup();
    const writeText = jest.spyOn(navigator.clipboard, 'writeText');
    render(<CopyText text="kubectl get pods" label="command" />);
    await user.click(screen.getByRole('button', { name: 'Copy command' }));
    expect(
      await screen.findByRole('button', { name: 'Copied' }),
    ).toBeInTheDocument();
    expect(writeText).toHaveBeenCalledWith('kubectl get pods');
  });

  it('says so when the browser has no clipboard', async () => {
    const user = userEvent.setup();
    jest
      .spyOn(navigator.clipboard, 'writeText')
      .mockRejectedValue(new Error('not allowed'));
    render(<CopyText text="kubectl get pods" label="command" />);
    await user.click(screen.getByRole('button', { name: 'Copy command' }));
    expect(await screen.findByRole('status')).toHaveTextContent(
      'The browser does not allow copying here. Select the text instead.',
    );
  });
});
