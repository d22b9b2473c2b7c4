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

  private ByteBuffer buffer = allocate(INITIAL_BYTES);
  private int rows;

  void flag(boolean value) {
    room(1).put((byte) (value ? 1 : 0));
  }

  void int32(int value) {
    room(Integer.BYTES).putInt(value);
  }

  void int64(long value) {
    room(Long.BYTES).putLong(value);
  }

  void float64(double value) {
    room(Double.BYTES).putDouble(value);
  }

  void string(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    // The length is LEB128: seven bits a byte, the highest bit says that another follows.
    for (int rest = bytes.length; ; rest >>>= 7) {
      boolean last = rest < 0x80;
      room(1).put((byte) (last ? rest : (rest & 0x7f) | 0x80));
      if (last) {
        break;
      }
    }
    room(bytes.length).put(bytes);
  }

  /** Two's complement in exactly that many bytes; the caller knows that the value fits. */
  void integer(BigInteger value, int width) {
    byte[] bigEndian = value.toByteArray();
    byte[] bytes = new byte[width];
    Arrays.fill(bytes, (byte) (value.signum() < 0 ? -1 : 0));
    for (int i = 0; i < bigEndian.length; i++) {
      bytes[i] = bigEndian[bigEndian.length - 1 - i];
    }
    room(width).put(bytes);
  }

  void endRow() {
    rows++;
  }

  int rows() {
    return rows;
  }

  byte[] bytes() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  InputStream stream() {
    return new ByteArrayInputStream(buffer.array(), 0, buffer.position());
  }

  void clear() {
    buffer.clear();
    rows = 0;
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      int wanted = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
      buffer = allocate(wanted).put(buffer.flip());
    }
    return buffer;
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
