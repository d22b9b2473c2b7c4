import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The wall clock of the source's classes, moved by the milliseconds that a file holds. */
public final class MovableClock {

  private static volatile long offsetMillis;

  private MovableClock() {}

  /** What {@link ClockAgent} puts in the place of System.currentTimeMillis(). */
  public static long millis() {
    return System.currentTimeMillis() + offsetMillis;
  }

  static void follow(Path file) {
    Thread follower =
        new Thread(
            () -> {
              while (true) {
                try {
                  offsetMillis = Long.parseLong(Files.readString(file).strip());
                  Thread.sleep(20);
                } catch (IOException | NumberFormatException | InterruptedException e) {
                  throw new IllegalStateException("The clock's file cannot be read.", e);
                }
              }
            },
            "movable-clock");
    follower.setDaemon(true);
    follower.start();
  }
}
