package org.ratehouse.connect.clickhouse;

import java.util.Optional;
import org.apache.avro.Schema;

/** One schema of the registry, a record, under its id. */
final class AvroShape implements Shape {
  private final int id;
  private final Schema avro;
  private final org.apache.kafka.connect.data.Schema fields;

  AvroShape(int id, Schema avro) {
    this.id = id;
    this.avro = avro;
    this.fields = AvroSchemas.toConnect(avro);
  }

  int id() {
    return id;
  }

  @Override
  public Optional<org.apache.kafka.connect.data.Schema> schema() {
    return Optional.of(fields);
  }

  /**
   * Held against the table by the rules for any record with a schema, and read by a faster plan.
   */
  @Override
  public RowPlan plan(Table table) {
    return AvroPlan.of(table, avro, StructPlan.of(table, fields).columns());
  }
}
