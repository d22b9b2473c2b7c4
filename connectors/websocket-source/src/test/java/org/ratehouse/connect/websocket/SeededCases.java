package org.ratehouse.connect.websocket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs cases from random bytes of a known seed, and from the files that a fuzzer left. */
final class SeededCases {

  private static final String SEED = "RATEHOUSE_FUZZ_SEED";

  private SeededCases() {}

  /** Fails with the case's own seed; set as RATEHOUSE_FUZZ_SEED it makes the case the first. */
  static void run(int cases, int bytes, Consumer<byte[]> test) {
    String wanted = System.getenv(SEED);
    long first = wanted == null ? 1 : Long.parseLong(wanted);
    for (long seed = first; seed < first + cases; seed++) {
      byte[] data = new byte[bytes];
      new Random(seed).nextBytes(data);
      try {
        test.accept(data);
      } catch (RuntimeException | AssertionError | StackOverflowError failure) {
        throw new AssertionError("Fails with " + SEED + "=" + seed, failure);
      }
    }
  }

  /** Every file in the folder that Jazzer keeps for a fuzz test. */
  static void corpus(Class<?> fuzzTest, String method, Consumer<byte[]> test) {
    String name = fuzzTest.getName().replace('.', '/') + "Inputs/" + method;
    for (Path file : files(Path.of("src/test/resources", name))) {
      try {
        test.accept(Files.readAllBytes(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (RuntimeException | AssertionError | StackOverflowError failure) {
        throw new AssertionError("Fails with the input " + file, failure);
      }
    }
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
