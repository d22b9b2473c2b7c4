{#
    An engine of the MergeTree family as this installation wants it: with the variable `replicated` the Replicated one, whose path and
    replica's name the server's own configuration gives.
#}
{% macro gold_engine(name, arguments='') -%}
    {{ 'Replicated' if var('replicated') }}{{ name }}({{ arguments }})
{%- endmacro %}

{# Of each key the newest version alone. A macro, for the rows of a unit test have no versions. #}
{% macro as_read() -%}
    FINAL
{%- endmacro %}

{# Of a statement over all rows: what it sorts and groups goes to disk before it fills a small server's memory. #}
{% macro frugal_settings(more={}) -%}
    {{ return(dict(
        {'max_bytes_before_external_sort': 250000000, 'max_bytes_before_external_group_by': 250000000, 'max_threads': 2},
        **more
    )) }}
{%- endmacro %}
