const PREFIX = 'mesh:default/';

/**
 * Stands as the entity of a change whose object concerns no component. It is written like a ref and no
 * catalog has it.
 */
export function entityOfCluster(cluster: string): string {
  return `${PREFIX}${cluster}`;
}

export function isOfNoComponent(entityRef: string): boolean {
  return entityRef.startsWith(PREFIX);
}
