import { midReplayPromises } from '../support/mid-replay-promises.ts';

midReplayPromises('connect');
