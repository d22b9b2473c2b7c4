package org.ratehouse.connect.clickhouse;

import java.util.Arrays;
import java.util.Optional;

/**
 * The server's errors that pass by themselves, or once somebody has made room: the same insert may
 * succeed later. Every other code means that it never will. Names and numbers are the server's own.
 */
enum ClickHouseError {
  TIMEOUT_EXCEEDED(159),
  TOO_SLOW(160),
  CANNOT_ALLOCATE_MEMORY(173),
  DNS_ERROR(198),
  QUOTA_EXCEEDED(201),
  TOO_MANY_SIMULTANEOUS_QUERIES(202),
  NO_FREE_CONNECTION(203),
  SOCKET_TIMEOUT(209),
  NETWORK_ERROR(210),
  NO_ZOOKEEPER(225),
  ABORTED(236),
  MEMORY_LIMIT_EXCEEDED(241),
  TABLE_IS_READ_ONLY(242),
  NOT_ENOUGH_SPACE(243),
  TOO_MANY_PARTS(252),
  NO_ACTIVE_REPLICAS(254),
  ALL_CONNECTION_TRIES_FAILED(279),
  TOO_FEW_LIVE_REPLICAS(285),
  UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE(286),
  UNKNOWN_STATUS_OF_INSERT(319),
  RECEIVED_ERROR_TOO_MANY_REQUESTS(364),
  QUERY_WAS_CANCELLED(394),
  SYSTEM_ERROR(425),
  CANNOT_SCHEDULE_TASK(439),
  TABLE_IS_BEING_RESTARTED(733),
  SERVER_OVERLOADED(745),
  KEEPER_EXCEPTION(999);

  private final int code;

  ClickHouseError(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static Optional<ClickHouseError> retriable(int code) {
    return Arrays.stream(values()).filter(error -> error.code == code).findFirst();
  }
}
