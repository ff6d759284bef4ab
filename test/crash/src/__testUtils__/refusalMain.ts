import { runRefusal } from './journeys/runRefusal';
import { serveTasks } from './serveTasks';

serveTasks(runRefusal);
