-- As database_rest.sql, with AWS Glue as the catalog. Empty texts stand for AWS's own endpoints and default chain of credentials.
CREATE DATABASE IF NOT EXISTS lake
ENGINE = DataLakeCatalog({endpoint:String}) -- noqa: PRS, CP02
SETTINGS
    catalog_type = 'glue',
    region = {region:String},
    storage_endpoint = {storage:String},
    aws_access_key_id = {access_key:String},
    aws_secret_access_key = {secret_key:String};
