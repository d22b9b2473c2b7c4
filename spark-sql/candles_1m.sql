-- candles_1m: the candles of the planned symbol-minutes, recomputed from the lake.
-- Reads: lake.bronze.trades as it is now, so that a run done again after a correction is right too. Where history covers a minute, the
-- trades of the last fetch that does, from lake.bronze.trades_history, instead: lake.bronze.coverage says so, by a fetch's event, which
-- counts once all trades of the fetch are there.
-- Writes: lake.silver.candles_1m, one row for each symbol and minute with a trade. A planned minute without any has no row; a row
-- that would stay the same is not written; minutes that are not planned are left alone. Columns are named, so that one which a newer
-- contract brought stays as it is, null in a new row, until it is computed here.
-- Parameters: :minutes, JSON [{"symbol", "start", "end"}, ...], each a stretch of whole minutes, [start, end); :planned_start and
-- :planned_end, the least and the greatest of these, by which Iceberg passes over the files of other days, in both tables.
-- Bound by name these values are literals before the statement is planned, also in ON, where session variables do not resolve.
MERGE INTO lake.silver.candles_1m AS target
USING (
    WITH stretches AS (
        SELECT
            explode(
                from_json(
                    :minutes,
                    'ARRAY<STRUCT<symbol: STRING, start: TIMESTAMP, end: TIMESTAMP>>',
                    map('mode', 'FAILFAST')
                )
            ) AS stretch
    ),

    planned AS (
        SELECT DISTINCT
            stretches.stretch.symbol,
            explode(
                sequence(stretches.stretch.start, stretches.stretch.end - INTERVAL '1' MINUTE, INTERVAL '1' MINUTE)
            ) AS window_start
        FROM stretches
    ),

    fetched AS (
        SELECT
            fetch_id,
            count(DISTINCT sequence) AS trades
        FROM lake.bronze.trades_history
        GROUP BY fetch_id
    ),

    coverage AS (
        SELECT
            coverage.symbol,
            coverage.covered_from,
            coverage.covered_to,
            coverage.fetch_id,
            coverage.kafka_offset
        FROM lake.bronze.coverage
        LEFT JOIN fetched ON coverage.fetch_id = fetched.fetch_id
        WHERE
            coverage.unavailable_reason IS NULL
            AND coalesce(fetched.trades, 0) >= coverage.trade_count
    ),

    -- Of two fetches of a minute the last in the topic; all events of a symbol are in one partition.
    chosen AS (
        SELECT
            planned.symbol,
            planned.window_start,
            max_by(coverage.fetch_id, coverage.kafka_offset) AS fetch_id
        FROM planned
        LEFT JOIN coverage
            ON
                planned.symbol = coverage.symbol
                AND planned.window_start >= coverage.covered_from
                AND planned.window_start < coverage.covered_to
        GROUP BY planned.symbol, planned.window_start
    ),

    history AS (
        SELECT
            symbol,
            date_trunc('MINUTE', event_time) AS window_start,
            event_time,
            price,
            volume,
            fetch_id,
            sequence
        FROM lake.bronze.trades_history
        WHERE
            event_time >= cast(:planned_start AS TIMESTAMP)
            AND event_time < cast(:planned_end AS TIMESTAMP)
    ),

    trades AS (
        SELECT
            symbol,
            date_trunc('MINUTE', event_time) AS window_start,
            event_time,
            price,
            volume,
            connection_id,
            sequence
        FROM lake.bronze.trades
        WHERE
            event_time >= cast(:planned_start AS TIMESTAMP)
            AND event_time < cast(:planned_end AS TIMESTAMP)
    ),

    -- Distinct, for a sink may have written a record twice. connection_id and sequence tell one trade from another.
    planned_trades AS (
        SELECT DISTINCT
            chosen.symbol,
            chosen.window_start,
            trades.event_time,
            trades.price,
            trades.volume,
            trades.connection_id,
            trades.sequence
        FROM chosen
        LEFT JOIN trades
            ON
                chosen.symbol = trades.symbol
                AND chosen.window_start = trades.window_start
        WHERE chosen.fetch_id IS NULL
        UNION DISTINCT
        SELECT
            chosen.symbol,
            chosen.window_start,
            history.event_time,
            history.price,
            history.volume,
            cast(0 AS BIGINT) AS connection_id,
            history.sequence
        FROM chosen
        LEFT JOIN history
            ON
                chosen.symbol = history.symbol
                AND chosen.window_start = history.window_start
                AND chosen.fetch_id = history.fetch_id
        WHERE chosen.fetch_id IS NOT NULL
    )

    -- A price of 18 digits times a volume of 19 has 38, 16 of them behind the point: sums keep that scale, and fail when they outgrow it.
    SELECT
        symbol,
        window_start,
        window_start + INTERVAL '1' MINUTE AS window_end,
        min_by(price, struct(event_time, connection_id, sequence)) AS open,
        max(price) AS high,
        min(price) AS low,
        max_by(price, struct(event_time, connection_id, sequence)) AS close,
        cast(sum(volume) AS DECIMAL(38, 8)) AS volume,
        cast(sum(price * volume) AS DECIMAL(38, 16)) AS turnover,
        count(sequence) AS trade_count
    FROM planned_trades
    GROUP BY symbol, window_start
) AS source
    ON
        target.symbol = source.symbol
        AND target.window_start = source.window_start
        AND target.window_start >= cast(:planned_start AS TIMESTAMP)
        AND target.window_start < cast(:planned_end AS TIMESTAMP)
WHEN MATCHED AND source.trade_count = 0 THEN DELETE
WHEN MATCHED AND (
    target.window_end IS DISTINCT FROM source.window_end
    OR target.open IS DISTINCT FROM source.open
    OR target.high IS DISTINCT FROM source.high
    OR target.low IS DISTINCT FROM source.low
    OR target.close IS DISTINCT FROM source.close
    OR target.volume IS DISTINCT FROM source.volume
    OR target.turnover IS DISTINCT FROM source.turnover
    OR target.trade_count IS DISTINCT FROM source.trade_count
) THEN
    UPDATE
        SET
            target.window_end = source.window_end,
            target.open = source.open,
            target.high = source.high,
            target.low = source.low,
            target.close = source.close,
            target.volume = source.volume,
            target.turnover = source.turnover,
            target.trade_count = source.trade_count
WHEN NOT MATCHED AND source.trade_count > 0 THEN INSERT (
    symbol,
    window_start,
    window_end,
    open,
    high,
    low,
    close,
    volume,
    turnover,
    trade_count
) VALUES (
    source.symbol,
    source.window_start,
    source.window_end,
    source.open,
    source.high,
    source.low,
    source.close,
    source.volume,
    source.turnover,
    source.trade_count
)
