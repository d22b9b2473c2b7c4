-- The lake as a database: tables are named lake.`namespace.table`. dbt reads the batch lane's candles through it.
-- The server keeps the key pair in its own metadata, and masks the secret wherever it shows the statement.
CREATE DATABASE IF NOT EXISTS lake
ENGINE = DataLakeCatalog({uri:String}, {access_key:String}, {secret_key:String}) -- noqa: PRS, CP02
SETTINGS
    catalog_type = 'rest',
    warehouse = {warehouse:String},
    storage_endpoint = {storage:String},
    catalog_credential = {credential:String},
    oauth_server_uri = {tokens:String},
    auth_scope = {scope:String};
