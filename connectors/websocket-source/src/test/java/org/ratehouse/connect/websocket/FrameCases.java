package org.ratehouse.connect.websocket;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What is put through the source in a case, from bytes; the same for a fuzzer and a seeded run. */
final class FrameCases {

  private final VenueOracle oracle;
  private final FrameMaker maker;
  private final String[] options;

  FrameCases(VenueOracle oracle, FrameMaker maker, String... options) {
    this.oracle = oracle;
    this.maker = maker;
    this.options = options;
  }

  /** The bytes are the frame's text. */
  void anyText(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    FrameAccount account = new FrameAccount(oracle, options).frame(text);
    account.records();
    Secrets.texts(account.outputs()).forEach(Secrets::assertNone);
    account.complaints().forEach(Secrets::assertNone);
  }

  /** The bytes choose a few frames, one of them with the token in it, and what is wrong in them. */
  void madeFrames(byte[] data) {
    Choices choices = new Choices(data);
    FrameAccount account = new FrameAccount(oracle, options);
    for (int frames = choices.between(1, 3); frames > 0; frames--) {
      String text = TextMutation.mutate(maker.make(choices), choices);
      if (choices.oneIn(4)) {
        text = TextMutation.withToken(text, choices);
      }
      account.frame(text);
      if (choices.oneIn(16)) {
        account.binary(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
      }
    }
    account.records();
    Secrets.texts(account.outputs()).forEach(Secrets::assertNoPiece);
    account.complaints().forEach(Secrets::assertNoPiece);
  }
}
