{#
    The currencies of a symbol, [base, quote]; empty where it names no pair. Of VENUE:CODE the code is taken, and split
    - where it has a separator, as in OANDA:EUR_USD, COINBASE:BTC-USD or KRAKEN:XBT/EUR;
    - before the quoted currency that it ends with, as in BITSTAMP:BTCUSD or BINANCE:BTCUSDT: the longest of the variable
      quote_currencies, and never all of it.
#}
{% macro currencies_of(symbol) -%}
    {%- set code -%} upper(substring({{ symbol }}, position({{ symbol }}, ':') + 1)) {%- endset -%}
    if(
        match({{ code }}, '^[A-Z0-9]+[_/-][A-Z0-9]+$'),
        splitByRegexp('[_/-]', {{ code }}),
        extractGroups({{ code }}, '^([A-Z0-9]+?)({{ var('quote_currencies') | join('|') }})$')
    )
{%- endmacro %}
