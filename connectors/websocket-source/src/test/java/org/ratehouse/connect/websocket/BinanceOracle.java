package org.ratehouse.connect.websocket;

import java.util.List;
import org.ratehouse.connect.websocket.OracleJson.Kind;
import org.ratehouse.connect.websocket.OracleJson.Value;

/** Binance's messages by its documentation: events, raw or of a combined stream, and answers. */
final class BinanceOracle implements VenueOracle {

  private static final String ID = "\\d{1,18}";
  private static final String NUMBER = "[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?";

  @Override
  public Meaning meaning(Value root) {
    if (!root.is(Kind.OBJECT)) {
      return new Meaning.Bad();
    }
    Value data = root.field("data");
    boolean combined = data != null && data.is(Kind.OBJECT);
    boolean raw = text(root.field("e")) != null;
    boolean refusal = root.field("code") != null || root.field("error") != null;
    boolean answer = refusal || root.field("result") != null;
    if ((combined ? 1 : 0) + (raw ? 1 : 0) + (answer ? 1 : 0) != 1) {
      return new Meaning.Bad();
    }
    if (answer) {
      return refusal || isTaken(root) ? new Meaning.Control() : new Meaning.Bad();
    }
    return event(combined ? data : root);
  }

  private static boolean isTaken(Value root) {
    Value id = root.field("id");
    boolean ours = id != null && id.is(Kind.NUMBER) && id.text().matches(ID);
    return ours && root.field("result").is(Kind.NULL);
  }

  private static Meaning event(Value event) {
    String type = text(event.field("e"));
    if (!"trade".equals(type)) {
      return "serverShutdown".equals(type) ? new Meaning.Control() : new Meaning.Bad();
    }
    Value id = event.field("t");
    boolean numbered = id != null && id.is(Kind.NUMBER) && id.text().matches(ID);
    Value maker = event.field("m");
    // Without its number a trade cannot be told from another, so it has none of the rest either.
    return new Meaning.Trades(
        List.of(
            new Item(
                numbered ? text(event.field("s")) : null,
                number(event.field("p")),
                number(event.field("q")),
                plain(event.field("T")),
                maker != null && maker.is(Kind.TRUE) ? List.of("buyer_is_maker") : List.of(),
                numbered ? id.text() : null,
                event.source())));
  }

  private static String text(Value value) {
    return value != null && value.is(Kind.STRING) ? value.text() : null;
  }

  private static String plain(Value value) {
    return value != null && value.is(Kind.NUMBER) ? value.text() : null;
  }

  /** Prices and quantities stand in quotes. */
  private static String number(Value value) {
    String text = text(value);
    return text != null && text.matches(NUMBER) ? text : null;
  }
}
