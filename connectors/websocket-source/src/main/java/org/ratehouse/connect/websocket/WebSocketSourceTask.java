package org.ratehouse.connect.websocket;

import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires a feed together and hands its records to the worker. */
public final class WebSocketSourceTask extends SourceTask {

  private static final Logger LOG = LoggerFactory.getLogger(WebSocketSourceTask.class);

  private FeedState state;
  private FeedRecords records;
  private volatile FeedReader reader;

  @Override
  public String version() {
    return PluginVersion.get();
  }

  @Override
  public void start(Map<String, String> properties) {
    FeedOptions options = FeedOptions.from(properties);
    state = new FeedState(options);
    records = new FeedRecords(options);
    resume(options);
    HttpClient client = HttpClient.newHttpClient();
    reader =
        new FeedReader(
            options,
            state,
            new Backoff(options.backoffInitialMs(), options.backoffMaxMs(), new SplittableRandom()),
            Moment::now,
            () -> FeedConnection.open(client, options));
  }

  private void resume(FeedOptions options) {
    FeedOffset offset =
        FeedOffset.fromMap(
            context.offsetStorageReader().offset(FeedOffset.partition(options.feed())));
    if (offset == null) {
      LOG.info("Feed {} starts for the first time.", options.feed());
      return;
    }
    LOG.info(
        "Feed {} goes on after connection {}, sequence {}.",
        options.feed(),
        offset.connectionId(),
        offset.counts().lastSequence());
    state.resume(offset, Moment.now());
  }

  /** Null when nothing happened for about a second; the worker asks again at once. */
  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    reader.read();
    if (state.waiting() == 0) {
      return null;
    }
    return records.of(state.takeOutputs(), state.offset());
  }

  @Override
  public void stop() {
    FeedReader running = reader;
    if (running != null) {
      running.stop();
    }
  }
}
