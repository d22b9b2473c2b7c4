package org.ratehouse.connect.websocket;

/**
 * An option that cannot stand as it is.
 *
 * @param option its name, which may be one of Kafka Connect's own
 * @param message what was wanted, what was found, what to do; never a secret
 */
record OptionConflict(String option, String message) {}
