-- As database_rest.sql, where the catalog lends the keys of the storage for each table.
CREATE DATABASE IF NOT EXISTS lake
ENGINE = DataLakeCatalog({uri:String}) -- noqa: PRS, CP02
SETTINGS
    catalog_type = 'rest',
    warehouse = {warehouse:String},
    storage_endpoint = {storage:String},
    catalog_credential = {credential:String},
    oauth_server_uri = {tokens:String},
    auth_scope = {scope:String};
