-- Ends what dbt left running in ClickHouse, and waits until it has ended.

KILL QUERY WHERE Settings['log_comment'] = {comment:String} SYNC; -- noqa: PRS
