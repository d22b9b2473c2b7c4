package org.ratehouse.connect.websocket;

/** Why a trade or a frame is written to the dead-letter topic; the names are written out. */
enum RefusalReason {
  BAD_FRAME,
  MISSING_FIELD,
  BAD_SYMBOL,
  BAD_PRICE,
  PRICE_DIGITS,
  BAD_VOLUME,
  VOLUME_DIGITS,
  BAD_TIME,
  TIME_FAR_OFF,
  BAD_CONDITIONS,
  BAD_ID,
  BAD_FIELD,
  HOLDS_SECRET
}
