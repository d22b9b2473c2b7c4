package org.ratehouse.connect.websocket;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Wires a feed together and hands its records to the worker. */
public final class WebSocketSourceTask extends SourceTask {

  private static final Logger LOG = LoggerFactory.getLogger(WebSocketSourceTask.class);
  private static final long MOST_WAIT_MS = 1_000;
  private static final long STOP_MS = 2_000;

  private FeedOptions options;
  private FeedRecords records;
  private FeedQueue queue;
  private List<SourceRecord> leftByOthers = new ArrayList<>();
  private SymbolsTopic symbolsTopic;
  private FeedReader reader;
  private Thread thread;
  private WorkerWatch watch;

  @Override
  public String version() {
    return PluginVersion.get();
  }

  @Override
  public void start(Map<String, String> properties) {
    try {
      begin(FeedOptions.from(properties));
    } catch (RuntimeException e) {
      // The worker does not stop a task that did not start.
      stop();
      throw e;
    }
  }

  private void begin(FeedOptions configured) {
    HttpClient client = Tls.client(configured.tlsCaFile());
    WantedSymbols symbols = new WantedSymbols(Moment::now);
    options = configured.withSymbols(firstSymbols(configured, symbols));
    symbols.begin(options.symbols());
    records = new FeedRecords(options);
    FeedState state = firstState();
    queue = new FeedQueue(options.queueMaxTrades(), options.queueMaxBytes());
    reader =
        new FeedReader(
            options,
            state,
            queue,
            new Backoff(options.backoffInitialMs(), options.backoffMaxMs(), new SplittableRandom()),
            Moment::now,
            (wanted, overlapping) -> FeedConnection.open(client, options, wanted, overlapping),
            FeedMetrics.of(context.pluginMetrics(), queue::trades, queue::bytes),
            symbols,
            symbolsTopic == null ? () -> {} : symbolsTopic::check);
    thread = thread("feed-reader", reader);
    thread.start();
    watch = new WorkerWatch(options.feed(), options.workerTimeoutMs(), Moment::now);
    thread("feed-worker-watch", watch).start();
  }

  /** All symbols of the feed. */
  private List<String> firstSymbols(FeedOptions configured, WantedSymbols symbols) {
    if (configured.symbolsTopic().isEmpty()) {
      return configured.feedSymbols();
    }
    symbolsTopic = SymbolsTopic.open(configured, named -> symbols.want(configured.share(named)));
    return symbolsTopic.first();
  }

  private FeedState firstState() {
    Map<Integer, FeedOffset> offsets =
        FeedOffset.all(options.feed(), context.offsetStorageReader());
    FeedOffset own = offsets.get(options.taskIndex());
    if (own == null) {
      LOG.info("Feed {} starts for the first time.", options.feed());
    } else {
      LOG.info(
          "Feed {} goes on after connection {}, sequence {}.",
          options.feed(),
          own.connectionId(),
          own.counts().lastSequence());
    }
    TaskStart start = TaskStart.of(options, offsets, Moment.now());
    for (FormerTasks.Left left : start.left()) {
      leftByOthers.addAll(new FeedRecords(options, left.task()).of(left.outputs(), left.offset()));
    }
    return start.state();
  }

  private Thread thread(String role, Runnable work) {
    // The worker's context of log lines, which names the connector and the task.
    Map<String, String> logContext = MDC.getCopyOfContextMap();
    Thread reading =
        new Thread(
            () -> {
              if (logContext != null) {
                MDC.setContextMap(logContext);
              }
              work.run();
            },
            "%s-%s-%d".formatted(role, options.feed(), options.taskIndex()));
    reading.setDaemon(true);
    return reading;
  }

  /**
   * Null when nothing happened for about a second; the worker asks again at once. All that one poll
   * returns is one transaction, and has the offset of its end.
   *
   * @throws ConnectException when the reader has given up or died, after what it left is returned;
   *     when the worker took too long to write what the poll before returned
   */
  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    watch.asked();
    List<SourceRecord> next = next();
    if (next != null) {
      watch.given();
    }
    return next;
  }

  /** The worker calls it, on the thread that polls, once a transaction is committed. */
  @Override
  public void commit() {
    watch.written();
  }

  private List<SourceRecord> next() throws InterruptedException {
    if (!leftByOthers.isEmpty()) {
      List<SourceRecord> first = leftByOthers;
      leftByOthers = List.of();
      return first;
    }
    List<FeedBatch> batches = queue.take(MOST_WAIT_MS, options.batchMaxTrades());
    if (batches.isEmpty()) {
      ConnectException failure = reader.failure();
      if (failure != null) {
        throw failure;
      }
      return null;
    }
    return records.of(outputs(batches), batches.get(batches.size() - 1).offset());
  }

  private static List<FeedOutput> outputs(List<FeedBatch> batches) {
    if (batches.size() == 1) {
      return batches.get(0).outputs();
    }
    List<FeedOutput> outputs = new ArrayList<>();
    for (FeedBatch batch : batches) {
      outputs.addAll(batch.outputs());
    }
    return outputs;
  }

  /**
   * The worker polls no more. What is queued is not written, and the stored offset says so: it lies
   * before all of that, and so does the start of the gap which the next start reports.
   */
  @Override
  public void stop() {
    if (watch != null) {
      watch.end();
    }
    if (thread != null) {
      stopReader();
    }
    if (symbolsTopic != null) {
      symbolsTopic.close();
    }
  }

  private void stopReader() {
    queue.close();
    reader.stop();
    try {
      thread.join(STOP_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.info(
        "Feed {} stopped with {} trades taken in and not written; the next start reports the gap.",
        options.feed(),
        queue.trades() + reader.unwritten());
  }
}
