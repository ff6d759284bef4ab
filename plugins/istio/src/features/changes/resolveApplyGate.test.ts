import { buildPreview } from './__fixtures__/changes';
import { resolveApplyGate, ticketProblem } from './resolveApplyGate';

const ready = { kind: 'ready', preview: buildPreview() } as const;
const gate = (more: Partial<Parameters<typeof resolveApplyGate>[0]>) =>
  resolveApplyGate({
    reason: 'Next step',
    ticket: '',
    preview: ready,
    ...more,
  });

describe('resolveApplyGate', () => {
  it('opens and says as whom, where and what then', () => {
    expect(gate({})).toEqual({
      open: true,
      text: 'Runs as mira.kovac in prod-eu and prod-us, then watches traffic. You can undo it from there.',
    });
  });

  it.each([
    [{ formProblem: 'no cluster is chosen' }, 'no cluster is chosen.'],
    [{ reason: '' }, 'the reason is missing.'],
    [{ reason: ' ab ' }, 'the reason needs at least 3 characters.'],
    [{ ticket: 'CAT 219' }, 'a ticket has no spaces.'],
    [{ preview: { kind: 'none' } }, 'there is no preview yet.'],
    [
      { preview: { kind: 'loading', previous: buildPreview() } },
      'the preview is being computed.',
    ],
    [
      { preview: { kind: 'failed', message: 'weights[0].key is no version' } },
      'there is no preview: weights[0].key is no version.',
    ],
  ] as const)('says why it is closed: %p', (more, text) => {
    expect(gate(more)).toEqual({ open: false, text });
  });

  it('puts what nobody can type away before a missing reason', () => {
    const preview = buildPreview({
      apply: { allowed: false, reasons: ['prod-eu: not allowed'] },
    });
    expect(gate({ reason: '', preview: { kind: 'ready', preview } }).text).toBe(
      'prod-eu: not allowed.',
    );
  });

  it('stays closed when the server refuses without a reason', () => {
    const preview = buildPreview({ apply: { allowed: false, reasons: [] } });
    expect(gate({ preview: { kind: 'ready', preview } })).toEqual({
      open: false,
      text: 'the server does not allow it and gave no reason.',
    });
  });
});

describe('ticketProblem', () => {
  it('takes none, an id and an address', () => {
    expect(ticketProblem('')).toBeUndefined();
    expect(ticketProblem('CAT-219')).toBeUndefined();
    expect(ticketProblem('https://tracker.example/1')).toBeUndefined();
    expect(ticketProblem('x'.repeat(201))).toMatch(/200/);
  });
});
