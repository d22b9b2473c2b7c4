import type { Engine } from '../lib/engine.ts';
import { airflowApiServer, airflowDagProcessor, airflowScheduler, airflowTriggerer } from './airflow.ts';
import { clickhouse } from './clickhouse.ts';
import { connect } from './connect.ts';
import { jobManager, sqlGateway, taskManager } from './flink.ts';
import { kafka } from './kafka.ts';
import { keeper } from './keeper.ts';
import { moto } from './moto.ts';
import { registry } from './registry.ts';
import { replayFeed } from './replay-feed.ts';
import { seaweedfs } from './seaweedfs.ts';
import { trino } from './trino.ts';

/** Every engine of the embedded stack; each is started after those named in its `after`, and stopped before them. */
export const engines: readonly Engine[] = [
  kafka,
  seaweedfs,
  moto,
  clickhouse,
  registry,
  jobManager,
  taskManager,
  sqlGateway,
  replayFeed,
  trino,
  connect,
  keeper,
  airflowApiServer,
  airflowScheduler,
  airflowDagProcessor,
  airflowTriggerer,
];
