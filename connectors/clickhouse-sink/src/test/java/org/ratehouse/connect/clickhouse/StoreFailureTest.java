package org.ratehouse.connect.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.clickhouse.client.api.ClickHouseException;
import com.clickhouse.client.api.ServerException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreFailureTest {
  @ParameterizedTest
  @EnumSource(ClickHouseError.class)
  void what_passes_by_itself_is_tried_again(ClickHouseError error) {
    assertTrue(server(error.code(), 500).retriable());
  }

  // UNKNOWN_TABLE, SYNTAX_ERROR, TYPE_MISMATCH, ACCESS_DENIED, AUTHENTICATION_FAILED.
  @ParameterizedTest
  @ValueSource(ints = {60, 62, 53, 497, 516})
  void what_will_never_succeed_is_not_tried_again(int code) {
    assertFalse(server(code, 500).retriable());
  }

  @Test
  void an_insert_over_too_many_partitions_is_split_and_not_repeated_as_it_is() {
    var wide = "Code: 252. DB::Exception: Too many partitions for single INSERT block (more than";
    assertEquals(
        StoreFailure.Kind.REFUSED,
        StoreFailure.of(new ServerException(252, wide, 500, "query")).kind());
  }

  @Test
  void a_proxy_with_no_server_behind_it_is_tried_again() {
    assertTrue(server(0, 503).retriable());
    assertFalse(server(0, 404).retriable());
  }

  @Test
  void a_broken_network_is_tried_again_however_deep_it_is_wrapped() {
    for (Exception network :
        new Exception[] {
          new ConnectException("refused"),
          new SocketException("Connection reset"),
          new SocketTimeoutException("read"),
          new TimeoutException("late")
        }) {
      var wrapped = new ExecutionException(new ClickHouseException("insert", network));
      assertTrue(StoreFailure.of(wrapped).retriable(), network.toString());
    }
  }

  @Test
  void a_server_that_cannot_prove_who_it_is_is_not_tried_again() {
    var failure = new ClickHouseException("insert", new SSLHandshakeException("unknown issuer"));
    assertFalse(StoreFailure.of(failure).retriable());
  }

  @Test
  void a_fault_of_our_own_is_not_tried_again() {
    assertFalse(StoreFailure.of(new IllegalStateException("bug")).retriable());
  }

  private static StoreFailure server(int code, int http) {
    return StoreFailure.of(new ServerException(code, "said so", http, "query"));
  }
}
