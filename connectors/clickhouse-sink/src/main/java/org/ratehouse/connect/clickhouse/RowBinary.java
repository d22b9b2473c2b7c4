package org.ratehouse.connect.clickhouse;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Rows in ClickHouse's RowBinary format: little endian, fixed widths, strings with their length.
 */
final class RowBinary {
  private static final int INITIAL_BYTES = 64 * 1024;

  private final int expected;
  private ByteBuffer buffer = allocate(INITIAL_BYTES);

  RowBinary() {
    this(INITIAL_BYTES);
  }

  /** That makes room for so many bytes when it has got more than a few, and copies them once. */
  RowBinary(int expected) {
    this.expected = expected;
  }

  void flag(boolean value) {
    room(1).put((byte) (value ? 1 : 0));
  }

  void int8(int value) {
    room(Byte.BYTES).put((byte) value);
  }

  void int16(int value) {
    room(Short.BYTES).putShort((short) value);
  }

  void int32(int value) {
    room(Integer.BYTES).putInt(value);
  }

  void int64(long value) {
    room(Long.BYTES).putLong(value);
  }

  void float32(float value) {
    room(Float.BYTES).putFloat(value);
  }

  void float64(double value) {
    room(Double.BYTES).putDouble(value);
  }

  void string(String value) {
    binary(value.getBytes(StandardCharsets.UTF_8));
  }

  /** LEB128: seven bits a byte, the highest bit says that another follows. */
  void length(int value) {
    int rest = value;
    while (rest >= 0x80) {
      room(1).put((byte) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    room(1).put((byte) rest);
  }

  /** A string's bytes as they are, with their length. */
  void binary(byte[] bytes) {
    binary(bytes, bytes.length);
  }

  /** The first so many bytes. */
  void binary(byte[] bytes, int count) {
    length(count);
    room(count).put(bytes, 0, count);
  }

  void int128(long high, long low) {
    room(2 * Long.BYTES).putLong(low).putLong(high);
  }

  /** Two's complement in exactly that many bytes; the caller knows that the value fits. */
  void integer(BigInteger value, int width) {
    if (value.bitLength() < Long.SIZE) {
      integer(value.longValue(), width);
      return;
    }
    byte[] bigEndian = value.toByteArray();
    byte[] bytes = new byte[width];
    Arrays.fill(bytes, (byte) (value.signum() < 0 ? -1 : 0));
    for (int i = 0; i < bigEndian.length; i++) {
      bytes[i] = bigEndian[bigEndian.length - 1 - i];
    }
    room(width).put(bytes);
  }

  private void integer(long value, int width) {
    ByteBuffer out = room(width);
    if (width == Integer.BYTES) {
      out.putInt((int) value);
      return;
    }
    out.putLong(value);
    for (int more = Long.BYTES; more < width; more += Long.BYTES) {
      out.putLong(value < 0 ? -1 : 0);
    }
  }

  int size() {
    return buffer.position();
  }

  /** Forgets what was written since the size was that. */
  void truncate(int size) {
    buffer.position(size);
  }

  /** Appends bytes of another, from the first to before the end. */
  void copy(RowBinary other, int first, int end) {
    room(end - first).put(other.buffer.array(), first, end - first);
  }

  byte[] bytes() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  InputStream stream() {
    return new ByteArrayInputStream(buffer.array(), 0, buffer.position());
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      int grown = Math.max(buffer.capacity() * 2, expected);
      buffer = allocate(Math.max(grown, buffer.position() + bytes)).put(buffer.flip());
    }
    return buffer;
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
