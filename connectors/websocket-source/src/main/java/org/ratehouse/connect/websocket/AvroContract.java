package org.ratehouse.connect.websocket;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;

/** Reads the Avro schema of a topic's values in Connect's terms; of Avro, what contracts/ uses. */
final class AvroContract {

  /**
   * Under this name Avro converters look for a decimal's precision, which Connect has no place for.
   */
  static final String PRECISION = "connect.decimal.precision";

  private AvroContract() {}

  /**
   * The record's schema, its fields in the contract's order: a converter writes them by position.
   *
   * @throws IllegalArgumentException says what cannot be read
   */
  static Schema parse(String text) {
    Object tree;
    try {
      tree = JsonTree.read(text);
    } catch (IOException e) {
      // Not the parser's own words: they quote the text.
      throw new IllegalArgumentException("it is not JSON");
    }
    Map<?, ?> record = object(tree, "an Avro record");
    if (!"record".equals(record.get("type")) || !(record.get("fields") instanceof List<?> fields)) {
      throw new IllegalArgumentException("wanted an Avro record with its fields");
    }
    Object namespace = record.get("namespace");
    SchemaBuilder schema =
        SchemaBuilder.struct()
            .name((namespace == null ? "" : namespace + ".") + record.get("name"));
    for (Object each : fields) {
      Map<?, ?> field = object(each, "a field");
      String name = String.valueOf(field.get("name"));
      try {
        schema.field(name, field(field));
      } catch (RuntimeException e) {
        throw new IllegalArgumentException("field " + name + ": " + e.getMessage(), e);
      }
    }
    return schema.build();
  }

  private static Schema field(Map<?, ?> field) {
    Object type = field.get("type");
    boolean optional = type instanceof List<?>;
    if (type instanceof List<?> union) {
      List<?> others = union.stream().filter(branch -> !"null".equals(branch)).toList();
      if (union.size() != 2 || others.size() != 1) {
        throw new IllegalArgumentException("wanted a union of null and one type, found " + union);
      }
      type = others.get(0);
    }
    SchemaBuilder schema = type(type);
    if (optional) {
      schema.optional();
    }
    Object otherwise = field.get("default");
    return (otherwise == null ? schema : schema.defaultValue(value(schema, otherwise))).build();
  }

  private static SchemaBuilder type(Object type) {
    if (type instanceof Map<?, ?> full) {
      Object logical = full.get("logicalType");
      if ("array".equals(full.get("type"))) {
        return SchemaBuilder.array(type(full.get("items")).build());
      }
      if ("decimal".equals(logical)) {
        return Decimal.builder(((Number) full.get("scale")).intValue())
            .parameter(PRECISION, String.valueOf(full.get("precision")));
      }
      if ("timestamp-millis".equals(logical)) {
        return Timestamp.builder();
      }
      if (logical == null) {
        return type(full.get("type"));
      }
    }
    return switch (String.valueOf(type)) {
      case "string" -> SchemaBuilder.string();
      case "boolean" -> SchemaBuilder.bool();
      case "int" -> SchemaBuilder.int32();
      case "long" -> SchemaBuilder.int64();
      case "float" -> SchemaBuilder.float32();
      case "double" -> SchemaBuilder.float64();
      case "bytes" -> SchemaBuilder.bytes();
      default -> throw new IllegalArgumentException("no type is known for " + type);
    };
  }

  private static Object value(Schema schema, Object json) {
    if (schema.name() == null) {
      switch (schema.type()) {
        case INT32:
          return ((Number) json).intValue();
        case INT64:
          return ((Number) json).longValue();
        case FLOAT32:
          return ((Number) json).floatValue();
        case FLOAT64:
          return ((Number) json).doubleValue();
        case STRING, BOOLEAN:
          return json;
        case ARRAY:
          return new ArrayList<>((List<?>) json);
        default:
          break;
      }
    }
    throw new IllegalArgumentException("no default is known for its type, found " + json);
  }

  private static Map<?, ?> object(Object tree, String what) {
    if (tree instanceof Map<?, ?> object) {
      return object;
    }
    throw new IllegalArgumentException("wanted " + what + " as a JSON object");
  }
}
