import { candidateNetworks, networkOf, parseRoutes } from './subnets';

const HEADER =
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
const line = (iface: string, destination: string, mask: string) =>
  `${iface}\t${destination}\t00000000\t0001\t0\t0\t0\t${mask}\t0\t0\t0\n`;

describe('parseRoutes', () => {
  it('reads little-endian hexadecimal and leaves the default route out', () => {
    const routes = parseRoutes(
      HEADER +
        line('eth0', '00000000', '00000000') +
        line('eth0', '000200C0', '00FFFFFF'),
    );
    // 192.0.2.0/24
    expect(routes).toEqual([{ destination: 0xc0000200, mask: 0xffffff00 }]);
  });

  it('reads a file without routes', () => {
    expect(parseRoutes(HEADER)).toEqual([]);
  });
});

describe('candidateNetworks', () => {
  it('gives every network once, the same first one for the same name', () => {
    const networks = candidateNetworks('lab', []);
    expect(networks).toHaveLength(250);
    expect(new Set(networks.map(({ index }) => index)).size).toBe(250);
    expect(candidateNetworks('lab', [])[0]).toEqual(networks[0]);
    expect(candidateNetworks('other', [])[0]).not.toEqual(networks[0]);
  });

  it('leaves out what the machine has a route into: a single network, or all of them', () => {
    const [first, second] = candidateNetworks('lab', []);
    const link = parseRoutes(
      HEADER +
        line(
          first.linkName,
          Buffer.from([0, first.index, 21, 10]).toString('hex').toUpperCase(),
          'FCFFFFFF',
        ),
    );
    expect(candidateNetworks('lab', link)[0]).toEqual(second);
    const allPods = [{ destination: 0x0a140000, mask: 0xffff0000 }];
    expect(candidateNetworks('lab', allPods)).toEqual([]);
  });

  it('names an interface that the kernel accepts', () => {
    expect(networkOf(250).linkName.length).toBeLessThanOrEqual(15);
  });
});
