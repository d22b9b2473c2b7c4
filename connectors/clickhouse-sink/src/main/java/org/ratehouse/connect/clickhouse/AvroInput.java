package org.ratehouse.connect.clickhouse;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** The values of one record after the other, in Avro's binary form. */
final class AvroInput {
  private static final int INITIAL_BYTES = 256;

  private BinaryDecoder decoder;
  private ByteBuffer bytes = ByteBuffer.allocate(INITIAL_BYTES);

  /** Begins the value behind a header. */
  void begin(byte[] framed, int header) {
    decoder = DecoderFactory.get().binaryDecoder(framed, header, framed.length - header, decoder);
  }

  boolean atEnd() throws IOException {
    return decoder.isEnd();
  }

  BinaryDecoder decoder() {
    return decoder;
  }

  /** A string, or bytes: they are written alike. Valid until the next call; read from index 0. */
  ByteBuffer bytes() throws IOException {
    bytes = decoder.readBytes(bytes);
    return bytes;
  }

  /** So many bytes without a length. Valid until the next call. */
  ByteBuffer fixed(int size) throws IOException {
    if (bytes.capacity() < size) {
      bytes = ByteBuffer.allocate(size);
    }
    decoder.readFixed(bytes.array(), 0, size);
    return bytes.clear().limit(size);
  }
}
