package org.ratehouse.connect.clickhouse;

import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.metrics.PluginMetrics;

/**
 * What the writers of a task share.
 *
 * @param shapes makes what tells the shapes of one topic's records
 * @param executor runs the inserts, each of which blocks until it is acknowledged
 * @param metrics Connect's, of this task
 * @param evolution whether a column may be added for a new field
 * @param clockMs milliseconds that never go back
 */
record WriterParts(
    TableStore store,
    ErrantRecords errant,
    Supplier<RecordShapes> shapes,
    Executor executor,
    PluginMetrics metrics,
    boolean evolution,
    LongSupplier clockMs) {}
