/**
 * What kafka.ts and the keeper use of kafkajs below its public interface, which can read a topic only through a consumer group.
 * kafkajs is pinned to one version in package.json; test/stack/ledger-reader.test.ts holds these shapes against a real broker.
 */
declare module 'kafkajs/src/network/socketFactory.js' {
  const socketFactory: () => unknown;
  export default socketFactory;
}

declare module 'kafkajs/src/cluster/index.js' {
  import type { Logger } from 'kafkajs';

  export interface RawRecord {
    readonly offset: string;
    readonly timestamp: string;
    readonly key: Buffer | null;
    readonly value: Buffer | null;
    readonly isControlRecord: boolean;
    readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
  }

  export interface FetchedPartition {
    readonly partition: number;
    readonly highWatermark: string;
    readonly messages: readonly RawRecord[];
  }

  export interface Broker {
    fetch(request: {
      replicaId: number;
      isolationLevel: 0 | 1;
      maxWaitTime: number;
      minBytes: number;
      maxBytes: number;
      topics: readonly {
        topic: string;
        partitions: readonly { partition: number; fetchOffset: string; maxBytes: number }[];
      }[];
    }): Promise<{ responses: readonly { topicName: string; partitions: readonly FetchedPartition[] }[] }>;
    initProducerId(request: {
      transactionalId: string;
      transactionTimeout: number;
    }): Promise<{ producerId: string; producerEpoch: number }>;
    produce(request: {
      acks: number;
      timeout: number;
      transactionalId: string;
      producerId: string;
      producerEpoch: number;
      compression: number;
      topicData: readonly {
        topic: string;
        partitions: readonly {
          partition: number;
          firstSequence: number;
          messages: readonly { key: string | null; value: string }[];
        }[];
      }[];
    }): Promise<unknown>;
    listOffsets(request: {
      replicaId: number;
      isolationLevel: 0 | 1;
      topics: readonly {
        topic: string;
        partitions: readonly { partition: number; timestamp: number }[];
      }[];
    }): Promise<{ responses: readonly PartitionOffsets[] }>;
  }

  export interface PartitionOffsets {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
  }

  export default class Cluster {
    constructor(options: {
      logger: Logger;
      socketFactory: unknown;
      brokers: readonly string[];
      clientId: string;
      connectionTimeout: number;
      requestTimeout: number;
      enforceRequestTimeout: boolean;
      metadataMaxAge: number;
      retry: { retries: number; initialRetryTime: number };
      allowAutoTopicCreation: boolean;
      maxInFlightRequests: number | null;
      isolationLevel: 0 | 1;
    });
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
    metadata(): Promise<{
      topicMetadata: readonly {
        readonly topic: string;
        readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
      }[];
    }>;
    refreshMetadata(): Promise<void>;
    refreshMetadataIfNecessary(): Promise<void>;
    findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[];
    findGroupCoordinator(group: { groupId: string; coordinatorType: 0 | 1 }): Promise<Broker>;
    findBroker(node: { nodeId: number | string }): Promise<Broker>;
    fetchTopicsOffset(
      topics: readonly { topic: string; fromBeginning: boolean; partitions: readonly { partition: number }[] }[],
    ): Promise<readonly PartitionOffsets[]>;
  }
}
