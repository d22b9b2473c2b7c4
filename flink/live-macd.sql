-- live-macd: MACD(12, 26, 9) over closed candles, in TA-Lib's convention, within seconds of a minute's end.
-- Reads: Kafka candles-1m, committed transactions only.
-- Writes: Kafka live-macd, exactly once; a row becomes visible with the next checkpoint.
-- Watermark: none; candles of a symbol come in the order of their minutes.
-- Lateness: a candle that comes again, because a trade came after it was shown, revises its bar, and the row is written again. Of two
--   generations of candles the newer wins once it has caught up. What is older than the newest three bars is counted (metric
--   ignoredCandles) and left to gold.macd, which also begins with the first candle of all, while this begins with the first in Kafka.
-- State kept: for each symbol three bars, or six while a new generation catches up.

CREATE TEMPORARY FUNCTION live_macd AS 'org.ratehouse.flink.LiveMacd' USING JAR '${functions}';

-- The columns that are used: the others are not decoded.
CREATE TEMPORARY TABLE candles_1m (
    symbol STRING NOT NULL,
    window_start TIMESTAMP(3) NOT NULL,
    window_end TIMESTAMP(3) NOT NULL,
    `close` DECIMAL(18, 8) NOT NULL,
    generation INT NOT NULL
) WITH (
    'connector' = 'kafka',
    'topic' = 'candles-1m',
    'properties.bootstrap.servers' = '${kafka}',
    'properties.group.id' = 'flink-live-macd-${generation}',
    'properties.isolation.level' = 'read_committed',
    'scan.startup.mode' = 'earliest-offset',
    'value.format' = 'avro-confluent',
    'value.avro-confluent.url' = '${registry}'
);

CREATE TEMPORARY TABLE live_macd_rows (
    symbol STRING NOT NULL,
    window_start TIMESTAMP(3) NOT NULL,
    window_end TIMESTAMP(3) NOT NULL,
    bar BIGINT NOT NULL,
    `close` DECIMAL(18, 8) NOT NULL,
    ema_fast DOUBLE NOT NULL,
    ema_slow DOUBLE NOT NULL,
    macd DOUBLE NOT NULL,
    signal DOUBLE NOT NULL,
    histogram DOUBLE NOT NULL,
    generation INT NOT NULL
) WITH (
    'connector' = 'kafka',
    'topic' = 'live-macd',
    'properties.bootstrap.servers' = '${kafka}',
    'properties.transaction.timeout.ms' = '900000',
    'sink.delivery-guarantee' = 'exactly-once',
    'sink.transactional-id-prefix' = 'live-macd-${generation}',
    'key.format' = 'raw',
    'key.fields' = 'symbol',
    'value.format' = 'avro-confluent',
    'value.avro-confluent.url' = '${registry}',
    'value.avro-confluent.subject' = 'live-macd-value',
    'value.avro-confluent.schema' = '${contract:live-macd}'
);

INSERT INTO live_macd_rows
SELECT
    symbol,
    window_start,
    window_end,
    bar,
    `close`,
    ema_fast,
    ema_slow,
    macd,
    signal,
    histogram,
    ${generation} AS generation
FROM live_macd(candles => TABLE candles_1m PARTITION BY symbol, uid => 'live-macd'); -- noqa: PRS
