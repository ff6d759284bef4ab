import { spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  createWriteStream,
  mkdirSync,
  openSync,
  readFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

const running = new Set();

/** Runs a command to its end; gives its exit code and the tail of what it printed. */
export function run(command, args, { cwd, env, log, echo = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    const file = log && openLog(log);
    let tail = '';
    const take = chunk => {
      tail = (tail + chunk).slice(-200_000);
      file?.write(chunk);
      if (echo) process.stdout.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', code => {
      running.delete(child);
      file?.end();
      resolve({ code: code ?? 1, output: tail });
    });
  });
}

/**
 * Starts a server in a process group of its own, so that Ctrl-C reaches it through stopAll only and
 * in order. `onExit` hears of an end that nobody asked for.
 */
export function startServer(name, command, args, { cwd, env, log, onExit }) {
  mkdirSync(dirname(log), { recursive: true });
  // Straight to the file: with a pipe, a server that outlives us would choke on its own log lines.
  const file = openSync(log, 'w');
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', file, file],
    detached: process.platform !== 'win32',
  });
  running.add(child);
  closeSync(file);
  const server = {
    name,
    child,
    stopping: false,
    tail: () => readFileSync(log, 'utf8').slice(-20_000),
  };
  server.exited = new Promise(resolve => {
    child.on('error', error => {
      appendFileSync(log, String(error));
      resolve(1);
    });
    child.on('close', code => {
      running.delete(child);
      if (!server.stopping) onExit?.(server, code ?? 1);
      resolve(code ?? 1);
    });
  });
  return server;
}

/** Ends one server: asks, waits (milliseconds), then insists. */
export async function stopServer(server, patience = 10_000) {
  if (server.child.exitCode !== null || server.child.signalCode !== null)
    return;
  server.stopping = true;
  signal(server.child, 'SIGTERM');
  const insist = setTimeout(() => signal(server.child, 'SIGKILL'), patience);
  await server.exited;
  clearTimeout(insist);
}

/** Ends whatever run() and startServer() left running. */
export function killAll() {
  for (const child of running) signal(child, 'SIGKILL');
}

function signal(child, name) {
  try {
    if (
      process.platform !== 'win32' &&
      child.spawnargs &&
      child.pid &&
      isGroup(child)
    ) {
      process.kill(-child.pid, name);
    } else {
      child.kill(name);
    }
  } catch {
    // It ended between the look and the signal.
  }
}

/** Only servers are group leaders; run() children share our group and get Ctrl-C from the terminal. */
function isGroup(child) {
  try {
    process.kill(-child.pid, 0);
    return true;
  } catch {
    return false;
  }
}

function openLog(path) {
  mkdirSync(dirname(path), { recursive: true });
  return createWriteStream(path);
}
