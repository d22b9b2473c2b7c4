package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class RowBinaryTest {
  private final RowBinary out = new RowBinary();

  @Test
  void numbers_are_little_endian() {
    out.int32(-2);
    out.int64(0x0102030405060708L);
    out.float64(1.0);
    assertBytes(0xfe, 0xff, 0xff, 0xff, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f);
  }

  @Test
  void a_strings_length_counts_its_bytes_not_its_characters() {
    out.string("€");
    assertBytes(3, 0xe2, 0x82, 0xac);
  }

  @Test
  void a_long_strings_length_takes_more_than_one_byte() {
    out.string("x".repeat(300));
    assertEquals((byte) 0xac, out.bytes()[0]);
    assertEquals((byte) 0x02, out.bytes()[1]);
    assertEquals(302, out.bytes().length);
  }

  @Test
  void a_negative_integer_keeps_its_sign_in_every_width() {
    out.integer(BigInteger.valueOf(-2), 4);
    out.integer(BigInteger.valueOf(128), 4);
    out.integer(BigInteger.valueOf(-2), 8);
    out.integer(BigInteger.ONE.negate(), 16);
    out.integer(BigInteger.ONE.shiftLeft(64).negate(), 16);
    assertBytes(
        0xfe, 0xff, 0xff, 0xff, 0x80, 0, 0, 0, 0xfe, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0,
        0, 255, 255, 255, 255, 255, 255, 255, 255);
  }

  @Test
  void rows_outgrow_the_first_buffer_and_leave_nothing_behind() {
    for (int i = 0; i < 100_000; i++) {
      out.int64(i);
    }
    assertEquals(800_000, out.bytes().length);
    out.truncate(8);
    out.flag(true);
    assertBytes(0, 0, 0, 0, 0, 0, 0, 0, 1);
  }

  private void assertBytes(int... expected) {
    byte[] bytes = new byte[expected.length];
    for (int i = 0; i < expected.length; i++) {
      bytes[i] = (byte) expected[i];
    }
    assertArrayEquals(bytes, out.bytes());
  }
}
