package org.ratehouse.connect.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Puts the parts of a frame together, up to a size. Binary and text never mix within a frame. */
final class FrameAssembly {

  private final int maxBytes;
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private String onlyPart = "";
  private long size;

  FrameAssembly(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** How many bytes the part has as UTF-8; -1 when the frame is too large now. */
  int addText(CharSequence part) {
    String added = part.toString();
    int partBytes = utf8Bytes(added);
    size += partBytes;
    if (size > maxBytes) {
      return -1;
    }
    // Nearly every frame is one part, and its text is needed as it is.
    if (onlyPart.isEmpty() && text.length() == 0) {
      onlyPart = added;
    } else {
      text.append(onlyPart).append(added);
      onlyPart = "";
    }
    return partBytes;
  }

  /** How many bytes the part has; -1 when the frame is too large now. */
  int addBytes(ByteBuffer part) {
    int partBytes = part.remaining();
    size += partBytes;
    if (size > maxBytes) {
      return -1;
    }
    byte[] copy = new byte[partBytes];
    part.get(copy);
    bytes.writeBytes(copy);
    return partBytes;
  }

  String takeText() {
    String frame = text.length() == 0 ? onlyPart : text.toString();
    text.setLength(0);
    onlyPart = "";
    size = 0;
    return frame;
  }

  byte[] takeBytes() {
    byte[] frame = bytes.toByteArray();
    bytes.reset();
    size = 0;
    return frame;
  }

  private static int utf8Bytes(String text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character >= 0x80) {
        // A character outside the basic plane is two surrogates and four bytes: two for each.
        bytes += character < 0x800 || Character.isSurrogate(character) ? 1 : 2;
      }
    }
    return bytes;
  }
}
