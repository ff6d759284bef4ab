import { generateWorld } from '@istio-backstage/sandbox';
import { OWNER } from './createWorldFiles';

/** The generated world, with one person who may change all of it. */
export function benchScenario(size: {
  services: number;
  podsPerService: number;
}): ReturnType<typeof generateWorld> {
  const scenario = generateWorld(size);
  return {
    ...scenario,
    teams: scenario.teams.map(team => ({
      ...team,
      members: [...team.members, OWNER],
    })),
  };
}
