import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../waitFor';
import { isRunning, readProcess } from './procStat';
import { RecordedProcesses } from './RecordedProcesses';

describe('RecordedProcesses', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lab-processes-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const sleeper = (key: string) => ({
    key,
    command: ['sleep', '600'],
    log: join(folder, 'log'),
  });

  it('ends what another one wrote down, group and all', async () => {
    const first = new RecordedProcesses(folder);
    const id = first.start({
      ...sleeper('group'),
      command: ['sh', '-c', 'sleep 600 & echo $!; wait'],
    });
    expect(isRunning(id)).toBe(true);
    const next = new RecordedProcesses(folder);
    expect(next.keys()).toEqual(['group']);
    await next.stopAll();
    await waitFor(() => !isRunning(id), {
      what: 'the end of the group',
      timeoutSeconds: 5,
    });
    expect(next.keys()).toEqual([]);
  });

  it('leaves a process alone that only has the recorded number', async () => {
    const processes = new RecordedProcesses(folder);
    const id = processes.start(sleeper('mine'));
    writeFileSync(
      join(folder, 'mine.json'),
      JSON.stringify({ ...id, startTime: id.startTime - 1 }),
    );
    await processes.stop('mine');
    expect(readProcess(id.pid)).toEqual(id);
    process.kill(id.pid, 'SIGKILL');
  });

  it('starts nothing after it was closed', () => {
    const processes = new RecordedProcesses(folder);
    processes.close();
    expect(() => processes.start(sleeper('late'))).toThrow('the lab is ending');
    expect(existsSync(join(folder, 'late.json'))).toBe(false);
  });

  it('insists when a process does not hear SIGTERM', async () => {
    const processes = new RecordedProcesses(folder);
    const log = join(folder, 'log');
    const id = processes.start({
      key: 'deaf',
      command: [
        'sh',
        '-c',
        'trap "" TERM; echo deaf; while :; do sleep 1; done',
      ],
      log,
    });
    await waitFor(() => existsSync(log) && isRunning(id), {
      what: 'the start',
      timeoutSeconds: 5,
    });
    await processes.stop('deaf', 300);
    await waitFor(() => !isRunning(id), {
      what: 'the end by SIGKILL',
      timeoutSeconds: 5,
    });
    expect(processes.keys()).toEqual([]);
  });
});
