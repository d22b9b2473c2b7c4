package org.ratehouse.connect.websocket;

/** A trade breaks the contract. The message says what was wanted and what was found. */
final class ContractBreach extends Exception {

  private static final long serialVersionUID = 1L;

  private final RefusalReason reason;

  ContractBreach(RefusalReason reason, String detail) {
    // A breach is an answer, not a fault: a feed may send thousands a second, none needs a trace.
    super(detail, null, false, false);
    this.reason = reason;
  }

  RefusalReason reason() {
    return reason;
  }
}
