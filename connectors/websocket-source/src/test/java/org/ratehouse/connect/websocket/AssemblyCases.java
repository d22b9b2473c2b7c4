package org.ratehouse.connect.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames in parts: what comes out is what went in, up to the limit and not a byte beyond. */
final class AssemblyCases {

  private static final int LIMIT = 300;

  private AssemblyCases() {}

  /** The bytes choose a limit, and frames of text and of bytes around it, cut anywhere. */
  static void anyParts(byte[] data) {
    Choices choices = new Choices(data);
    int limit = choices.between(0, LIMIT);
    FrameAssembly assembly = new FrameAssembly(limit);
    boolean small = true;
    while (small && !choices.isAtEnd()) {
      small = choices.oneIn(4) ? bytes(assembly, limit, choices) : text(assembly, limit, choices);
    }
  }

  /** False when the frame was refused, which ends its connection. */
  private static boolean text(FrameAssembly assembly, int limit, Choices choices) {
    StringBuilder sent = new StringBuilder();
    for (int parts = choices.between(1, 6); parts > 0; parts--) {
      String part = part(choices);
      sent.append(part);
      // An outsider counts by what it would send: a pair of surrogates is one character of four.
      int total = size(sent);
      int bytes = assembly.addText(CharView.of(part, choices));
      assertEquals(total > limit, bytes < 0, () -> total + " bytes of at most " + limit);
      if (bytes < 0) {
        return false;
      }
    }
    assertEquals(sent.toString(), assembly.takeText());
    return true;
  }

  private static boolean bytes(FrameAssembly assembly, int limit, Choices choices) {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    for (int parts = choices.between(1, 6); parts > 0; parts--) {
      byte[] part = part(choices).getBytes(StandardCharsets.UTF_8);
      int from = choices.below(part.length + 1);
      sent.write(part, from, part.length - from);
      ByteBuffer buffer = ByteBuffer.wrap(part, from, part.length - from);
      int bytes = assembly.addBytes(choices.oneIn(2) ? buffer.asReadOnlyBuffer() : buffer);
      assertEquals(sent.size() > limit, bytes < 0);
      if (bytes < 0) {
        return false;
      }
    }
    assertArrayEquals(sent.toByteArray(), assembly.takeBytes());
    return true;
  }

  private static String part(Choices choices) {
    StringBuilder part = new StringBuilder();
    for (int pieces = choices.below(5); pieces > 0; pieces--) {
      String piece = choices.of("a", "\u00e9", "\u20ac", "\ud83d\ude00", "\ud83d", "\ude00", "\0");
      part.append(piece.repeat(choices.of(1, 2, 7, 60)));
    }
    return part.toString();
  }

  /** As UTF-8, half of a pair counting two: its other half may come with the next part. */
  private static int size(CharSequence text) {
    return text.chars().map(c -> c < 0x80 ? 1 : c < 0x800 || isHalf(c) ? 2 : 3).sum();
  }

  private static boolean isHalf(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  /** A sequence that is no String, as the JDK's may be. */
  private record CharView(StringBuilder text) implements CharSequence {

    static CharSequence of(String text, Choices choices) {
      return choices.oneIn(2) ? text : new CharView(new StringBuilder(text));
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
