package org.ratehouse.connect.clickhouse;

import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;

/** Tells the shapes of one topic's records. Which of its kinds is chosen once, at the start. */
interface RecordShapes {
  /**
   * The same object for records that follow each other with the same schema.
   *
   * @throws Refusal for a value that is no record of any shape, which is its own fault
   */
  Shape of(SinkRecord record);

  /** What the topic's records are going to look like, as far as that is known without one. */
  Optional<Shape> expected(String topic);
}
