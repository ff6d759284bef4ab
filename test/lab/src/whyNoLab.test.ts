import { obstacles } from './whyNoLab';

describe('obstacles', () => {
  it('says what is missing and which package brings it', () => {
    const sentences = obstacles({ platform: 'linux', uid: 1000, path: '' });
    expect(sentences).toEqual([
      expect.stringContaining('as root'),
      expect.stringMatching(/iptables.*prometheus.*apt-get install/),
    ]);
  });

  it('says nothing else on another system', () => {
    expect(obstacles({ platform: 'darwin', uid: 501, path: '' })).toEqual([
      expect.stringContaining('runs darwin'),
    ]);
  });
});
