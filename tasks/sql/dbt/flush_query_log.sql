SYSTEM FLUSH LOGS query_log; -- noqa: PRS
