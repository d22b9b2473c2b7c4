package org.ratehouse.connect.clickhouse;

/**
 * Which table a topic is written to.
 *
 * @param incarnation number of the topic's life
 */
record TopicTable(String topic, String table, long incarnation) {}
