package org.ratehouse.connect.websocket;

import static org.ratehouse.connect.websocket.FeedConfig.TOPIC_TRADES_CONTRACT;
import static org.ratehouse.connect.websocket.FeedConfig.TRADES_FIELDS;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;

/** Whether the contracts of the topics can be filled. */
final class ContractConflicts {

  private final Map<String, Object> valid;
  private final List<OptionConflict> conflicts = new ArrayList<>();

  private ContractConflicts(Map<String, Object> valid) {
    this.valid = valid;
  }

  static List<OptionConflict> in(Map<String, Object> valid) {
    ContractConflicts found = new ContractConflicts(valid);
    Schema trade = found.contract(TOPIC_TRADES_CONTRACT, FeedSchemas.TRADE);
    found.contract(FeedConfig.TOPIC_FEED_EVENTS_CONTRACT, FeedSchemas.FEED_EVENT);
    found.contract(FeedConfig.TOPIC_DLQ_CONTRACT, FeedSchemas.REFUSED_TRADE);
    if (trade != null && valid.get(TRADES_FIELDS) instanceof List<?> entries) {
      entries.forEach(entry -> found.field((String) entry, trade));
    }
    return found.conflicts;
  }

  /** Null when it cannot be filled. */
  private Schema contract(String option, Schema own) {
    try {
      return FeedContracts.schema((String) valid.get(option), own);
    } catch (IllegalArgumentException e) {
      conflicts.add(new OptionConflict(option, FeedContracts.refusal(option, e)));
      return null;
    }
  }

  private void field(String entry, Schema trade) {
    String[] pair = VenueFields.pair(entry);
    if (pair == null) {
      refuse(
          TRADES_FIELDS, "%s holds '%s', wanted column=field of the venue.", TRADES_FIELDS, entry);
      return;
    }
    Field column = trade.field(pair[0]);
    boolean fits =
        column != null
            && column.schema().isOptional()
            && column.schema().type() == Schema.Type.STRING
            && FeedSchemas.TRADE.field(pair[0]) == null;
    if (!fits) {
      refuse(
          TRADES_FIELDS,
          "%s names %s, which must be an optional string of %s, and none that the connector fills"
              + " itself. Add it to the contract, or take it out.",
          TRADES_FIELDS,
          pair[0],
          TOPIC_TRADES_CONTRACT);
    }
  }

  private void refuse(String option, String message, Object... values) {
    conflicts.add(new OptionConflict(option, message.formatted(values)));
  }
}
