/** A change's title where the component is clear from the place: without its name in front. */
export function presentChangeTitle(title: string, component: string): string {
  const prefix = `${component}: `;
  return title.startsWith(prefix) ? title.slice(prefix.length) : title;
}
