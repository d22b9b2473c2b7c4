package org.ratehouse.connect.websocket;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

  private final Redaction redaction = new Redaction("a/\u00e9 1\"");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/\u00e9 1\"",
        "a\\/\u00e9 1\\\"",
        "\\u0061\\u002F\\u00e9\\u0020\\u0031\\u0022",
        "a\\\\u002f\u00e9 1\\\\\"",
        "a%2F%C3%A9+1%22",
        "%61%2f%c3%a9%201\\u0022"
      })
  void theTokenIsTakenOutHoweverItIsSpelled(String spelled) {
    assertEquals("<***>", redaction.payload("<" + spelled + ">"));
  }

  @Test
  void whatOnlyLooksLikeItStays() {
    assertEquals("a/e 1\"", redaction.reason("a/e 1\""));
  }

  @Test
  void noTokenMeansNothingToTakeOut() {
    assertEquals("anything", new Redaction("").payload("anything"));
    assertEquals("AQID", new Redaction("").base64("AQID"));
  }

  @Test
  void aBinaryFrameWithTheTokenIsTakenOutWhole() {
    String base64 =
        Base64.getEncoder().encodeToString("x a/\u00e9 1\" x".getBytes(StandardCharsets.UTF_8));

    assertEquals("***", redaction.base64(base64));
    assertEquals("AQID", redaction.base64("AQID"));
  }

  @Test
  void aRowOfBackslashesIsNoHarm() {
    String row = "\\".repeat(1_000_000);

    assertTimeoutPreemptively(ofSeconds(60), () -> redaction.payload(row));
  }
}
