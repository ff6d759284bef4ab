import { splitLead } from './splitLead';

describe('splitLead', () => {
  it('takes the status word off, in a part of its own or not', () => {
    expect(splitLead([{ text: 'Degraded: 3.2 % fail.' }])).toEqual({
      lead: 'Degraded',
      rest: [{ text: '3.2 % fail.' }],
    });
    expect(
      splitLead([{ text: 'Not enough traffic: ' }, { text: '3 requests.' }]),
    ).toEqual({
      lead: 'Not enough traffic',
      rest: [{ text: '3 requests.' }],
    });
  });

  it('leaves a sentence without one as it is', () => {
    const sentence = [{ text: 'All 41 failures came from v2: v1 had none.' }];
    expect(splitLead(sentence)).toEqual({ rest: sentence });
    expect(splitLead([])).toEqual({ rest: [] });
  });

  it('does not take a workload for a status', () => {
    const sentence = [
      { text: 'Checkout: ', workload: { namespace: 'shop', name: 'checkout' } },
    ];
    expect(splitLead(sentence)).toEqual({ rest: sentence });
  });
});
