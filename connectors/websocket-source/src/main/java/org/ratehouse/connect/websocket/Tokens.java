package org.ratehouse.connect.websocket;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.config.types.Password;

/** The tokens of a feed, of which each makes one task. */
final class Tokens {

  /** How many a feed may have; so far a task looks for the offsets of others, former ones too. */
  static final int MOST = 64;

  private Tokens() {}

  /**
   * Parted by commas or white space, in order; empty for a venue that needs none. A secret that
   * comes from a mounted file often ends with a line feed, which is none of it.
   */
  static List<String> of(Password given) {
    return Arrays.stream(given.value().split("[,\\s]+")).filter(token -> !token.isEmpty()).toList();
  }
}
