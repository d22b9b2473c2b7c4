-- trade-windows: candles of one minute and moving averages, from the stream of trades.
-- Reads: Kafka trades, committed transactions only.
-- Writes: Kafka candles-1m and moving-averages, exactly once; a window's rows become visible with the next checkpoint.
-- Watermark: five seconds behind the newest event_time. Windows close by it, so the last ones wait for a later trade.
-- Lateness: none. A trade that comes after its window closed is left to the batch lane.
-- State kept: the open windows of each symbol (five minutes of slices of 15 seconds at the most).

CREATE TEMPORARY FUNCTION first_price AS 'org.ratehouse.flink.FirstPrice' USING JAR '${functions}';

CREATE TEMPORARY FUNCTION last_price AS 'org.ratehouse.flink.LastPrice' USING JAR '${functions}';

CREATE TEMPORARY TABLE trades (
    symbol STRING NOT NULL,
    price DECIMAL(18, 8) NOT NULL,
    volume DECIMAL(19, 8) NOT NULL,
    event_time TIMESTAMP(3) NOT NULL,
    received_at TIMESTAMP(3) NOT NULL,
    feed STRING NOT NULL,
    connection_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    frame BIGINT NOT NULL,
    `position` INT NOT NULL,
    venue_trade_id STRING,
    conditions ARRAY <STRING NOT NULL> NOT NULL,
    WATERMARK FOR event_time AS event_time - INTERVAL '5' SECOND
) WITH (
    'connector' = 'kafka',
    'topic' = 'trades',
    'properties.bootstrap.servers' = '${kafka}',
    'properties.group.id' = 'flink-trade-windows',
    'properties.isolation.level' = 'read_committed',
    'scan.startup.mode' = 'earliest-offset',
    'value.format' = 'avro-confluent',
    'value.avro-confluent.url' = '${registry}',
    'value.avro-confluent.schema' = '${contract:trades}'
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
    generation INT NOT NULL
) WITH (
    'connector' = 'kafka',
    'topic' = 'candles-1m',
    'properties.bootstrap.servers' = '${kafka}',
    'properties.transaction.timeout.ms' = '900000',
    'sink.delivery-guarantee' = 'exactly-once',
    'sink.transactional-id-prefix' = 'trade-windows-candles-1m',
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
    generation INT NOT NULL
) WITH (
    'connector' = 'kafka',
    'topic' = 'moving-averages',
    'properties.bootstrap.servers' = '${kafka}',
    'properties.transaction.timeout.ms' = '900000',
    'sink.delivery-guarantee' = 'exactly-once',
    'sink.transactional-id-prefix' = 'trade-windows-moving-averages',
    'key.format' = 'raw',
    'key.fields' = 'symbol',
    'value.format' = 'avro-confluent',
    'value.avro-confluent.url' = '${registry}',
    'value.avro-confluent.subject' = 'moving-averages-value',
    'value.avro-confluent.schema' = '${contract:moving-averages}'
);

EXECUTE STATEMENT SET BEGIN

    INSERT INTO candles_1m
    SELECT
        symbol,
        window_start,
        window_end,
        first_price(price, event_time, connection_id, sequence) AS `open`,
        max(price) AS high,
        min(price) AS low,
        last_price(price, event_time, connection_id, sequence) AS `close`,
        sum(volume) AS volume,
        sum(price * volume) AS turnover,
        count(*) AS trade_count,
        ${generation} AS generation
    FROM table(tumble(TABLE trades, DESCRIPTOR (event_time), INTERVAL '1' MINUTE))
    GROUP BY symbol, window_start, window_end;

    INSERT INTO moving_averages
    SELECT
        symbol,
        1 AS window_minutes,
        window_start,
        window_end,
        cast(sum(price) AS DOUBLE) / count(*) AS simple,
        CASE
            WHEN sum(volume) > 0 THEN cast(sum(price * volume) AS DOUBLE) / cast(sum(volume) AS DOUBLE)
        END AS volume_weighted,
        count(*) AS trade_count,
        ${generation} AS generation
    FROM table(hop(TABLE trades, DESCRIPTOR (event_time), INTERVAL '15' SECOND, INTERVAL '1' MINUTE))
    GROUP BY symbol, window_start, window_end
    UNION ALL
    SELECT
        symbol,
        5 AS window_minutes,
        window_start,
        window_end,
        cast(sum(price) AS DOUBLE) / count(*) AS simple,
        CASE
            WHEN sum(volume) > 0 THEN cast(sum(price * volume) AS DOUBLE) / cast(sum(volume) AS DOUBLE)
        END AS volume_weighted,
        count(*) AS trade_count,
        ${generation} AS generation
    FROM table(hop(TABLE trades, DESCRIPTOR (event_time), INTERVAL '15' SECOND, INTERVAL '5' MINUTE))
    GROUP BY symbol, window_start, window_end;

END;
