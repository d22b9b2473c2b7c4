package org.ratehouse.connect.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;

/**
 * The schemas of a feed's topics. They come with the configuration, so that this plugin and the
 * contract may be of different age: a field that the plugin does not know is left to its default,
 * or filled by {@link VenueFields}; one that the contract has no longer is not written.
 *
 * @param venueFields what of a trade's own part of the frame goes into fields of its record
 */
record FeedContracts(Schema trade, Schema event, Schema refused, VenueFields venueFields) {

  static FeedContracts from(AbstractConfig config) {
    return new FeedContracts(
        schema(config, FeedConfig.TOPIC_TRADES_CONTRACT, FeedSchemas.TRADE),
        schema(config, FeedConfig.TOPIC_FEED_EVENTS_CONTRACT, FeedSchemas.FEED_EVENT),
        schema(config, FeedConfig.TOPIC_DLQ_CONTRACT, FeedSchemas.REFUSED_TRADE),
        VenueFields.of(config.getList(FeedConfig.TRADES_FIELDS)));
  }

  private static Schema schema(AbstractConfig config, String option, Schema own) {
    try {
      return schema(config.getString(option), own);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(refusal(option, e));
    }
  }

  static String refusal(String option, IllegalArgumentException fault) {
    return "%s is no contract for this connector: %s.".formatted(option, fault.getMessage());
  }

  /**
   * The contract's schema; the plugin's own where none is given.
   *
   * @throws IllegalArgumentException says how the contract cannot be filled with what the plugin
   *     writes
   */
  static Schema schema(String contract, Schema own) {
    if (contract == null || contract.isBlank()) {
      return own;
    }
    Schema given = AvroContract.parse(contract);
    List<String> faults = new ArrayList<>();
    if (!Objects.equals(own.name(), given.name())) {
      faults.add("it is of " + given.name() + ", wanted " + own.name());
    }
    for (Field field : own.fields()) {
      Field there = given.field(field.name());
      if (there == null && !mayBeAbsent(field.schema())) {
        faults.add("it has no field " + field.name());
      } else if (there != null && !same(field.schema(), there.schema())) {
        faults.add("its field " + field.name() + " is of another type than the connector's");
      }
    }
    for (Field field : given.fields()) {
      if (own.field(field.name()) == null && !mayBeAbsent(field.schema())) {
        faults.add("the connector knows no value for its field " + field.name());
      }
    }
    if (faults.isEmpty()) {
      return given;
    }
    throw new IllegalArgumentException(String.join("; ", faults));
  }

  private static boolean mayBeAbsent(Schema schema) {
    return schema.isOptional() || schema.defaultValue() != null;
  }

  private static boolean same(Schema one, Schema other) {
    return one.type() == other.type()
        && one.isOptional() == other.isOptional()
        && Objects.equals(one.name(), other.name())
        && Objects.equals(one.parameters(), other.parameters())
        && (one.type() != Schema.Type.ARRAY || same(one.valueSchema(), other.valueSchema()));
  }
}
