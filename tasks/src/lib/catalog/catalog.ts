/** Where the lake's tables are listed and kept, without any secret: what every engine is configured from. */
export type Catalog = RestCatalog | GlueCatalog | S3TablesCatalog;

interface Storage {
  readonly region: string;
  /** Of a storage that is not AWS's own. */
  readonly s3Endpoint: string | undefined;
  /** Whether a key pair is given. Without one each engine looks where AWS's SDK does: environment, profile, web identity, instance. */
  readonly keys: boolean;
}

/** An Iceberg REST catalog: SeaweedFS, Polaris, Lakekeeper, Nessie. */
export interface RestCatalog extends Storage {
  readonly kind: 'rest';
  /** Without /v1. */
  readonly uri: string;
  readonly warehouse: string;
  readonly auth: RestAuth;
}

export type RestAuth =
  | { readonly kind: 'sigv4'; readonly signingName: string }
  | { readonly kind: 'oauth2'; readonly tokens: string; readonly scope: string | undefined }
  | { readonly kind: 'none' };

/** AWS Glue, or what speaks its protocol. */
export interface GlueCatalog extends Storage {
  readonly kind: 'glue';
  readonly glueEndpoint: string | undefined;
  /** `s3://bucket` or `s3://bucket/path`, without a slash at its end. */
  readonly location: string;
  readonly bucket: string;
}

/** A table bucket of AWS S3 Tables, or what answers in the shape of its REST endpoint. */
export interface S3TablesCatalog extends Storage {
  readonly kind: 's3tables';
  /** Without /v1. */
  readonly uri: string;
  /** Whether `uri` is AWS's own. */
  readonly aws: boolean;
  readonly arn: string;
}

/** By value; they are handed over apart from the catalog, so that no configuration made of that can hold one. */
export interface CatalogSecrets {
  readonly storage: { readonly accessKey: string; readonly secretKey: string } | undefined;
  /** `client id:client secret` */
  readonly credential: string | undefined;
}
