{# True of a row of the stream's table that came after these marks: of each generation and incarnation, records come in the order of their offsets. #}
{% macro after_marks(marks) -%}
    {%- for generation, incarnation, offset in marks -%}
        (generation != {{ generation }} OR topic_incarnation != {{ incarnation }} OR kafka_offset > {{ offset }}){{ ' AND ' if not loop.last }}
    {%- else -%}
        true
    {%- endfor -%}
{%- endmacro %}

{# The plan named by `run_id`, or where none is named the newest. #}
{% macro run_id_literal() -%}
    '{{ var('run_id') | replace("\\", "\\\\") | replace("'", "\\'") }}'
{%- endmacro %}

{% macro own_plan() -%}
    (SELECT max(sequence) FROM {{ source('plans', 'plans') }}{% if var('run_id') != '' %} WHERE run_id = {{ run_id_literal() }}{% endif %})
{%- endmacro %}

{#
    Before it looks at what is new, changed_minutes notes how far that is: what comes meanwhile is looked at now and once more.
#}
{% macro begin_changed_minutes() %}
    {%- set done = last_done('candles_rows') -%}
    {%- set marks = done.marks if done else [] -%}
    INSERT INTO {{ progress_relation() }} (model, state, run, plan, marks)
    WITH arrived AS (
        SELECT
            generation,
            topic_incarnation,
            max(kafka_offset) AS last_offset
        FROM {{ source('stream', 'candles_1m_rows') }}
        WHERE {{ after_marks(marks) }}
        GROUP BY generation, topic_incarnation
        {%- for generation, incarnation, offset in marks %}
        UNION ALL
        SELECT toUInt32({{ generation }}), toUInt32({{ incarnation }}), toUInt64({{ offset }})
        {%- endfor %}
    ),

    newest AS (
        SELECT
            generation,
            topic_incarnation,
            max(last_offset) AS last_offset
        FROM arrived
        GROUP BY generation, topic_incarnation
    )

    SELECT
        '{{ this.identifier }}',
        'begun',
        (SELECT max(run) FROM {{ progress_relation() }}) + 1,
        greatest(toUInt64({{ done.plan if done else 0 }}), {{ own_plan() }}),
        (SELECT groupArray((generation, topic_incarnation, last_offset)) FROM newest)
{% endmacro %}
