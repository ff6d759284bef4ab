import { useEffect, useId, useSyncExternalStore } from 'react';

/** Hosts on the page, the one mounted last at the end. */
let hosts: readonly string[] = [];
const listeners = new Set<() => void>();

function change(next: readonly string[]): void {
  hosts = next;
  listeners.forEach(listener => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether this host was mounted last: of several cards on a page one shows the viewer, of a dialog and its page the dialog. */
export function useIsTopHost(): boolean {
  const id = useId();
  useEffect(() => {
    change([...hosts, id]);
    return () => change(hosts.filter(host => host !== id));
  }, [id]);
  return useSyncExternalStore(subscribe, () => hosts[hosts.length - 1] === id);
}
