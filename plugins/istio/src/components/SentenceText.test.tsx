import { screen } from '@testing-library/react';
import { renderWithMesh } from '../__testUtils__/renderWithMesh';
import { paymentsMesh } from '../__testUtils__/fixtures';
import { SentenceText } from './SentenceText';

describe('SentenceText', () => {
  it('links entities and sets the status word in bold', () => {
    renderWithMesh(
      <p>
        <SentenceText sentence={paymentsMesh.health!.cause} boldLead />
      </p>,
    );
    expect(screen.getByText('Degraded:').tagName).toBe('STRONG');
    expect(screen.getByRole('link', { name: 'checkout' })).toHaveAttribute(
      'href',
      '/catalog/default/component/checkout/mesh',
    );
  });

  it('keeps numbers and units together', () => {
    renderWithMesh(
      <p data-testid="sentence">
        <SentenceText sentence={[{ text: '41 of 1,280 in 5 min, 3.2 %.' }]} />
      </p>,
    );
    expect(screen.getByTestId('sentence').textContent).toBe(
      '41 of 1,280 in 5\u00a0min, 3.2\u00a0%.',
    );
  });
});
