/** What is known of an Iceberg sink and of what it has written. */
export interface SinkFacts {
  readonly connector: string;
  /** Undefined when Kafka Connect has no such connector. */
  readonly control: { readonly topic: string; readonly exists: boolean } | undefined;
  /** The group of its coordinator, and how many members it has. */
  readonly coordinators: { readonly group: string; readonly members: number };
  /** Of each partition with records that the lake does not hold: the first of them. */
  readonly waiting: readonly WaitingRecord[];
  /** Files that more than one snapshot added. */
  readonly doubled: readonly DoubledFile[];
}

export interface WaitingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Epoch ms. */
  readonly timestamp: number;
}

export interface DoubledFile {
  readonly table_name: string;
  readonly file_path: string;
  readonly snapshots: number;
}

export type CheckName = 'control_topic' | 'coordinator' | 'commits' | 'doubled_files';
export type Check = Readonly<{ name: CheckName; healthy: boolean; message: string }>;

/**
 * Whether a sink does its work, by what its known failures look like from outside: its status says RUNNING in all of them.
 * @param lateMs a record may wait this long for its commit
 * @param now epoch ms
 */
export function judgeSink(facts: SinkFacts, lateMs: number, now: number): readonly Check[] {
  return [controlTopic(facts), coordinator(facts), commits(facts, lateMs, now), doubledFiles(facts)];
}

function controlTopic({ connector, control }: SinkFacts): Check {
  const name = 'control_topic';
  if (control === undefined)
    return sick(name, `Kafka Connect has no connector ${connector}.`, 'Make it: run start-stream (the DAG stream).');
  if (!control.exists)
    return sick(
      name,
      `The control topic ${control.topic} of ${connector} is not there any more. Files that its tasks had announced there, and that were not committed, never will be.`,
      'Run start-stream (the DAG stream): it makes a topic under a new name, and the connector goes on with it. Then run ratehouse ledger: it names what the lake lacks, which Kafka keeps for seven days.',
    );
  return well(name, `${control.topic} is there`);
}

function coordinator({ connector, coordinators: { group, members } }: SinkFacts): Check {
  const name = 'coordinator';
  if (members === 1) return well(name, `${group} has one member`);
  return members === 0
    ? sick(
        name,
        `Nobody is in the group ${group}: ${connector} has no coordinator, so nothing is committed.`,
        `Restart it: POST /connectors/${connector}/restart?includeTasks=true to Kafka Connect. Nothing is lost: its tasks go on from Kafka.`,
      )
    : sick(
        name,
        `${members} members are in the group ${group}: more than one coordinator may commit, and the same files twice.`,
        `Find the connector that runs a second time (another Connect cluster with the same name, or another program in this group), and stop it. Then look at doubled_files.`,
      );
}

function commits({ connector, waiting }: SinkFacts, lateMs: number, now: number): Check {
  const name = 'commits';
  const [oldest] = [...waiting].sort((a, b) => a.timestamp - b.timestamp);
  if (oldest === undefined || now - oldest.timestamp <= lateMs) return well(name, 'the lake follows its topics');
  const { topic, partition, offset, timestamp } = oldest;
  return sick(
    name,
    `The lake does not follow: offset ${offset} of ${topic}-${partition}, of ${new Date(timestamp).toISOString()}, is not in it after ${Math.round((now - timestamp) / 1000)} s.`,
    `Look for "committed to 0 table(s)" and for errors in Kafka Connect's log; then restart ${connector}: POST /connectors/${connector}/restart?includeTasks=true. Kafka keeps the records for seven days.`,
  );
}

function doubledFiles({ doubled }: SinkFacts): Check {
  const name = 'doubled_files';
  const [first] = doubled;
  if (first === undefined) return well(name, 'each file was added once');
  return sick(
    name,
    `${doubled.length} file(s) were added by more than one snapshot, the first ${first.file_path} of ${first.table_name}, by ${first.snapshots}: its rows are read as often. The batch lane takes each trade once all the same.`,
    'Pause the DAG lake_compaction, which would make rows of their own of the copies, and run ratehouse ledger: it names the trades that are there twice.',
  );
}

const well = (name: CheckName, message: string): Check => ({ name, healthy: true, message });
const sick = (name: CheckName, found: string, todo: string): Check => ({
  name,
  healthy: false,
  message: `${found} ${todo}`,
});
