package org.ratehouse.connect.websocket;

import java.util.List;

/**
 * What one signal yielded, on its way from the reader to the worker: written whole or not at all.
 *
 * @param offset where the feed stands after it
 * @param trades how many trades and refusals are in it, for the bound of the queue
 * @param bytes how many bytes of frames it came from, for the bound of the queue
 */
record FeedBatch(List<FeedOutput> outputs, FeedOffset offset, int trades, long bytes) {}
