package org.ratehouse.connect.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Puts the parts of a frame together, up to a size. Binary and text never mix within a frame. */
final class FrameAssembly {

  private final int maxBytes;
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long size;

  FrameAssembly(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** False when the frame is too large now. */
  boolean addText(CharSequence part) {
    size += part.chars().mapToLong(FrameAssembly::utf8Bytes).sum();
    if (size <= maxBytes) {
      text.append(part);
    }
    return size <= maxBytes;
  }

  /** False when the frame is too large now. */
  boolean addBytes(ByteBuffer part) {
    size += part.remaining();
    if (size <= maxBytes) {
      byte[] copy = new byte[part.remaining()];
      part.get(copy);
      bytes.writeBytes(copy);
    }
    return size <= maxBytes;
  }

  String takeText() {
    String frame = text.toString();
    text.setLength(0);
    size = 0;
    return frame;
  }

  byte[] takeBytes() {
    byte[] frame = bytes.toByteArray();
    bytes.reset();
    size = 0;
    return frame;
  }

  private static long utf8Bytes(int character) {
    if (character < 0x80) {
      return 1;
    }
    // A character outside the basic plane is two surrogates and four bytes: two for each.
    boolean two = character < 0x800 || Character.isSurrogate((char) character);
    return two ? 2 : 3;
  }
}
