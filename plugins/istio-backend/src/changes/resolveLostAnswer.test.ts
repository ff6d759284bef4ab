import { exampleChange } from './__testUtils__/exampleChange';
import { resolveLostAnswer } from './resolveLostAnswer';
import type { StoredChange, StoredOperation } from './types';

describe('resolveLostAnswer', () => {
  const [operation] = exampleChange('01X').operations as StoredOperation[];

  /** A delete of an object that is gone. */
  const ask = (state: StoredChange['state']) =>
    resolveLostAnswer({
      writer: { read: async () => undefined } as never,
      change: { ...exampleChange('01X'), state } as StoredChange,
      operation: { ...operation, action: 'delete' },
    });

  it('takes an object for deleted by the change that keeps others off it', async () => {
    expect(await ask('applying')).toMatchObject({ is: 'applied' });
  });

  it('does not say so of a change that keeps nobody off any more', async () => {
    expect(await ask('indeterminate')).toMatchObject({
      is: 'unclear',
      because: 'it is gone, perhaps by another change',
    });
  });
});
