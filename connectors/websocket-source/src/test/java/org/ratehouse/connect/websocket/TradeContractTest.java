package org.ratehouse.connect.websocket;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TradeContractTest {

  private static final long RECEIVED = 1_700_000_000_000L;

  private static VenueTrade trade(String price, String volume, String time) {
    return new VenueTrade("A", price, volume, time, List.of(), null, "{}");
  }

  private static TradeContract.Checked check(VenueTrade trade) throws ContractBreach {
    return new TradeContract(-1, false).check(trade, RECEIVED);
  }

  private static RefusalReason refusal(VenueTrade trade) {
    return assertThrows(ContractBreach.class, () -> check(trade)).reason();
  }

  @ParameterizedTest
  @CsvSource({
    "1,1.00000000",
    "0.00000001,0.00000001",
    "9999999999.99999999,9999999999.99999999",
    "1.1000000000000,1.10000000",
    "1.5e3,1500.00000000",
    "1E-8,0.00000001",
    "100e-10,0.00000001",
    "0.1,0.10000000"
  })
  void aPriceKeepsEveryDigit(String text, String price) throws ContractBreach {
    assertEquals(new BigDecimal(price), check(trade(text, "0", "1")).price());
  }

  @Test
  void aVolumeMayBeZeroAndHasOneDigitMore() throws ContractBreach {
    assertEquals(new BigDecimal("0.00000000"), check(trade("1", "0e999999999", "1")).volume());
    assertEquals(
        new BigDecimal("99999999999.99999999"),
        check(trade("1", "99999999999.99999999", "1")).volume());
  }

  @Test
  void everyDecimalOfTheContractComesThroughUnchanged() throws ContractBreach {
    SplittableRandom random = new SplittableRandom(42);
    for (int i = 0; i < 10_000; i++) {
      BigDecimal price = BigDecimal.valueOf(random.nextLong(1, 1_000_000_000_000_000_000L), 8);
      String zeros = "0".repeat(random.nextInt(20));
      assertEquals(price, check(trade(price.toPlainString() + zeros, "1", "1")).price());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,1,1,BAD_PRICE",
    "-1,1,1,BAD_PRICE",
    "-0.00000001,1,1,BAD_PRICE",
    "true,1,1,BAD_PRICE",
    "'\"1\"',1,1,BAD_PRICE",
    "{...},1,1,BAD_PRICE",
    "1e99999999999,1,1,BAD_PRICE",
    "1e999999999,1,1,PRICE_DIGITS",
    "1e-999999999,1,1,PRICE_DIGITS",
    "100e2147483646,1,1,PRICE_DIGITS",
    "10000000000,1,1,PRICE_DIGITS",
    "0.000000001,1,1,PRICE_DIGITS",
    "1,-1,1,BAD_VOLUME",
    "1,x,1,BAD_VOLUME",
    "1,100000000000,1,VOLUME_DIGITS",
    "1,1e-9,1,VOLUME_DIGITS",
    "1,1,0,BAD_TIME",
    "1,1,-5,BAD_TIME",
    "1,1,1.5,BAD_TIME",
    "1,1,1e999999999,BAD_TIME",
    "1,1,253402300800000,BAD_TIME",
    "1,1,'\"5\"',BAD_TIME",
    ",1,1,MISSING_FIELD",
    "1,,1,MISSING_FIELD",
    "1,1,,MISSING_FIELD"
  })
  void aTradeThatBreaksTheContractIsRefusedWithItsReason(
      String price, String volume, String time, RefusalReason reason) {
    assertTimeoutPreemptively(
        ofSeconds(5), () -> assertEquals(reason, refusal(trade(price, volume, time))));
  }

  @Test
  void aTradeNeedsASymbolAndReadableConditions() {
    assertEquals(
        RefusalReason.MISSING_FIELD,
        refusal(new VenueTrade(null, "1", "1", "1", List.of(), null, "{}")));
    assertEquals(
        RefusalReason.MISSING_FIELD,
        refusal(new VenueTrade(" ", "1", "1", "1", List.of(), null, "{}")));
    assertEquals(
        RefusalReason.BAD_CONDITIONS,
        refusal(new VenueTrade("A", "1", "1", "1", null, null, "{}")));
  }

  @Test
  void aTimeInScientificNotationIsStillATime() throws ContractBreach {
    assertEquals(1_700_000_000_000L, check(trade("1", "1", "1.7e12")).eventTime());
  }

  @ParameterizedTest
  @CsvSource({
    "-1,1,true",
    "0,1700000000000,true",
    "10,1700000000010,true",
    "10,1699999999989,false"
  })
  void aTimeMayBeHeldNearItsReceipt(long tolerance, String time, boolean accepted)
      throws ContractBreach {
    TradeContract contract = new TradeContract(tolerance, false);
    if (accepted) {
      contract.check(trade("1", "1", time), RECEIVED);
    } else {
      ContractBreach breach =
          assertThrows(ContractBreach.class, () -> contract.check(trade("1", "1", time), RECEIVED));
      assertEquals(RefusalReason.TIME_FAR_OFF, breach.reason());
    }
  }

  @ParameterizedTest
  @CsvSource(
      value = {"NULL", "''", "1.5", "-1", "1e3", "\"7\"", "1234567890123456789"},
      nullValues = "NULL")
  void whereTradesAreNumberedOneWithoutANumberIsRefused(String id) {
    VenueTrade trade = new VenueTrade("A", "1", "1", "1", List.of(), id, "{}");
    ContractBreach breach =
        assertThrows(
            ContractBreach.class, () -> new TradeContract(-1, true).check(trade, RECEIVED));

    assertEquals(RefusalReason.BAD_ID, breach.reason());
  }

  @Test
  void textThatWouldNotComeOutOfKafkaAsItWentInIsRefused() {
    String longest = "S".repeat(255);
    List<String> many = Collections.nCopies(16, longest);
    assertDoesNotThrow(() -> check(new VenueTrade(longest, "1", "1", "1", many, null, "{}")));

    for (List<String> conditions : List.of(Collections.nCopies(17, longest), List.of("\ud800"))) {
      VenueTrade trade = new VenueTrade("A", "1", "1", "1", conditions, null, "{}");
      assertEquals(RefusalReason.BAD_CONDITIONS, refusal(trade));
    }
    for (String symbol : List.of(longest + "S", "S\ud800")) {
      VenueTrade trade = new VenueTrade(symbol, "1", "1", "1", List.of(), null, "{}");
      assertEquals(RefusalReason.BAD_SYMBOL, refusal(trade));
    }
  }
}
