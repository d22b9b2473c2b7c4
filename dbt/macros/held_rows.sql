{#
    The newest version of each row that the model holds from earlier runs, deleted ones included: their version counts on.
    No rows at the first run and in a full refresh.
#}
{% macro held_rows() -%}
    {%- if is_incremental() -%}
        SELECT * FROM {{ this }} FINAL
    {%- else -%}
        SELECT *
        FROM null('
            {%- for column in model.columns.values() -%}
                {{ column.name }} {{ column.data_type }}{{ ', ' if not loop.last }}
            {%- endfor -%}
        ')
    {%- endif -%}
{%- endmacro %}
