-- What is said of a brand's products. Mentions stored before have no rows here until they are scored again.

CREATE TABLE product (
  product_id INTEGER PRIMARY KEY,
  brand_id   INTEGER NOT NULL,
  name       TEXT NOT NULL,
  UNIQUE (brand_id, name)
) STRICT;

-- One row per product that a mention names; lives and dies with the verdict of its mention and brand.
CREATE TABLE verdict_products (
  mention_id INTEGER NOT NULL,
  brand_id   INTEGER NOT NULL,
  product_id INTEGER NOT NULL,
  polarity   INTEGER NOT NULL,
  score      INTEGER NOT NULL,                 -- −1000 … 1000
  PRIMARY KEY (mention_id, brand_id, product_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX verdict_products_product ON verdict_products (product_id, mention_id);
