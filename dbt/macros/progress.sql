{#
    What the models of gold know of their own runs: table `progress`, one row per model and state as read, the newest run's.

    begun: a run of the model began. Its rows have the run's number as their version, whatever becomes of it.
    anew:  a run that builds the model anew, and leaves no mark of what was deleted.
    done:  a run ended. What came before it needs no second look: plans up to `plan`, the stream's candles up to `marks`, for each
           generation and incarnation the offset, and rows of other models up to version `run`.

    A killed run has no row done, so the next one looks at all that it had looked at, and writes it once more.
#}

{% macro progress_relation() -%}
    {{ this.schema }}.progress
{%- endmacro %}

{% macro create_progress() %}
    CREATE TABLE IF NOT EXISTS {{ progress_relation() }} {{ on_cluster_clause(this) }}
    (
        model String,
        state String,
        run UInt64,
        plan UInt64,
        marks Array(Tuple(generation UInt32, topic_incarnation UInt32, kafka_offset UInt64))
    )
    ENGINE = {{ gold_engine('ReplacingMergeTree', 'run') }}
    ORDER BY (model, state)
{% endmacro %}

{# The newest row of a model and state, as a dictionary; none where there is none. #}
{% macro progress_of(model_name, state) %}
    {%- if not execute or adapter.get_relation(this.database, this.schema, 'progress') is none -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set rows = run_query(
        "SELECT toString(run) AS run, toString(plan) AS plan, toJSONString(arrayMap(m -> [toUInt64(m.1), toUInt64(m.2), m.3], marks)) AS marks "
        ~ "FROM " ~ progress_relation() ~ " WHERE model = '" ~ model_name ~ "' AND state = '" ~ state ~ "' "
        ~ "ORDER BY progress.run DESC LIMIT 1 SETTINGS output_format_json_quote_64bit_integers = 0"
    ).rows -%}
    {%- if rows | length == 0 -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set row = rows[0] -%}
    {{ return({'run': row[0] | string | int, 'plan': row[1] | string | int, 'marks': fromjson(row[2])}) }}
{% endmacro %}

{#
    The last finished run of a model that can be gone on from; none where it must look at everything: it has no table or never came to
    its end, or a model it reads, of `sources`, was built anew since.
#}
{% macro last_done(model_name, sources=[]) %}
    {%- if not execute or adapter.get_relation(this.database, this.schema, model_name) is none -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set done = progress_of(model_name, 'done') -%}
    {%- if done is none -%}
        {{ return(none) }}
    {%- endif -%}
    {%- for source_name in sources -%}
        {%- set anew = progress_of(source_name, 'anew') -%}
        {%- if anew is not none and anew.run > done.run -%}
            {{ return(none) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(done) }}
{% endmacro %}

{#
    Begins a run of this model: the next number over all models, with one left out before it, which rows may have that give way to others of
    the same run. Should the table of numbers be lost, they go on above the model's rows.
#}
{% macro begin_run() %}
    INSERT INTO {{ progress_relation() }} (model, state, run)
    SELECT
        '{{ this.identifier }}',
        arrayJoin(['begun'{% if not is_incremental() %}, 'anew'{% endif %}]),
        greatest(
            (SELECT max(run) FROM {{ progress_relation() }}),
            {% if is_incremental() and progress_of(this.identifier, 'done') is none %}(SELECT max(version) FROM {{ this }}){% else %}0{% endif %}
        ) + 2
{% endmacro %}

{#
    Ends a run of this model. Its mark is the run's own number, or, where another model has found what there was to do, that model's
    (`run_of`); `plan` and `marks` are those of the model that has read plans and stream (`marks_of`).
#}
{% macro end_run(run_of=none, marks_of=none) %}
    INSERT INTO {{ progress_relation() }} (model, state, run, plan, marks)
    WITH found AS (
        SELECT
            plan,
            marks
        FROM {{ progress_relation() }}
        WHERE model = '{{ marks_of or this.identifier }}' AND state = '{{ 'done' if marks_of else 'begun' }}'
        ORDER BY progress.run DESC
        LIMIT 1
    )

    SELECT
        '{{ this.identifier }}',
        'done',
        (
            SELECT max(run)
            FROM {{ progress_relation() }}
            WHERE model = '{{ run_of or this.identifier }}' AND state = '{{ 'done' if run_of else 'begun' }}'
        ),
        plan,
        marks
    FROM found
{% endmacro %}

{# The number of this model's run, which is its rows' version. #}
{% macro this_run() -%}
    CAST((SELECT max(run) FROM {{ progress_relation() }} WHERE model = '{{ this.identifier }}' AND state = 'begun') AS UInt64)
{%- endmacro %}

{#
    The rows as read that the newest run of a model wrote. What it added to others is the newest of its key by itself, and found by an index;
    one that built the model anew has two versions, and all rows are its own.
#}
{% macro rows_of_newest_run(relation) -%}
    {%- set newest = "SELECT toString(maxIf(run, state = 'begun')), toString(maxIf(run, state = 'anew')) FROM " ~ relation.schema ~ ".progress WHERE model = '" ~ relation.identifier ~ "'" -%}
    {%- set row = run_query(newest).rows[0] if execute else ['0', '0'] -%}
    {%- set begun, anew = row[0] | string | int, row[1] | string | int -%}
    (
        SELECT * FROM {{ relation }} {{ 'FINAL' if begun == anew }}
        WHERE is_deleted = 0 AND version >= {{ begun - 1 if begun == anew else begun }}
    )
{%- endmacro %}
