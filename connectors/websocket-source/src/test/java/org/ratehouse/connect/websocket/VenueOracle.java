package org.ratehouse.connect.websocket;

import java.util.List;
import org.ratehouse.connect.websocket.OracleJson.Value;

/** What a venue's frame must yield, worked out from the frame's JSON and no code of the source. */
interface VenueOracle {

  /** What the frame is. */
  sealed interface Meaning {

    /** Not a message of the venue: one refused frame. */
    record Bad() implements Meaning {}

    /** A message that the venue may send and that carries no trade: nothing comes of it. */
    record Control() implements Meaning {}

    /** Either of the two: it is at the limit of what is read. */
    record BadOr(Meaning meaning) implements Meaning {}

    /** Each of these becomes a trade or a refused one, in this order. */
    record Trades(List<Item> items) implements Meaning {}
  }

  /**
   * What stands in a trade's place.
   *
   * @param symbol null when it is not a string
   * @param price null when it is not a number; so are volume and time
   * @param conditions null when they are not an array of strings
   * @param tradeId null when there is none
   * @param source what was written
   */
  record Item(
      String symbol,
      String price,
      String volume,
      String time,
      List<String> conditions,
      String tradeId,
      String source) {}

  Meaning meaning(Value root);

  /** Of a text frame, JSON or not. */
  default Meaning meaning(String text) {
    OracleJson json = new OracleJson(text);
    try {
      Meaning meaning = meaning(json.parse());
      return json.isNearMost() ? new Meaning.BadOr(meaning) : meaning;
    } catch (OracleJson.NotJson e) {
      return new Meaning.Bad();
    }
  }
}
