import { midReplayPromises } from '../support/mid-replay-promises.ts';

midReplayPromises('flink-taskmanager');
