-- As database_rest.sql, with AWS S3 Tables as the catalog: from ClickHouse 26.8 on. Empty keys stand for AWS's default chain.
CREATE DATABASE IF NOT EXISTS lake
ENGINE = DataLakeCatalog({uri:String}) -- noqa: PRS, CP02
SETTINGS
    catalog_type = 's3tables',
    region = {region:String},
    warehouse = {warehouse:String},
    aws_access_key_id = {access_key:String},
    aws_secret_access_key = {secret_key:String};
