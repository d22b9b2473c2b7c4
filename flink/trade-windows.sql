-- trade-windows: candles of one minute and moving averages, from the stream of trades.
-- Reads: Kafka trades, committed transactions only.
-- Writes: Kafka candles-1m and moving-averages, exactly once; a window's rows become visible with the next checkpoint.
-- Time: each symbol goes by its own trades, so that neither another symbol nor a partition that is read sooner or later can take a
--   trade from it or hold it back. A window is final once its symbol's newest trade is five seconds past its end.
-- Watermark: not of event_time but of receipt, from the trades and a tick a second. Where a symbol falls silent its event time is
--   taken to go on at the pace of that clock, and shows its windows. Such a row is not final: one more follows if a trade still comes.
-- Lateness: five seconds behind the symbol's newest trade, and up to the end of a window's own five seconds. A trade that comes
--   later still is counted (metric lateTrades) and left to the batch lane.
-- State kept: for each symbol a clock and the slices of 15 seconds of its last five minutes, 21 at the most.

-- Fields of rows look to the linter like columns of other tables.
-- noqa: disable=RF01,RF03

CREATE TEMPORARY FUNCTION trade_windows AS 'org.ratehouse.flink.TradeWindows' USING JAR '${functions}';

-- The columns that are used: the others are not decoded.
CREATE TEMPORARY TABLE trades (
    symbol STRING NOT NULL,
    price DECIMAL(18, 8) NOT NULL,
    volume DECIMAL(19, 8) NOT NULL,
    event_time TIMESTAMP(3) NOT NULL,
    received_at TIMESTAMP(3) NOT NULL,
    connection_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    WATERMARK FOR received_at AS received_at
) WITH (
    'connector' = 'kafka',
    'topic' = 'trades',
    'properties.bootstrap.servers' = '${kafka}',
    'properties.group.id' = 'flink-trade-windows-${generation}',
    'properties.isolation.level' = 'read_committed',
    'scan.startup.mode' = 'earliest-offset',
    'scan.watermark.idle-timeout' = '2 s',
    'value.format' = 'avro-confluent',
    'value.avro-confluent.url' = '${registry}'
);

CREATE TEMPORARY TABLE ticks (
    tick BIGINT NOT NULL,
    received_at AS localtimestamp,
    WATERMARK FOR received_at AS received_at
) WITH (
    'connector' = 'datagen',
    'rows-per-second' = '1'
);

CREATE TEMPORARY TABLE candles_1m (
    symbol STRING NOT NULL,
    window_start TIMESTAMP(3) NOT NULL,
    window_end TIMESTAMP(3) NOT NULL,
    `open` DECIMAL(18, 8) NOT NULL,
    high DECIMAL(18, 8) NOT NULL,
    low DECIMAL(18, 8) NOT NULL,
    `close` DECIMAL(18, 8) NOT NULL,
    volume DECIMAL(38, 8) NOT NULL,
    turnover DECIMAL(38, 16) NOT NULL,
    trade_count BIGINT NOT NULL,
    generation INT NOT NULL,
    first_connection_id BIGINT,
    first_sequence BIGINT,
    last_connection_id BIGINT,
    last_sequence BIGINT
) WITH (
    'connector' = 'kafka',
    'topic' = 'candles-1m',
    'properties.bootstrap.servers' = '${kafka}',
    'properties.transaction.timeout.ms' = '900000',
    'sink.delivery-guarantee' = 'exactly-once',
    'sink.transactional-id-prefix' = 'trade-windows-${generation}-candles-1m',
    'key.format' = 'raw',
    'key.fields' = 'symbol',
    'value.format' = 'avro-confluent',
    'value.avro-confluent.url' = '${registry}',
    'value.avro-confluent.subject' = 'candles-1m-value',
    'value.avro-confluent.schema' = '${contract:candles-1m}'
);

CREATE TEMPORARY TABLE moving_averages (
    symbol STRING NOT NULL,
    window_minutes INT NOT NULL,
    window_start TIMESTAMP(3) NOT NULL,
    window_end TIMESTAMP(3) NOT NULL,
    simple DOUBLE NOT NULL,
    volume_weighted DOUBLE,
    trade_count BIGINT NOT NULL,
    generation INT NOT NULL,
    minute_weighted DOUBLE
) WITH (
    'connector' = 'kafka',
    'topic' = 'moving-averages',
    'properties.bootstrap.servers' = '${kafka}',
    'properties.transaction.timeout.ms' = '900000',
    'sink.delivery-guarantee' = 'exactly-once',
    'sink.transactional-id-prefix' = 'trade-windows-${generation}-moving-averages',
    'key.format' = 'raw',
    'key.fields' = 'symbol',
    'value.format' = 'avro-confluent',
    'value.avro-confluent.url' = '${registry}',
    'value.avro-confluent.subject' = 'moving-averages-value',
    'value.avro-confluent.schema' = '${contract:moving-averages}'
);

-- Trades, and ticks without a price.
CREATE TEMPORARY VIEW received AS
SELECT
    symbol,
    price,
    volume,
    event_time,
    received_at,
    connection_id,
    sequence
FROM trades
UNION ALL
SELECT
    '' AS symbol,
    cast(NULL AS DECIMAL(18, 8)) AS price,
    cast(NULL AS DECIMAL(19, 8)) AS volume,
    cast(NULL AS TIMESTAMP(3)) AS event_time,
    received_at,
    cast(NULL AS BIGINT) AS connection_id,
    cast(NULL AS BIGINT) AS sequence
FROM ticks;

-- A row is a candle or an average.
CREATE TEMPORARY VIEW windows AS
SELECT
    symbol,
    candle,
    average
FROM trade_windows(trades => TABLE received PARTITION BY symbol, uid => 'trade-windows'); -- noqa: PRS

EXECUTE STATEMENT SET BEGIN

    INSERT INTO candles_1m
    SELECT
        symbol,
        candle.window_start,
        candle.window_end,
        candle.`open`,
        candle.high,
        candle.low,
        candle.`close`,
        candle.volume,
        candle.turnover,
        candle.trade_count,
        ${generation} AS generation,
        candle.first_connection_id,
        candle.first_sequence,
        candle.last_connection_id,
        candle.last_sequence
    FROM windows
    WHERE candle IS NOT NULL;

    INSERT INTO moving_averages
    SELECT
        symbol,
        average.window_minutes,
        average.window_start,
        average.window_end,
        average.`simple`,
        average.volume_weighted,
        average.trade_count,
        ${generation} AS generation,
        average.minute_weighted
    FROM windows
    WHERE average IS NOT NULL;

END;
