package org.ratehouse.connect.websocket;

import java.util.List;
import org.ratehouse.connect.websocket.OracleJson.Kind;
import org.ratehouse.connect.websocket.OracleJson.Value;

/** Finnhub's messages by its documentation. */
final class FinnhubOracle implements VenueOracle {

  @Override
  public Meaning meaning(Value root) {
    Value type = root.is(Kind.OBJECT) ? root.field("type") : null;
    if (type == null || !type.is(Kind.STRING)) {
      return new Meaning.Bad();
    }
    Value data = root.field("data");
    boolean array = data != null && data.is(Kind.ARRAY);
    if (type.text().equals("trade")) {
      return array
          ? new Meaning.Trades(data.values().stream().map(FinnhubOracle::item).toList())
          : new Meaning.Bad();
    }
    // Trades under another heading must not vanish with it.
    boolean carriesTrades = array && !data.values().isEmpty();
    boolean control = type.text().equals("ping") || type.text().equals("error");
    return control && !carriesTrades ? new Meaning.Control() : new Meaning.Bad();
  }

  private static Item item(Value trade) {
    Value symbol = trade.field("s");
    return new Item(
        symbol != null && symbol.is(Kind.STRING) ? symbol.text() : null,
        number(trade.field("p")),
        number(trade.field("v")),
        number(trade.field("t")),
        conditions(trade.field("c")),
        null,
        trade.source());
  }

  private static String number(Value value) {
    return value != null && value.is(Kind.NUMBER) ? value.text() : null;
  }

  private static List<String> conditions(Value value) {
    if (value == null || value.is(Kind.NULL)) {
      return List.of();
    }
    boolean strings =
        value.is(Kind.ARRAY) && value.values().stream().allMatch(one -> one.is(Kind.STRING));
    return strings ? value.values().stream().map(Value::text).toList() : null;
  }
}
